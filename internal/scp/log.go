// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"context"
	"net/http"
	"os"
	"strings"

	"github.com/hashicorp/terraform-plugin-log/tflog"
)

const (
	logSubsystem = "scp"
	// logLevelVariable sets the level of the client's lines alone; without it they follow TF_LOG.
	logLevelVariable = "TF_LOG_PROVIDER_SCP_HTTP"
)

type logKey struct{}

// WithLog adds the client's log to ctx, once. Terraform gives each RPC its own logger. Every read does it; for many reads of one RPC it is
// cheaper to do it before them. A log that is off is not added.
func WithLog(ctx context.Context) context.Context {
	if isLogged(ctx) || strings.EqualFold(os.Getenv(logLevelVariable), "off") {
		return ctx
	}
	return context.WithValue(tflog.NewSubsystem(ctx, logSubsystem, tflog.WithLevelFromEnv(logLevelVariable)), logKey{}, true)
}

// isLogged reports whether somebody listens: without, a line is not even made.
func isLogged(ctx context.Context) bool { return ctx.Value(logKey{}) != nil }

// logged logs each attempt in two lines.
func (c *Client) logged(next handler) handler {
	return func(ctx context.Context, r Request) (response, *Error) {
		if !isLogged(ctx) {
			return next(ctx, r)
		}
		tflog.SubsystemDebug(ctx, logSubsystem, "SCP request", fields(r, r.sent+1))
		got, failure := next(ctx, r)
		line := fields(r, r.sent+got.requests)
		line["status"], line["duration_ms"] = got.status, got.duration.Milliseconds()
		if failure != nil {
			line["request_id"], line["error"] = failure.RequestID, failure.Summary()
		}
		tflog.SubsystemDebug(ctx, logSubsystem, "SCP response", line)
		return got, failure
	}
}

// logWarning logs what a response says that does not matter for its list, if there is something.
func logWarning(ctx context.Context, r Request, message, name, value string) {
	if value == "" || !isLogged(ctx) {
		return
	}
	tflog.SubsystemWarn(ctx, logSubsystem, message, map[string]any{"method": http.MethodGet, "url": r.URL.String(), name: value})
}

func fields(r Request, attempt int) map[string]any {
	return map[string]any{"method": http.MethodGet, "url": r.URL.String(), "try": attempt}
}
