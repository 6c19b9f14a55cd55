// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"
)

// A cache may say how old its response is. A few seconds are a slow network.
func TestCaches(t *testing.T) {
	for _, c := range []struct {
		headers []string
		want    string // of the reason; empty for a good response
	}{
		{nil, ""},
		{[]string{"Age", "0"}, ""},
		{[]string{"Age", "5"}, ""},
		{[]string{"Age", "6"}, "6 seconds old"},
		{[]string{"Age", "0", "Age", "3600"}, "3600 seconds old"},
		{[]string{"Age", "0, 3600"}, "3600 seconds old"},
		{[]string{"Age", "3600.0"}, "3600.0 seconds old"},
		{[]string{"Age", "99999999999999999999"}, "99999999999999999999 seconds old"},
		{[]string{"Age", "soon"}, ""},
		{[]string{"Age", "-1"}, ""},
		{[]string{"Warning", `110 cache "Response is stale"`}, "out of date"},
		{[]string{"Warning", `111 cache "Revalidation failed"`}, "out of date"},
		{[]string{"Warning", `199 - "Miscellaneous"`, "Warning", `110 cache "x"`}, "out of date"},
		{[]string{"Warning", `299 - "x", 110 - "stale"`}, "out of date"},
		{[]string{"Warning", `199 - "Miscellaneous"`}, ""},
		{[]string{"Warning", `199 - "see, 110 is stale"`}, ""},
		{[]string{"Warning", `112 - "Disconnected operation"`}, "out of date"},
		{[]string{"Warning", `113 - "Heuristic expiration"`}, "out of date"},
		{[]string{"Warning", `214 - "Transformation applied"`}, ""},
		{[]string{"Warning", `299 - "Deprecated API"`}, ""},
		{[]string{"Cache-Status", "edge; hit; ttl=60"}, "Cache-Status"},
		{[]string{"Cache-Status", "edge;hit=?1"}, "Cache-Status"},
		{[]string{"Cache-Status", "origin; fwd=miss, edge; hit"}, "Cache-Status"},
		{[]string{"Cache-Status", "edge; hit=?0"}, ""},
		{[]string{"Cache-Status", "edge; fwd=stale; fwd-status=200; stored"}, ""},
		{[]string{"X-Cache", "HIT"}, "X-Cache"},
		{[]string{"X-Cache", "hit from cloudfront"}, "X-Cache"},
		{[]string{"X-Cache", "MISS from a, HIT from b"}, "X-Cache"},
		{[]string{"X-Cache", "MISS from hit.example"}, ""},
		{[]string{"X-Cache", "TCP_MEM_HIT"}, "X-Cache"},
		{[]string{"X-Cache", "TCP_REFRESH_HIT"}, ""},
		{[]string{"X-Cache", "RefreshHit from cloudfront"}, ""},
		{[]string{"X-Cache", "TCP_REFRESH_FAIL_HIT"}, "X-Cache"},
		{[]string{"X-Cache-Status", "STALE"}, "X-Cache-Status"},
		{[]string{"X-Cache-Status", "UPDATING"}, "X-Cache-Status"},
		{[]string{"X-Cache-Status", "REVALIDATED"}, ""},
		{[]string{"X-Cache-Status", "BYPASS"}, ""},
		{[]string{"X-Proxy-Cache", "HIT"}, "X-Proxy-Cache"},
		{[]string{"CF-Cache-Status", "HIT"}, "Cf-Cache-Status"},
		{[]string{"CF-Cache-Status", "DYNAMIC"}, ""},
		{[]string{"Apisix-Cache-Status", "HIT"}, "Apisix-Cache-Status"},
		{[]string{"X-Nginx-Cache", "HIT"}, "X-Nginx-Cache"},
		{[]string{"X-Proxy-Cache-Status", "HIT"}, "X-Proxy-Cache-Status"},
		{[]string{"X-LiteSpeed-Cache", "hit"}, "X-Litespeed-Cache"},
		{[]string{"X-Cache-Remote", "TCP_HIT from a"}, "X-Cache-Remote"},
		{[]string{"X-Tyk-Cached-Response", "1"}, "X-Tyk-Cached-Response"},
		{[]string{"X-Tyk-Cached-Response", "0"}, ""},
		{[]string{"X-Nextjs-Cache", "HIT"}, "X-Nextjs-Cache"}, {[]string{"X-Nextjs-Cache", "STALE"}, "X-Nextjs-Cache"},
		// Caches in words of their own, and what only looks so.
		{[]string{"x-cache-hit", "1"}, "X-Cache-Hit"}, {[]string{"x-cache-hit", "0"}, ""}, {[]string{"X-CacheHit", "True"}, "X-Cachehit"},
		{[]string{"X-Cached-Response", "HIT"}, "X-Cached-Response"}, {[]string{"X-Cached", "yes"}, "X-Cached"}, {[]string{"X-Cached", "no"}, ""},
		{[]string{"X-From-Cache", "1"}, "X-From-Cache"}, {[]string{"X-Cache-Enabled", "1"}, ""}, {[]string{"X-Cacheable", "YES"}, ""},
		{[]string{"apicache-store", "memory"}, "Apicache-Store"}, {[]string{"apicache-version", "1.6.3"}, ""},
		{[]string{"X-FastCGI-Cache", "HIT"}, "X-Fastcgi-Cache"}, {[]string{"X-Cache-Detail", `"cache hit" from localhost`}, "X-Cache-Detail"},
		{[]string{"X-Cache-Detail", `"cache miss: attempting entity save" from hit`}, ""}, {[]string{"X-Cache-Timeout", "1 hour"}, ""},
		{[]string{"Cache-Control", "max-age=0, stale-while-revalidate=30"}, ""}, {[]string{"CDN-Cache-Control", "stale-if-error=1"}, ""},
		{[]string{"X-Cache-Key", "/hit"}, ""}, {[]string{"X-CacheKey", "hit"}, ""}, {[]string{"Cache-Tag", "hit"}, ""},
		{[]string{"Surrogate-Cache-Tags", "hit"}, ""}, {[]string{"X-Cache-Lookup", "HIT from gw:3128"}, ""}, {[]string{"X-Cache-Hits", "1"}, ""},
		{[]string{"X-Cache-Hits", "hit, 0"}, ""},
		{[]string{"X-White", "1"}, ""}, {[]string{"X-Hitchhike", "HIT"}, ""},
	} {
		_, err := read(t, fakeClient(answering(200, documented, c.headers...)))
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%v: the error is %v", c.headers, err)
		case c.want != "" && (err == nil || err.Kind != KindStale || err.StatusCode != 200 || !strings.Contains(err.Reason, c.want)):
			t.Errorf("%v: the error is %+v, want %q", c.headers, err, c.want)
		}
	}
}

// What gateways set in ordinary responses says nothing against an empty list. The fields are those that each gateway sent in front of a
// server, or documents; what a cache sets is in TestCaches.
func TestGateways(t *testing.T) {
	for gateway, fields := range map[string][]string{
		"Caddy":       {"Server", "Caddy", "Alt-Svc", `h3=":443"; ma=2592000`, "Vary", "Accept-Encoding"},
		"Apache":      {"X-Cache-Detail", `"cache miss: attempting entity save" from localhost`, "X-Cache", "MISS from localhost"},
		"Varnish":     {"X-Varnish", "2", "Age", "0", "Via", "1.1 varnish (Varnish/7.1)", "Accept-Ranges", "bytes"},
		"Squid":       {"X-Cache", "MISS from gw", "X-Cache-Lookup", "MISS from gw:3128", "Via", "1.1 gw (squid/5.7)"},
		"nginx":       {"Server", "nginx/1.22.1", "Connection", "keep-alive", "X-Cache-Status", "EXPIRED"},
		"ATS":         {"Age", "0", "Via", "http/1.1 traffic_server (ApacheTrafficServer/9.2.9 [uScMsSfWpSeN:t cCMp sS])"},
		"APISIX":      {"Apisix-Cache-Status", "MISS"},
		"Azure":       {"Request-Context", "appId=cid-v1:x", "X-Powered-By", "ASP.NET"},
		"Akamai":      {"X-Cache", "TCP_REFRESH_HIT from a"},
		"Citrix":      {"Via", "NS-CACHE-10.0: 1"},
		"Tyk":         {"X-RateLimit-Limit", "0"},
		"Next.js":     {"X-Nextjs-Cache", "MISS"},
		"Kong":        {"X-Kong-Upstream-Latency", "12", "X-RateLimit-Remaining-Minute", "0", "X-RateLimit-Limit-Minute", "60"},
		"Envoy":       {"X-Envoy-Upstream-Service-Time", "4", "X-Envoy-Attempt-Count", "2"},
		"API Gateway": {"X-Amzn-Requestid", "1", "X-Amzn-Remapped-Content-Length", "14", "X-Amz-Apigw-Id", "x"},
		"CloudFront":  {"X-Cache", "RefreshHit from cloudfront", "X-Amz-Cf-Pop", "ICN"},
		"Apigee":      {"X-Apigee-Fault-Flag", "false", "X-Apigee-Dp-Color", "blue"},
		"Cloudflare":  {"CF-Cache-Status", "DYNAMIC", "NEL", `{"report_to":"x","failure_fraction":0.1}`, "Report-To", `{"group":"x"}`},
		"Fastly":      {"X-Served-By", "cache-icn1", "X-Cache", "MISS", "X-Cache-Hits", "0", "X-Timer", "S1,VS0,VE12"},
		"KrakenD":     {"X-Krakend-Completed", "true", "X-Krakend", "Version 2"},
		"lighttpd":    {"Server", "lighttpd/1.4.79", "Accept-Ranges", "bytes"},
		"nghttpx":     {"Server", "nghttpx", "Via", "1.1 nghttpx"},
		"Express":     {"X-Powered-By", "Express", "X-Ratelimit-Limit", "100", "X-Ratelimit-Remaining", "99", "X-Ratelimit-Reset", "60"},
		"a browser":   {"Content-Security-Policy-Report-Only", "x", "Server-Timing", "miss, db;dur=53"},
	} {
		if _, err := read(t, fakeClient(answering(200, `{"members":[]}`, append(fields, "Content-Type", "application/json")...))); err != nil {
			t.Errorf("%s: the error is %v", gateway, err)
		}
	}
}

// An empty list with an old Date is no news. A list with items is, with a warning in the log.
func TestOldDate(t *testing.T) {
	t.Setenv("TF_LOG_PROVIDER_SCP_HTTP", "WARN")
	ago := func(age time.Duration) string { return time.Now().Add(-age).UTC().Format(http.TimeFormat) }
	for _, c := range []struct {
		body string
		age  time.Duration
		kind Kind // empty for none
		log  int
	}{
		{`{"members":[]}`, 14 * time.Minute, "", 0},
		{`{"members":[]}`, -time.Hour, "", 0},
		{`{"members":[]}`, 16 * time.Minute, KindStale, 0},
		{documented, 16 * time.Minute, "", 1},
	} {
		var output bytes.Buffer
		ctx := tflogtest.RootLogger(t.Context(), &output)
		_, err := readWithin(t, ctx, fakeClient(answering(200, c.body, "Date", ago(c.age))))
		if (err != nil) != (c.kind == KindStale) ||
			err != nil && (err.Kind != c.kind || err.ServerTime.IsZero() || !strings.Contains(err.Reason, "16m")) {
			t.Errorf("%s, %s old: the error is %v", c.body, c.age, err)
		}
		if lines := strings.Count(output.String(), "old Date"); lines != c.log {
			t.Errorf("%s, %s old: there are %d warnings, want %d", c.body, c.age, lines, c.log)
		}
	}
	// Of a list of images, only the first page can be the empty list.
	old := func(body string) roundTripper { return answering(200, body, "Date", ago(time.Hour)) }
	s := script(old(`{"images":[{"id":"a"}]}`), old(`{"images":[]}`), page("a"))
	if _, err := readImages(t, t.Context(), fakeClient(s), nil); err != nil {
		t.Errorf("a list with images: the error is %v", err)
	}
	if _, err := readImages(t, t.Context(), fakeClient(old(`{"images":[]}`)), nil); err == nil || err.Kind != KindStale {
		t.Errorf("a list without images: the error is %v", err)
	}
}
