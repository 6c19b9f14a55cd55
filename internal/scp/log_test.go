// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"
)

// logged returns the log of a read, as lines and as text.
func logged(t *testing.T, client *Client) ([]map[string]any, string) {
	t.Helper()
	var output bytes.Buffer
	_, _ = client.ImageMembers(tflogtest.RootLogger(t.Context(), &output), "", imageID)
	text := output.String()
	lines, err := tflogtest.MultilineJSONDecode(&output)
	if err != nil {
		t.Fatal(err)
	}
	return lines, text
}

func TestLog(t *testing.T) {
	slow := func(next roundTripper) roundTripper {
		return func(request *http.Request) (*http.Response, error) {
			time.Sleep(1500 * time.Millisecond)
			return next(request)
		}
	}
	const url = override + "/v1/images/" + imageID + "/members"
	line := func(message string, try int, more map[string]any) map[string]any {
		fields := map[string]any{
			"@level": "debug", "@module": "provider.scp", "@message": message, "method": "GET", "url": url, "try": float64(try),
		}
		maps.Copy(fields, more)
		return fields
	}
	synctest.Test(t, func(t *testing.T) {
		lines, _ := logged(t, retryingClient(script(slow(answering(503, serviceBody(`"busy"`, "null"))), failing(fmt.Errorf("reset")), good), 2))
		want := []map[string]any{
			line("SCP request", 1, nil),
			line("SCP response", 1, map[string]any{"status": 503.0, "duration_ms": 1500.0, "request_id": "r-1",
				"error": "503 Service Unavailable: busy (code Forbidden)"}),
			line("SCP request", 2, nil),
			line("SCP response", 2, map[string]any{"status": 0.0, "duration_ms": 0.0, "request_id": "", "error": "reset"}),
			line("SCP request", 3, nil),
			line("SCP response", 3, map[string]any{"status": 200.0, "duration_ms": 0.0}),
		}
		if len(lines) != len(want) {
			t.Fatalf("there are %d lines, want %d: %v", len(lines), len(want), lines)
		}
		for i := range want {
			if !reflect.DeepEqual(lines[i], want[i]) {
				t.Errorf("line %d is\n%v, want\n%v", i+1, lines[i], want[i])
			}
		}
	})
}

// Keys that are ignored are named once, in one warning for the response, and so are its own warnings.
func TestUnknownKeysAreLogged(t *testing.T) {
	t.Setenv("TF_LOG_PROVIDER_SCP_HTTP", "WARN")
	const body = `{"zone":"a","members":[{"member_id":"m","unknown":1}],"region":"test-secret"}`
	lines, _ := logged(t, fakeClient(answering(200, body, "Warning", `299 - "test-secret is old"`)))
	if len(lines) != 2 || lines[0]["@level"] != "warn" || lines[0]["keys"] != "region, zone" ||
		lines[1]["warnings"] != `299 - "(redacted) is old"` {
		t.Errorf("the lines are %v, want one warning of region and zone, and the one that came", lines)
	}
	if lines, _ := logged(t, fakeClient(good)); len(lines) != 0 {
		t.Errorf("the lines are %v, want none", lines)
	}
}

func TestLogLevel(t *testing.T) {
	for level, want := range map[string]int{"": 2, "TRACE": 2, "DEBUG": 2, "debug": 2, "INFO": 0, "ERROR": 0, "OFF": 0} {
		t.Setenv("TF_LOG_PROVIDER_SCP_HTTP", level)
		if lines, _ := logged(t, fakeClient(good)); len(lines) != want {
			t.Errorf("%q: there are %d lines, want %d", level, len(lines), want)
		}
	}
}

// A log that is off costs nothing: the handler makes no line.
func TestLogThatIsOff(t *testing.T) {
	t.Setenv("TF_LOG_PROVIDER_SCP_HTTP", "off")
	var output bytes.Buffer
	ctx := WithLog(tflogtest.RootLogger(t.Context(), &output))
	handle := fakeClient(nil).logged(func(context.Context, Request) (response, *Error) { return response{}, nil })
	if n := testing.AllocsPerRun(10, func() { _, _ = handle(ctx, Request{}) }); n != 0 || output.Len() > 0 {
		t.Errorf("%.0f allocations, and the log is %s", n, &output)
	}
}
