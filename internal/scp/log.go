// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"context"

	"github.com/hashicorp/terraform-plugin-log/tflog"
)

const (
	logSubsystem = "scp"
	// logLevelVariable sets the level of the client's lines alone; without it they follow TF_LOG.
	logLevelVariable = "TF_LOG_PROVIDER_SCP_HTTP"
)

// withLog returns a context that carries the client's log. Each read makes its own: a logger belongs to the request
// of Terraform's that brought it.
func withLog(ctx context.Context) context.Context {
	return tflog.NewSubsystem(ctx, logSubsystem, tflog.WithLevelFromEnv(logLevelVariable))
}

func logRequest(ctx context.Context, request Request, try int) {
	tflog.SubsystemDebug(ctx, logSubsystem, "SCP request", fields(request, try))
}

// logAnswer logs the outcome of a try. failure is nil for a good one.
func logAnswer(ctx context.Context, request Request, try int, x exchange, failure *Error) {
	fields := fields(request, try)
	fields["status"], fields["duration_ms"] = x.status, x.duration.Milliseconds()
	if x.requests > 1 {
		fields["requests"] = x.requests // the transport sent it again on another connection
	}
	if failure != nil {
		fields["request_id"] = failure.RequestID
		fields["error"] = failure.Answer()
	}
	tflog.SubsystemDebug(ctx, logSubsystem, "SCP answer", fields)
}

// logUnusable logs why an answer that came whole cannot be used.
func logUnusable(ctx context.Context, request Request, failure *Error) {
	fields := fields(request, failure.Tries)
	fields["error"] = failure.Answer()
	tflog.SubsystemDebug(ctx, logSubsystem, "SCP answer cannot be used", fields)
}

// logUnknown warns of the keys of an answer that are ignored, once for the answer.
func (c *Client) logUnknown(ctx context.Context, a answer, keys otherKeys) {
	if len(keys) == 0 {
		return
	}
	fields := fields(a.request, a.tries)
	fields["keys"] = c.credentials.clean(keys.unknown(), a.signature)
	tflog.SubsystemWarn(ctx, logSubsystem, "SCP answer has keys that this release does not know and ignores", fields)
}

func fields(request Request, try int) map[string]any {
	return map[string]any{"method": request.Method, "url": request.URL.String(), "try": try}
}
