// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"time"

	"github.com/scp-community/terraform-provider-scp/internal/provider/title"
	"github.com/scp-community/terraform-provider-scp/internal/scp"
)

// advice is what a kind of error means, and what to do.
type advice struct {
	summary     string // one of package title
	next        string
	onAttribute bool // the failure is about what was asked for, so the attribute that names it is pointed at
}

// adviceFor returns the advice on a failed read, by the error's kind.
func adviceFor(e *scp.Error, s subject) advice {
	switch e.Kind {
	case scp.KindStatus, scp.KindBusy, scp.KindUnauthorized:
		return adviceForStatus(e, s)
	case scp.KindUnusable:
		return unusableResponse(e, s)
	case scp.KindStale:
		return staleResponse(e)
	case scp.KindMemberTwice:
		return advice{summary: title.MemberListedTwice, onAttribute: true, next: "SCP has two entries for one account, with different " +
			"statuses, so it is unclear which one counts.\n\nRemove the account from the image until it is gone: one removal takes one entry. " +
			"Then share the image again."}
	case scp.KindUnknownFilter:
		return advice{summary: title.UnknownVisibility, onAttribute: true, next: "An empty list for a misspelled visibility would look as " +
			"if there were no such images.\n\nCheck the spelling: SCP's documents name public, community, shared and private."}
	case scp.KindListChanged, scp.KindFilterIgnored:
		return listAdvice(e, s)
	default:
		return adviceForConnection(e, s)
	}
}

// unusableResponse returns the advice on a 200 whose body cannot be used.
func unusableResponse(e *scp.Error, s subject) advice {
	if e.Encoding != "" {
		return advice{summary: title.UnusableResponse, next: s.unclear + "A proxy or gateway compressed the response as " + e.Encoding +
			", which was not requested.\n\nTurn that off for this endpoint, or bypass the proxy (" + proxyVariable + ", NO_PROXY)."}
	}
	return advice{summary: title.UnusableResponse, next: s.unclear + "\n\nIf a proxy or login page sent it, bypass the proxy (NO_PROXY). " +
		"If SCP sent it, look for a newer release and report it at " + projectURL + "/issues."}
}

// staleResponse returns the advice on a response that a cache sent, or that has an old Date.
func staleResponse(e *scp.Error) advice {
	clock := ""
	if !e.ServerTime.IsZero() && e.ClientTime.Sub(e.ServerTime) > maxClockSkew {
		clock = fmt.Sprintf("This machine's clock is %s ahead of the response's Date. Check it first, for example with NTP. ",
			e.ClientTime.Sub(e.ServerTime).Round(time.Second))
	}
	return advice{summary: title.CachedResponse, next: clock + "The response came from a cache, although each request has " +
		"Cache-Control: no-cache. The sharing may have changed since.\n\n" +
		"Turn the cache off for this endpoint, or bypass it (" + proxyVariable + ", NO_PROXY, endpoint_override)."}
}

// listAdvice returns the advice on a list that may not be complete.
func listAdvice(e *scp.Error, s subject) advice {
	const report = "report this at " + projectURL + "/issues."
	if e.Kind == scp.KindListChanged {
		return advice{summary: title.ListIsNotComplete, next: s.unclear + "The list may have changed while it was read, SCP may have sent an " +
			"empty page although more images follow, or a proxy may remove the query from the URL.\n\nRun again. If it happens each time, " + report}
	}
	return advice{summary: title.FilterIgnored, next: s.unclear + "Check endpoint_override, and that no proxy removes the query from the " +
		"URL. If the data source has visibility, leave visibility out and filter in the configuration. If the endpoint is SCP's own, " + report}
}
