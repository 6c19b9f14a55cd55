package scp

import (
	"context"
	"time"

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

func logRequest(ctx context.Context, method, url string, try int) {
	tflog.SubsystemDebug(ctx, logSubsystem, "SCP request", map[string]any{"method": method, "url": url, "try": try})
}

// logAnswer logs the outcome of a try. failure is nil for a good one.
func logAnswer(ctx context.Context, method, url string, try, status int, duration time.Duration, failure *Error) {
	fields := map[string]any{
		"method": method, "url": url, "try": try, "status": status, "duration_ms": duration.Milliseconds(),
	}
	if failure != nil {
		fields["request_id"] = failure.RequestID
		fields["error"] = failure.Answer()
	}
	tflog.SubsystemDebug(ctx, logSubsystem, "SCP answer", fields)
}
