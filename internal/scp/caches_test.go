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

// A cache may say how old its response is. A few seconds are a slow network. What gateways set in ordinary responses says nothing, not even
// against an empty list.
func TestCaches(t *testing.T) {
	for _, c := range []struct {
		fields string // one or, with | between them, several
		want   string // of the reason; empty for a good response
	}{
		{"Age: 0", ""}, {"Age: 5", ""}, {"Age: 6", "6 seconds old"}, {"Age: 0|Age: 3600", "3600 seconds old"},
		{"Age: 0, 3600", "3600 seconds old"}, {"Age: 3600.0", "3600.0 seconds old"},
		{"Age: 99999999999999999999", "99999999999999999999 seconds old"}, {"Age: soon", ""}, {"Age: -1", ""},
		{`Warning: 110 cache "Response is stale"`, "out of date"}, {`Warning: 111 cache "Revalidation failed"`, "out of date"},
		{`Warning: 199 - "Miscellaneous"|Warning: 110 cache "x"`, "out of date"}, {`Warning: 299 - "x", 110 - "stale"`, "out of date"},
		{`Warning: 199 - "Miscellaneous"`, ""}, {`Warning: 199 - "see, 110 is stale"`, ""},
		{`Warning: 112 - "Disconnected operation"`, "out of date"}, {`Warning: 113 - "Heuristic expiration"`, "out of date"},
		{"Warning: 1100 -", ""}, {"X-Rows: 112", ""}, {"Cache-Status: edge; hit=1", "Cache-Status"}, {"Cache-Status: hit", "Cache-Status"},
		{`Warning: 214 - "Transformation applied"`, ""}, {`Warning: 299 - "Deprecated API"`, ""},
		{"Cache-Status: edge; hit; ttl=60", "Cache-Status"}, {"Cache-Status: edge;hit=?1", "Cache-Status"},
		{"Cache-Status: origin; fwd=miss, edge; hit", "Cache-Status"}, {"Cache-Status: edge; hit=?0", ""},
		{"Cache-Status: edge; fwd=stale; fwd-status=200; stored", ""}, {"X-Cache: HIT", "X-Cache"}, {"X-Cache: hit from cloudfront", "X-Cache"},
		{"X-Cache: MISS from a, HIT from b", "X-Cache"}, {"X-Cache: MISS from hit.example", ""}, {"X-Cache: TCP_MEM_HIT", "X-Cache"},
		{"X-Cache: TCP_REFRESH_HIT", ""}, {"X-Cache: RefreshHit from cloudfront", ""}, {"X-Cache: TCP_REFRESH_FAIL_HIT", "X-Cache"},
		{"X-Cache-Status: STALE", "X-Cache-Status"}, {"X-Cache-Status: UPDATING", "X-Cache-Status"}, {"X-Cache-Status: REVALIDATED", ""},
		{"X-Cache-Status: BYPASS", ""}, {"X-Proxy-Cache: HIT", "X-Proxy-Cache"}, {"CF-Cache-Status: HIT", "Cf-Cache-Status"},
		{"CF-Cache-Status: DYNAMIC", ""}, {"Apisix-Cache-Status: HIT", "Apisix-Cache-Status"}, {"X-Nginx-Cache: HIT", "X-Nginx-Cache"},
		{"X-Proxy-Cache-Status: HIT", "X-Proxy-Cache-Status"}, {"X-LiteSpeed-Cache: hit", "X-Litespeed-Cache"},
		{"X-Cache-Remote: TCP_HIT from a", "X-Cache-Remote"}, {"X-Tyk-Cached-Response: 1", "X-Tyk-Cached-Response"},
		{"X-Tyk-Cached-Response: 0", ""}, {"X-Nextjs-Cache: HIT", "X-Nextjs-Cache"}, {"X-Nextjs-Cache: STALE", "X-Nextjs-Cache"},
		// Caches in words of their own, and what only looks so.
		{"x-cache-hit: 1", "X-Cache-Hit"}, {"x-cache-hit: 0", ""}, {"X-CacheHit: True", "X-Cachehit"},
		{"X-Cached-Response: HIT", "X-Cached-Response"}, {"X-Cached: yes", "X-Cached"}, {"X-Cached: no", ""},
		{"X-From-Cache: 1", "X-From-Cache"}, {"X-Cache-Enabled: 1", ""}, {"X-Cacheable: YES", ""}, {"apicache-store: memory", "Apicache-Store"},
		{"apicache-version: 1.6.3", ""}, {"X-FastCGI-Cache: HIT", "X-Fastcgi-Cache"},
		{`X-Cache-Detail: "cache hit" from localhost`, "X-Cache-Detail"}, {`X-Cache-Detail: "cache miss: attempting entity save" from hit`, ""},
		{"X-Cache-Timeout: 1 hour", ""}, {"Cache-Control: max-age=0, stale-while-revalidate=30", ""},
		{"CDN-Cache-Control: stale-if-error=1", ""}, {"X-Cache-Key: /hit", ""}, {"X-CacheKey: hit", ""}, {"Cache-Tag: hit", ""},
		{"Surrogate-Cache-Tags: hit", ""}, {"X-Cache-Lookup: HIT from gw:3128", ""}, {"X-Cache-Hits: 1", ""}, {"X-Cache-Hits: hit, 0", ""},
		{"X-White: 1", ""}, {"X-Hitchhike: HIT", ""},
		// What gateways set in ordinary responses.
		{`Alt-Svc: h3=":443"; ma=2592000`, ""}, {"Vary: Accept-Encoding", ""}, {"X-Varnish: 2", ""}, {"Via: 1.1 varnish (Varnish/7.1)", ""},
		{"X-Cache-Lookup: MISS from gw:3128", ""}, {"Via: 1.1 gw (squid/5.7)", ""}, {"X-Cache-Status: EXPIRED", ""},
		{"Via: http/1.1 traffic_server (ApacheTrafficServer/9.2.9 [uScMsSfWpSeN:t cCMp sS])", ""}, {"Apisix-Cache-Status: MISS", ""},
		{"Request-Context: appId=cid-v1:x", ""}, {"X-Powered-By: ASP.NET", ""}, {"X-Cache: TCP_REFRESH_HIT from a", ""},
		{"Via: NS-CACHE-10.0: 1", ""}, {"X-RateLimit-Limit: 0", ""}, {"X-Nextjs-Cache: MISS", ""}, {"X-Kong-Upstream-Latency: 12", ""},
		{"X-RateLimit-Remaining-Minute: 0", ""}, {"X-Amzn-Requestid: 1", ""}, {"X-Amzn-Remapped-Content-Length: 14", ""},
		{"X-Amz-Apigw-Id: x", ""}, {"X-Amz-Cf-Pop: ICN", ""}, {"X-Apigee-Dp-Color: blue", ""},
		{`NEL: {"report_to":"x","failure_fraction":0.1}`, ""}, {"X-Served-By: cache-icn1", ""}, {"X-Cache-Hits: 0", ""},
		{"X-Timer: S1,VS0,VE12", ""}, {"X-Krakend: Version 2", ""}, {"X-Ratelimit-Reset: 60", ""},
		{"Content-Security-Policy-Report-Only: x", ""}, {"Server-Timing: miss, db;dur=53", ""}, {"Connection: keep-alive", ""},
	} {
		var headers []string
		for field := range strings.SplitSeq(c.fields, "|") {
			name, value, _ := strings.Cut(field, ": ")
			headers = append(headers, name, value)
		}
		for _, body := range []string{documented, `{"members":[]}`} {
			_, err := read(t, fakeClient(answering(200, body, headers...)))
			switch {
			case c.want == "" && err != nil:
				t.Errorf("%v: the error is %v", headers, err)
			case c.want != "" && (err == nil || err.Kind != KindStale || err.StatusCode != 200 || !strings.Contains(err.Reason, c.want)):
				t.Errorf("%v: the error is %+v, want %q", headers, err, c.want)
			}
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
