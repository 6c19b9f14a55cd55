// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

func BenchmarkSign(b *testing.B) {
	credentials := Credentials{AccessKey: "access", SecretKey: "secret"}
	request, err := http.NewRequest(http.MethodGet, "https://virtualserver.kr-west1.e.samsungsdscloud.com/v1/images/x/members", nil)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		credentials.sign(request, time.UnixMilli(1605290625682))
	}
}

// BenchmarkDecode is compared with what the standard library takes for the same, less strict, work.
func BenchmarkDecode(b *testing.B) {
	for _, n := range []int{10, 1000, 10_000} {
		body := []byte(`{"members":[`)
		for i := range n {
			body = fmt.Appendf(body, `{"created_at":"2025-07-22T09:00:00Z","image_id":"x","member_id":"%032x",`+
				`"status":"accepted","updated_at":"2025-07-26T12:00:00Z"},`, i)
		}
		body = append(body[:len(body)-1], "]}"...)
		b.Run("ours/"+strconv.Itoa(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if members, err := believe(membersOf("x"), body); err != nil || len(members) != n {
					b.Fatal(err)
				}
			}
		})
		b.Run("encoding-json/"+strconv.Itoa(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				var answer struct{ Members []ImageMember }
				if err := json.Unmarshal(body, &answer); err != nil || len(answer.Members) != n {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkRejectedFleet is a thousand images whose requests are rejected with 20 KiB each.
func BenchmarkRejectedFleet(b *testing.B) {
	client := fakeClient(answering(403, strings.Repeat("<p>Not found &amp; gone</p>\n", 20<<10/27)))
	for b.Loop() {
		for i := range 1000 {
			if _, err := client.ImageMembers(b.Context(), "", fmt.Sprintf("image-%d", i)); err == nil {
				b.Fatal("it was not refused")
			}
		}
	}
}
