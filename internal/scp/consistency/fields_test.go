// SPDX-License-Identifier: MPL-2.0

package consistency

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

// Each row is a field, and what it says beside no items, two, and on a page that others follow. Trailers follow the same rules, and so does
// a name with a blank before its colon.
func TestFields(t *testing.T) {
	const (
		problem   = "reports a problem"
		continues = "says that the list continues"
		none, two = "list of length 0", "list of length 2"
	)
	for _, c := range []struct{ name, value, none, two, page string }{
		// A word by itself counts beside items too.
		{"X-Error", "backend timed out", problem, problem, problem}, {"X.Error", "x", problem, problem, problem},
		{"X-Errors", "1", problem, problem, problem}, {"X Error", "1", problem, problem, problem},
		{"X-Stream-Error", "x", problem, problem, problem}, {"X-Partial-Results", "true", problem, problem, problem},
		{"x_query_failed", "yes", problem, problem, problem}, {"X-Failures", "2", problem, problem, problem},
		{"X-Envoy-Degraded", "true", problem, problem, problem}, {"X-Apigee-Fault-Flag", "true", problem, problem, problem},
		{"X-Apigee-Fault-Code", "policies.ratelimit.QuotaViolation", problem, problem, problem},
		{"X-Krakend-Completed", "false", problem, problem, problem}, {"X-Complete", "False", problem, problem, problem},
		{"Grpc-Status", "13", problem, problem, problem},
		// A part of a word counts beside no items alone.
		{"X-ErrorCode", "17", problem, "", ""}, {"X-HasFailures", "true", problem, "", ""}, {"X-Incompleteness", "x", problem, "", ""},
		// A continuation word begins or ends a word.
		{"X-Has-More", "true", continues, continues, ""}, {"X-HasMore", "true", continues, continues, ""},
		{"X-Next-Page", "2", continues, continues, ""}, {"X-NextPageToken", "t", continues, continues, ""},
		{"opc-next-page", "t", continues, continues, ""}, {"X-Nextcloud", "x", continues, continues, ""},
		{"x-ms-continuationtoken", "t", continues, continues, ""}, {"X-PageCursor", "t", continues, continues, ""},
		{"X-HasMoreItems", "true", continues, "", ""},
		{"Link", `</v1/images?page=2>; rel="next"`, continues, continues, ""},
		{"Link", `<x>; rel=self, <y>; title="a, b"; REL="last NEXT"`, continues, continues, ""},
		// Totals.
		{"X-Total-Count", "3", none, two, ""}, {"X-TotalCount", "3", none, two, ""}, {"X-Items-Total", "3", none, two, ""},
		{"X-Total-Count", `"3"`, none, "", ""}, {"X-Total-Count", "3, 3", none, "", ""}, {"X-Total-Count", "1,234", none, "", ""},
		{"X-Total-Count", "3 items", none, "", ""}, {"Content-Range", "items */ 3", none, "", ""}, {"X-Total-Count", `"0"`, "", "", ""},
		{"X-Total-Count", "0, 0", "", "", ""},
		{"X-Total", "0", "", "", ""}, {"X-Total", "2", none, "", ""}, {"X-Total", "2.0", none, "", ""},
		{"X-Count", "3", none, "", ""}, {"X-ItemCount", "3", none, "", ""}, {"X-Subtotals", "3", none, "", ""},
		{"X-Account-Count", "3", none, "", ""}, {"X-Retrieved-Count", "3", none, "", ""},
		{"Content-Range", "items 0-1/3", none, two, ""}, {"Content-Range", "items */0", "", "", ""},
		// The keys of an object.
		{"X-Pagination", `{"HasNext":true}`, continues, continues, ""}, {"X-Pagination", `{"TotalCount": 3}`, none, two, ""},
		{"X-Pagination", `{"HasNext":false,"HasNext":true}`, continues, continues, ""},
		{"Content-Range", `{"HasNext":true}`, continues, continues, ""},
		{"X-Pagination", `{"PageSize":20,"error":"x"}`, problem, problem, problem},
		{"X-Pagination", `{"TotalCount":2,"TotalPages":1,"HasNext":false,"NextPageLink":""}`, none, "", ""},
		{"X-Pagination", `{"status":"x","done":false,"next":null}`, "", "", ""}, {"X-Pagination", `{"HasNext":true`, "", "", ""},
		{"X-Shortlink", "https://nextcloud.example.com/x", "", "", ""}, {"X-Pagination", `{"links":{"next":"/x"}}`, continues, continues, ""},
		{"Report-To", `{"group":"cf-nel","endpoints":[{"url":"https://x/error"}]}`, "", "", ""},
		// They say nothing.
		{"X-Error", "", "", "", ""}, {"X-Error", "none", "", "", ""}, {"X-Error", "-", "", "", ""}, {"X-Error", "[]", "", "", ""},
		{"X-Has-More", "False", "", "", ""},
		{"X-Has-More", "no", "", "", ""}, {"X-Error-Count", "0", "", "", ""}, {"Grpc-Status", "0", "", "", ""},
		{"X-Envoy-Degraded", "false", "", "", ""}, {"X-Apigee-Fault-Flag", "false", "", "", ""}, {"X-Total-Count", "many", "", "", ""},
		{"X-Krakend-Completed", "true", "", "", ""}, {"X-Incomplete", "false", "", "", ""},
		// They are of something else: a value is no name, and a number may be of time, size, rate or attempts.
		{"Vary", "X-Error", "", "", ""}, {"Accept-Ranges", "bytes", "", "", ""}, {"X-Content-Extension", "x", "", "", ""},
		{"X-Kong-Total-Latency", "13", "", "", ""}, {"X-Total-Time", "13", "", "", ""}, {"X-Total-Pages", "3", "", "", ""},
		{"X-Envoy-Attempt-Count", "2", "", "", ""}, {"X-RateLimit-Count", "2", "", "", ""}, {"X-Total-Size", "3", "", "", ""},
		{"X-Total-Duration", "3", "", "", ""}, {"X-Total-Bytes", "3", "", "", ""}, {"X-Retry-Count", "3", "", "", ""},
		{"X-Retries-Total", "3", "", "", ""},
		{"Scp-Account", "17", "", "", ""},
		{"X-Envoy-Upstream-Service-Time", "12", "", "", ""},
		{"Link", `</v1/images?page=1>; rel="prev"`, "", "", ""}, {"Link", `<next>; rel="nextone"`, "", "", ""},
		{"Content-Range", "bytes 0-1/17", "", "", ""}, {"Content-Range", "items 0-1/*", "", "", ""},
	} {
		for _, list := range []struct {
			what          string
			count, length int
			want          string
		}{{"no items", 0, 0, c.none}, {"two", 2, 2, c.two}, {"two of a page", 2, Unknown, c.page}, {"no items on the last page", 0, 2, c.two}} {
			for where, response := range map[string]Response{
				"header":  {Header: FieldsOf(http.Header{"Date": {"today"}, http.CanonicalHeaderKey(c.name): {c.value}})},
				"trailer": {Trailer: FieldsOf(http.Header{c.name + " ": {c.value + "\t"}})},
			} {
				response.List, response.Count, response.Length = "members", list.count, list.length
				_, err := Check(response)
				if list.want == "" && err != nil ||
					list.want != "" && (err == nil || !strings.Contains(err.Error(), list.want) || !strings.Contains(err.Error(), where)) {
					t.Errorf("the %s %s: %s beside %s: the error is %v, want %q", where, c.name, c.value, list.what, err, list.want)
				}
			}
		}
	}
}

// A rule would take each of the harmless fields to contradict an empty list. A row that is not needed has no example here.
func TestHarmlessFields(t *testing.T) {
	examples := map[string]http.Header{
		"nel":           {"Nel": {`{"report_to":"cf-nel","success_fraction":0,"failure_fraction":0.1,"max_age":604800}`}},
		"warning":       {"Warning": {`299 - "deprecated"`}},
		"x-default*":    {"X-Default-Backend": {"a"}},
		"x-failover*":   {"X-Failover-Host": {"b"}},
		"*faultdomain*": {"X-Ms-Faultdomain": {"1"}},
		"x-nextjs-*":    {"X-Nextjs-Cache": {"MISS"}},
	}
	rows := harmlessFields
	for i, row := range rows {
		response := Response{List: "members", Header: FieldsOf(examples[row])}
		if _, err := Check(response); len(response.Header) != 1 || err != nil {
			t.Errorf("%s: %s with the error %v", row, response.Header, err)
		}
		harmlessFields = slices.Concat(rows[:i], rows[i+1:])
		if _, err := Check(response); err == nil {
			t.Errorf("%s: without the row %s is believed too", row, response.Header)
		}
		harmlessFields = rows
	}
}

func TestValues(t *testing.T) {
	header := http.Header{"X-Cache": {`MISS, , "a, b" ,`, " HIT"}}
	header["x-cache "] = []string{"STALE"}
	fields := FieldsOf(header)
	got := fields.Values("x-cache")
	if slices.Sort(got); !slices.Equal(got, []string{`"a, b"`, "HIT", "MISS", "STALE"}) {
		t.Errorf("got %q", got)
	}
}

// Of several fields the first by name is told, so that the message is always the same; and so is the first key of an object.
func TestTheFirstFieldIsTold(t *testing.T) {
	header := FieldsOf(http.Header{"X-Error": {"1"}, "A-Page": {`{"next":"x","cursor":"x","error":"x"}`}, "B-Error": {"1"}})
	for range 20 {
		if _, err := Check(Response{List: "members", Header: header}); err == nil || !strings.HasPrefix(err.Error(), "its header A-Page says") {
			t.Fatalf("the error is %v", err)
		}
	}
}
