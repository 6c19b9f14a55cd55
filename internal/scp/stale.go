// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/scp-community/terraform-provider-scp/internal/scp/consistency"
)

// cacheFields say in words whether a cache responded: HIT, "HIT from gw", TCP_MEM_HIT.
var cacheFields = []string{
	"X-Cache", "X-Cache-Status", "X-Proxy-Cache", "X-Proxy-Cache-Status", "X-Nginx-Cache", "X-Nginx-Cache-Status", "X-Litespeed-Cache",
	"X-Cache-Remote", "Cf-Cache-Status", "Apisix-Cache-Status",
}

// staleness returns why the header of a response says that a cache made it, not the service; empty if it does not.
func staleness(header http.Header) string {
	for _, age := range consistency.Values(header, "Age") {
		// ParseFloat gives 0 for text and +Inf for a huge number.
		if seconds, _ := strconv.ParseFloat(age, 64); seconds > maxAge.Seconds() {
			return fmt.Sprintf("it says that it is %s seconds old (Age)", age)
		}
	}
	for _, warning := range consistency.Values(header, "Warning") {
		if code, _, _ := strings.Cut(warning, " "); slices.Contains([]string{"110", "111", "112", "113"}, code) {
			return "it says that it is out of date (Warning: " + warning + ")"
		}
	}
	for _, cache := range consistency.Values(header, "Cache-Status") {
		parameters := strings.Split(strings.ReplaceAll(strings.ToLower(cache), " ", ""), ";")
		if slices.Contains(parameters, "hit") || slices.Contains(parameters, "hit=?1") {
			return "its header Cache-Status says so: " + cache
		}
	}
	for _, name := range cacheFields {
		for _, value := range consistency.Values(header, name) {
			if isHit(value) {
				return fmt.Sprintf("its header %s says so: %s", name, value)
			}
		}
	}
	if tyk := header.Get("X-Tyk-Cached-Response"); tyk != "" && tyk != "0" && tyk != "false" {
		return "its header X-Tyk-Cached-Response says so: " + tyk
	}
	return ""
}

// isHit reports whether a cache responded without the service. A refreshed hit (REFRESH_HIT, RefreshHit) came with the service's consent.
func isHit(value string) bool {
	value, _, _ = strings.Cut(value, " from ") // behind it is the name of a cache
	words := strings.FieldsFunc(strings.ToUpper(value), func(r rune) bool { return r < 'A' || r > 'Z' })
	for i, word := range words {
		switch word {
		case "STALE", "UPDATING":
			return true
		case "HIT":
			if i == 0 || words[i-1] != "REFRESH" {
				return true
			}
		}
	}
	return false
}

// dateAge returns how much older than now the Date of a response is, if that is more than a clock and a network explain; else 0.
func dateAge(header http.Header, now time.Time) time.Duration {
	date, err := http.ParseTime(header.Get("Date"))
	if age := now.Sub(date); err == nil && age > maxDateAge {
		return age.Round(time.Second)
	}
	return 0
}
