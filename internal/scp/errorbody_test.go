// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"strings"
	"testing"
)

func TestParseErrorBody(t *testing.T) {
	service := func(detail, action string) errorBody {
		return errorBody{fromService: true, code: "Forbidden", detail: detail, action: action, requestID: "r-1"}
	}
	for _, c := range []struct {
		name, body string
		want       errorBody
	}{
		{"detail", serviceBody(`"It is \"so\"."`, `null`), service(`It is "so".`, "")},
		{"list", serviceBody(`["a","b"]`, `null`), service("a; b", "")},
		{"list in a string", serviceBody(`"[\"a\", \"b\"]"`, `null`), service("a; b", "")},
		{"list of lists", serviceBody(`["a",["b",null,"c"],7]`, `null`), service(`["a",["b",null,"c"],7]`, "")},
		{"not quite a list in a string", serviceBody(`"[a] is wrong"`, `null`), service("[a] is wrong", "")},
		{"python list in a string", serviceBody(`"['a', 'b']"`, `null`), service("['a', 'b']", "")},
		{"action", serviceBody(`"d"`, `{"access_level":"read","action_name":"virtualserver:ListImageMembers","caused_auths":[],"message":"m"}`),
			service("d", "virtualserver:ListImageMembers")},
		{"message instead of detail", serviceBody(`null`, `{"action_name":"a","message":"m"}`), service("m", "a")},
		{"title instead of detail", serviceBody(`""`, `{"action_name":null,"message":null}`), service("Title", "")},
		{"empty list", serviceBody(`[]`, `null`), service("Title", "")},
		{"detail an object", serviceBody(`{"a":1}`, `"text"`), service("Title", "")},
		{"detail true", serviceBody(`true`, `[1]`), service("Title", "")},
		{"response of a wrong form", serviceBody(`"d"`, `{"action_name":{},"message":[]}`), service("d", "")},
		{"several", `{"errors":[{"code":"A","detail":"a","request_id":"r-1"},{"code":"B","detail":"b"},{"code":"C"},{"code":"D","title":"d"}]}`,
			errorBody{fromService: true, code: "A", detail: "a; b; d", requestID: "r-1"}},
		{"only the global request id", `{"errors":[{"code":"NotFound","global_request_id":"g-1","request_id":null}]}`,
			errorBody{fromService: true, code: "NotFound", requestID: "g-1"}},
		{"code a number", `{"errors":[{"code":4041,"detail":-1.5e3}]}`, errorBody{fromService: true, code: "4041", detail: "-1.5e3"}},
		{"last of two names", `{"errors":[{"code":"A","detail":"no","detail":"yes"}]}`, errorBody{fromService: true, code: "A", detail: "yes"}},
		{"last of two names is of no use", `{"errors":[{"code":"A","detail":"no","detail":{}}]}`, errorBody{fromService: true, code: "A"}},
		{"null in a string is no list", serviceBody(`"null"`, `null`), service("null", "")},

		{"gateway 401", `{"status":"UNAUTHORIZED","name":"Request was rejected by gateway","message":"HmacValidFail"}`,
			errorBody{fromGateway: true, code: "UNAUTHORIZED", detail: "Request was rejected by gateway: HmacValidFail"}},
		{"gateway 404", `{"timestamp":"2026-01-01T00:00:00.000+00:00","path":"/","status":404,"error":"Not Found","requestId":"5f2c-1"}`,
			errorBody{fromGateway: true, code: "404", detail: "Not Found", requestID: "5f2c-1"}},
		{"gateway, only a message", `{"message":"no Route matched"}`, errorBody{detail: "no Route matched"}},
		{"gateway, only a name", `{"name":"n"}`, errorBody{fromGateway: true, detail: "n"}},

		{"no code", `{"errors":[{"detail":"d"}]}`, errorBody{detail: `{"errors":[{"detail":"d"}]}`}},
		{"no error", `{"errors":[]}`, errorBody{detail: `{"errors":[]}`}},
		{"errors null", `{"errors":null}`, errorBody{detail: `{"errors":null}`}},
		{"error null", `{"errors":[null]}`, errorBody{detail: `{"errors":[null]}`}},
		{"errors a string", `{"errors":"no"}`, errorBody{detail: `{"errors":"no"}`}},
		{"errors a string, with a message", `{"errors":"no","message":"m"}`, errorBody{detail: "m"}},
		{"errors in another case", `{"Errors":[{"code":"A"}]}`, errorBody{detail: `{"Errors":[{"code":"A"}]}`}},
		{"only a status", `{"status":404}`, errorBody{detail: `{"status":404}`}},
		{"HTML", `<html><h1>404</h1></html>`, errorBody{detail: "an HTML page"}},
		{"cut off", `{"errors":[{"code":"NotFound"`, errorBody{detail: `{"errors":[{"code":"NotFound"`}},
		{"array", `["errors"]`, errorBody{detail: `["errors"]`}},
		{"null", `null`, errorBody{detail: `null`}},
		{"empty", ``, errorBody{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := parseErrorBody([]byte(c.body)); got != c.want {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

// A server must not be able to keep the client busy with one small body.
func TestParseErrorBodyOfDepth(t *testing.T) {
	quoted := `"x"`
	for len(quoted) < maxErrorBodySize/4 {
		quoted = `"[` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(quoted) + `]"`
	}
	for name, detail := range map[string]string{
		"lists":            strings.Repeat("[", 9000) + strings.Repeat("]", 9000),
		"lists in a text":  `"` + strings.Repeat("[", 9000) + strings.Repeat("]", 9000) + `"`,
		"texts in a text":  quoted,
		"too deep":         strings.Repeat("[", 30000) + strings.Repeat("]", 30000),
		"opened only":      strings.Repeat("[", 60000),
		"opened in a text": `"` + strings.Repeat("[", 60000) + `"`,
	} {
		if bytes := allocated(func() { parseErrorBody([]byte(serviceBody(detail, "null"))) }); bytes > 16<<20 {
			t.Errorf("%s: %d bytes are allocated", name, bytes)
		}
	}
}

// What the fields of an *Error are made of, and the line that a person sees.
func TestErrorOfAResponse(t *testing.T) {
	const request = "GET " + override + "/v1/images/" + imageID + "/members: "
	long := strings.Repeat("x", 600)
	for _, c := range []struct {
		name        string
		status      int
		body        string
		fromService bool
		want        string
	}{
		{"service", 403, serviceBody(`"You may not."`, `null`), true, "403 Forbidden: You may not. (code Forbidden)"},
		{
			"gateway", 401, `{"status":"UNAUTHORIZED","name":"Rejected","message":"HmacValidFail"}`, false,
			"401 Unauthorized: Rejected: HmacValidFail (code UNAUTHORIZED)",
		},
		{
			"gateway 404", 404, `{"status":404,"error":"Not Found","requestId":"5f2c-1"}`, false,
			"404 Not Found: Not Found (code 404)",
		},
		{"empty", 404, ``, false, "404 Not Found"},
		{"no name of the status", 599, ``, false, "599"},
		{"HTML", 404, "<html>\r\n\t<h1>404</h1>\n</html>\n", false, `404 Not Found: an HTML page`},
		{
			"control characters in JSON", 403, serviceBody(`"a\u001b[2J\u0000\u0008b\u0085c"`, `null`), true,
			"403 Forbidden: a\ufffd[2J\ufffd\ufffdb c (code Forbidden)",
		},
		{"invalid UTF-8", 400, "a\xff\xfeb\xe2\x82", false, "400 Bad Request: a\ufffdb\ufffd"},
		{"long", 400, long, false, "400 Bad Request: " + long[:500] + "…"},
		{"very long", 400, strings.Repeat("x", 100<<10), false, "400 Bad Request: " + long[:500] + "…"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := read(t, fakeClient(answering(c.status, c.body)))
			if err == nil {
				t.Fatal("there is no error")
			}
			if err.Summary() != c.want || err.Error() != request+c.want || err.FromService != c.fromService {
				t.Errorf("the error, from the service: %t, is\n%s\nwant\n%s", err.FromService, err, request+c.want)
			}
		})
	}
}
