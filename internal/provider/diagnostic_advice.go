// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"math"
	"net/http"
	"time"

	"github.com/scp-community/terraform-provider-scp/internal/provider/config"
	"github.com/scp-community/terraform-provider-scp/internal/provider/title"
	"github.com/scp-community/terraform-provider-scp/internal/scp"
)

// advice is what a kind of error means, and what to do.
type advice struct {
	summary     string // one of package title
	next        string
	onAttribute bool // the failure is about what was asked for, so the attribute that names it is pointed at
}

// proxyVariable is the variable with the proxy of an https endpoint.
const proxyVariable = "HTTPS_PROXY"

// adviceFor returns the advice on a failed read, by the error's kind.
func adviceFor(e *scp.Error, s subject) advice {
	switch e.Kind {
	case scp.KindCanceled:
		return advice{summary: title.ReadStopped, next: "The run was interrupted before SCP had answered, so nothing is known. Run it again."}
	case scp.KindReadTimeout:
		return advice{summary: title.ReadTimedOut, next: "No usable answer came within the time for the whole read, " +
			"which includes all tries and the pauses between them. " +
			"Check that the endpoint can be reached from here, and the proxy if there is one (" + proxyVariable + "). " +
			"If SCP is slow, run again later, or give the read more time, for example timeouts = { read = \"5m\" } on the data source."}
	case scp.KindHeldBack:
		return heldBack(e)
	case scp.KindRequestTimeout:
		return advice{summary: title.SCPDidNotAnswerInTime, next: "Each try was given up after request_timeout. " +
			"Check that the endpoint can be reached from here, " +
			"and the proxy if there is one (" + proxyVariable + "). If SCP is only slow, raise the provider's request_timeout (" +
			config.RequestTimeout.Env + ")."}
	case scp.KindDNS, scp.KindDNSTemporary:
		return nameNotFound(e, s)
	case scp.KindTLS:
		if e.Proxy {
			return advice{summary: title.NoSecureConnection, next: "No secure connection to the proxy could be made. " + proxyVariable +
				" begins with https://: check that the proxy speaks TLS on that port. " +
				"Most proxies do not: their address begins with http://."}
		}
		return advice{summary: title.NoSecureConnection, next: s.withPlace("The server's certificate or TLS version is not accepted. " +
			"If a proxy with its own CA intercepts the connection, " +
			"add that CA to the system's store, or on Linux name its file in SSL_CERT_FILE. Otherwise check endpoint_override. " +
			"The check cannot be turned off.")}
	case scp.KindProxyRejected, scp.KindProxyFailed:
		return proxyRefused(e, s)
	case scp.KindConnection:
		if e.Proxy {
			return advice{
				summary: title.ConnectionFailed,
				next:    "The connection to the proxy could not be made. Check the address in " + proxyVariable + ", and that the proxy runs.",
			}
		}
		return advice{summary: title.ConnectionFailed, next: s.withPlace("The connection could not be made, " +
			"or it ended before the answer was complete. Check that the endpoint is right, " +
			"and that the network and its proxies (" + proxyVariable + ", NO_PROXY) let requests through. Then run again.")}
	case scp.KindUnusable:
		return advice{summary: title.UnusableAnswer, next: s.unclear + "If a proxy or a login page answered, reach SCP without it. " +
			"If SCP itself answered, the API may have changed: look for a newer release of the provider, and report this at " + projectURL +
			"/issues."}
	case scp.KindStale:
		return staleResponse(e, s)
	case scp.KindMarkerRejected, scp.KindMarkerIgnored, scp.KindDuplicate, scp.KindFilterIgnored:
		return listAdvice(e, s)
	default: // scp.KindStatus, scp.KindBusy, scp.KindUnauthorized
		return adviceForStatus(e, s)
	}
}

// staleResponse returns the advice on a response that a cache sent, or that has an old Date.
func staleResponse(e *scp.Error, s subject) advice {
	clock := ""
	if !e.ServerTime.IsZero() && e.ClientTime.Sub(e.ServerTime) > maxClockSkew {
		clock = fmt.Sprintf("This machine's clock is %s ahead of the response's Date. Check it first, for example with NTP. ",
			e.ClientTime.Sub(e.ServerTime).Round(time.Second))
	}
	return advice{summary: title.AnswerFromACache, next: clock + s.unclear + "The response came from a cache, " +
		"although each request has Cache-Control: no-cache. The sharing may have changed since. " +
		"Turn the cache off for this endpoint, or bypass it (" + proxyVariable + ", NO_PROXY, endpoint_override)."}
}

// listAdvice returns the advice on a list that may not be complete.
func listAdvice(e *scp.Error, s subject) advice {
	const report = "report this at " + projectURL + "/issues."
	switch e.Kind {
	case scp.KindMarkerRejected:
		return advice{summary: title.ListChangedWhileItWasRead, next: "SCP did not accept the id of the last image as the start of the next " +
			"page. That image has probably been deleted, " +
			"or is no longer shared with this account. Run again. If it happens each time, " + report}
	case scp.KindDuplicate:
		return advice{summary: title.ImageListedTwice, next: s.unclear + "A list that has one image twice may lack another. " +
			"It may have changed while it was read: run again. " +
			"If it happens each time, " + report}
	case scp.KindMarkerIgnored:
		return advice{summary: title.ListRepeatsItself, next: s.unclear + "The server sends the same images for every page, " +
			"as if the request had no marker, so the rest of the list cannot be read. " +
			"Check that no proxy removes the query from the URL. If the endpoint is SCP's own, " + report}
	default:
		return advice{summary: title.FilterIgnored, next: s.unclear + "Check that no proxy removes the query from the URL. " +
			"If the endpoint is SCP's own, leave visibility out of the data source, " +
			"filter in the configuration, and " + report}
	}
}

// withPlace adds that the region or environment is unknown to SCP's documents: it may be misspelled.
func (s subject) withPlace(next string) string {
	if s.undocumented == "" {
		return next
	}
	return next + " Note that " + s.undocumented + "."
}

func heldBack(e *scp.Error) advice {
	next := "SCP refused requests because there were too many, and this read's time was over before its turn came. " +
		moreTime("Run again later", 10*time.Minute)
	if e.RetryAfter > 0 {
		next = askedToWait(e) + "That is longer than this read may take. " + moreTime("Run again after that", e.RetryAfter+2*time.Minute)
	}
	return advice{summary: title.HeldBackByTooManyRequests, next: next}
}

// moreTime returns a sentence: do first, or give the read enough time.
func moreTime(first string, enough time.Duration) string {
	minutes := int(math.Ceil(enough.Minutes()))
	return fmt.Sprintf("%s, or give the read more time, for example timeouts = { read = \"%dm\" } on the data source.", first, minutes)
}

func nameNotFound(e *scp.Error, s subject) advice {
	where, spelling := "", "the spelling of region and environment (or auth_url), or of endpoint_override"
	if e.Proxy {
		where, spelling = " It is the name of a proxy, which comes from "+proxyVariable+".", "its spelling"
	}
	if e.Kind == scp.KindDNSTemporary {
		return advice{summary: title.NameResolutionFailed, next: fmt.Sprintf("The name server of this machine failed or did not answer, "+
			"so nothing is known about the name %q.%s "+
			"Run again. If it persists, check the name resolution of this machine.", e.Host, where)}
	}
	next := fmt.Sprintf("The name %q does not exist.%s Check %s. Then check the name resolution of this machine.", e.Host, where, spelling)
	if !e.Proxy {
		next = s.withPlace(next)
	}
	return advice{summary: title.HostNameNotFound, next: next}
}

func proxyRefused(e *scp.Error, s subject) advice {
	next := "SCP was not reached: the proxy in " + proxyVariable + " answered, not SCP. "
	switch status := e.ProxyStatus; {
	case status == http.StatusProxyAuthRequired:
		next += "It asks for a user and password, or does not accept those in " + proxyVariable + ". Characters such as % and @ in them must " +
			"be percent-encoded."
	case status >= 500:
		next += s.withPlace("It could not connect to the endpoint. Check region and environment, or endpoint_override: " +
			"the name may be misspelled. If they are right, run again later.")
	default:
		next += "Its rules do not allow this connection. Ask its administrator to allow " + e.Request.URL.Host + ", or name the host in " +
			"NO_PROXY if it can be reached directly."
	}
	return advice{summary: title.ProxyDidNotConnect, next: next}
}

// askedToWait returns a sentence and a space that says how long the server asked to wait, or nothing.
func askedToWait(e *scp.Error) string {
	if e.RetryAfter == 0 {
		return ""
	}
	return fmt.Sprintf("SCP asked to wait at least %s before the next request. ", e.RetryAfter)
}
