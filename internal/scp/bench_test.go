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
	"unicode/utf8"
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
			body = fmt.Appendf(body, `{"created_at":"2025-07-22T09:00:00Z","image_id":"x","member_id":"%032x","status":"accepted","updated_at":"2025-07-26T12:00:00Z"},`, i)
		}
		body = append(body[:len(body)-1], "]}"...)
		b.Run("ours/"+strconv.Itoa(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if members, _, err := decodeImageMembers(body, "x"); err != nil || len(members) != n {
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

// BenchmarkClean is compared with counting the text's characters: what is not shown must cost no more than that.
func BenchmarkClean(b *testing.B) {
	credentials := Credentials{AccessKey: strings.Repeat("a1", 16), SecretKey: strings.Repeat("b/", 20), AuthToken: strings.Repeat("c=", 100)}
	for name, text := range map[string]string{
		"a line":        `{"errors":[{"code":"NotFound","detail":"Image could not be found."}]}`,
		"20 KiB":        strings.Repeat("<p>Not found &amp; gone</p>\n", 20<<10/27),
		"16 MiB":        strings.Repeat("aaaaaaaaaaaaaaaa", 1<<20),
		"16 MiB, blank": strings.Repeat("                ", 1<<20),
		"16 MiB, %25":   strings.Repeat("%252525252525252", 1<<20),
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				credentials.clean(text, "SXs5gbz8TFOHGVUs05DsKoYTIMOKj5g0d7zXJILjHgo=")
			}
		})
		b.Run(name+", counted", func(b *testing.B) {
			for b.Loop() {
				utf8.RuneCountInString(text)
			}
		})
	}
}

// BenchmarkRefusedFleet is a thousand images that are refused with 20 KiB each.
func BenchmarkRefusedFleet(b *testing.B) {
	client := fakeClient(answering(403, strings.Repeat("<p>Not found &amp; gone</p>\n", 20<<10/27)))
	for b.Loop() {
		for i := range 1000 {
			if _, err := client.ImageMembers(b.Context(), "", fmt.Sprintf("image-%d", i)); err == nil {
				b.Fatal("it was not refused")
			}
		}
	}
}

// BenchmarkLimitedFleet is 300 images on a server that takes so many requests a second. A value of 1 is the time that the limit leaves.
func BenchmarkLimitedFleet(b *testing.B) {
	for _, status := range []int{429, 503} {
		for _, rate := range []int{10, 20} {
			b.Run(fmt.Sprintf("%d at %d a second", status, rate), func(b *testing.B) {
				for b.Loop() {
					l := &limiter{interval: time.Second / time.Duration(rate), status: status, latency: func() time.Duration { return 5 * time.Millisecond }}
					client := NewClient(Config{Endpoint: Endpoint{Override: override}, MaxRetries: DefaultMaxRetries, Transport: l})
					took := readAll(b, client, 300, 2*time.Minute)
					b.ReportMetric(took.Seconds()/(300*l.interval).Seconds(), "ideal")
					b.ReportMetric(float64(l.refused), "refusals")
				}
			})
		}
	}
}
