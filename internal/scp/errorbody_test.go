// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"strings"
	"testing"
)

func TestParseErrorBody(t *testing.T) {
	service := func(detail, action string) Error {
		return Error{fromService: true, Code: "Forbidden", Detail: detail, Action: action, RequestID: "r-1"}
	}
	for _, c := range []struct {
		name, body string
		want       Error
		foreign    bool
	}{
		{"detail", serviceBody(`"It is \"so\"."`, `null`), service(`It is "so".`, ""), false},
		{"not UTF-8", serviceBody("\"a\xff\"", `null`), service("a\ufffd", ""), false},
		{"list", serviceBody(`["a","b"]`, `null`), service("a; b", ""), false},
		{"list in a string", serviceBody(`"[\"a\", \"b\"]"`, `null`), service("a; b", ""), false},
		{"list of lists", serviceBody(`["a",["b",null,"c"],7]`, `null`), service(`["a",["b",null,"c"],7]`, ""), false},
		{"python list in a string", serviceBody(`"['a', 'b']"`, `null`), service("['a', 'b']", ""), false},
		{"action", serviceBody(`"d"`, `{"access_level":"read","action_name":"virtualserver:ListImageMembers","caused_auths":[],"message":"m"}`),
			service("d", "virtualserver:ListImageMembers"), false},
		{"message instead of detail", serviceBody(`null`, `{"action_name":"a","message":"m"}`), service("m", "a"), false},
		{"title instead of detail", serviceBody(`""`, `{"action_name":null,"message":null}`), service("Title", ""), false},
		{"empty list", serviceBody(`[]`, `null`), service("Title", ""), false},
		{"detail an object", serviceBody(`{"a":1}`, `"text"`), service("Title", ""), false},
		{"detail true", serviceBody(`true`, `[1]`), service("Title", ""), false},
		{"response of a wrong form", serviceBody(`"d"`, `{"action_name":{},"message":[]}`), service("d", ""), false},
		{"several", `{"errors":[{"code":"A","detail":"a","request_id":"r-1"},{"code":"B","detail":"b"},null,"x",{"code":"D","title":"d"}]}`,
			Error{fromService: true, Code: "A", Detail: "a; b; d", RequestID: "r-1"}, false},
		{"only the global request id", `{"errors":[{"code":"NotFound","global_request_id":"g-1","request_id":null}]}`,
			Error{fromService: true, Code: "NotFound", RequestID: "g-1"}, false},
		{"code a number", `{"errors":[{"code":4041,"detail":-1.5e3}]}`, Error{fromService: true, Code: "4041", Detail: "-1.5e3"}, false},
		{"last of two names", `{"errors":[{"code":"A","detail":"no","detail":"yes"}]}`,
			Error{fromService: true, Code: "A", Detail: "yes"}, false},
		{"null in a string is no list", serviceBody(`"null"`, `null`), service("null", ""), false},

		{"gateway 401", `{"status":"UNAUTHORIZED","name":"Request was rejected by gateway","message":"HmacValidFail"}`,
			Error{Code: "UNAUTHORIZED", Detail: "Request was rejected by gateway: HmacValidFail"}, false},
		{"gateway 404", `{"timestamp":"2026-01-01T00:00:00.000+00:00","path":"/","status":404,"error":"Not Found","requestId":"5f2c-1"}`,
			Error{Code: "404", Detail: "Not Found", RequestID: "5f2c-1"}, false},
		{"gateway, only a message", `{"message":"no Route matched"}`, Error{Detail: "no Route matched"}, true},
		{"gateway, only a name", `{"name":"n"}`, Error{Detail: "n"}, false},

		{"no code", `{"errors":[{"detail":"d"}]}`, Error{Detail: `{"errors":[{"detail":"d"}]}`}, true},
		{"no error", `{"errors":[]}`, Error{Detail: `{"errors":[]}`}, true},
		{"error null", `{"errors":[null]}`, Error{Detail: `{"errors":[null]}`}, true},
		{"errors a string, with a message", `{"errors":"no","message":"m"}`, Error{Detail: "m"}, true},
		{"errors in another case", `{"Errors":[{"code":"A"}]}`, Error{Detail: `{"Errors":[{"code":"A"}]}`}, true},
		{"only a status", `{"status":404}`, Error{Detail: `{"status":404}`}, true},
		{"HTML", `<html><h1>404</h1></html>`, Error{Detail: "an HTML page"}, true},
		{"cut off", `{"errors":[{"code":"NotFound"`, Error{Detail: `{"errors":[{"code":"NotFound"`}, true},
		{"null", `null`, Error{Detail: `null`}, true},
		{"empty", ``, Error{}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got, foreign := parseErrorBody([]byte(c.body)); *got != c.want || foreign != c.foreign {
				t.Errorf("got %+v, foreign: %t; want %+v, foreign: %t", got, foreign, c.want, c.foreign)
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
		if bytes := allocated(func() { _, _ = parseErrorBody([]byte(serviceBody(detail, "null"))) }); bytes > 16<<20 {
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
		{"gateway", 401, `{"status":"UNAUTHORIZED","name":"Rejected","message":"HmacValidFail"}`, false,
			"401 Unauthorized: Rejected: HmacValidFail (code UNAUTHORIZED)"},
		{"empty", 404, ``, false, "404 Not Found"},
		{"no name of the status", 599, ``, false, "599"},
		{"HTML", 404, "<html>\r\n\t<h1>404</h1>\n</html>\n", false, `404 Not Found: an HTML page`},
		{"control characters in JSON", 403, serviceBody(`"a\u001b[2J\u0000\u0008b\u0085c"`, `null`), true,
			"403 Forbidden: a\ufffd[2J\ufffd\ufffdb c (code Forbidden)"},
		{"long", 400, long, false, "400 Bad Request: " + long[:500] + "…"},
		{"longer than what is read", 400, strings.Repeat(long, maxErrorBodySize/len(long)+1), false, "400 Bad Request: " + long[:500] + "…"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := read(t, fakeClient(answering(c.status, c.body)))
			if err == nil {
				t.Fatal("there is no error")
			}
			if err.Summary() != c.want || err.Error() != request+c.want || err.fromService != c.fromService {
				t.Errorf("the error, from the service: %t, is\n%s\nwant\n%s", err.fromService, err, request+c.want)
			}
		})
	}
}
