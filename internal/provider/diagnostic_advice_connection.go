// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"math"
	"net/http"
	"os"
	"time"

	"github.com/scp-community/terraform-provider-scp/internal/provider/config"
	"github.com/scp-community/terraform-provider-scp/internal/provider/title"
	"github.com/scp-community/terraform-provider-scp/internal/scp"
)

// proxyVariable is the variable with the proxy of an https endpoint.
const proxyVariable = "HTTPS_PROXY"

// adviceForConnection returns the advice on a read that brought no response of SCP, or none in time.
func adviceForConnection(e *scp.Error, s subject) advice {
	switch e.Kind {
	case scp.KindCanceled:
		return advice{summary: title.ReadStopped, next: "The run was interrupted before SCP had responded, so nothing is known. Run it again."}
	case scp.KindReadTimeout:
		return advice{summary: title.ReadTimedOut, next: "The read took longer than timeouts.read, retries included.\n\n" +
			"First check that the address in Request can be reached from here, through the proxy if there is one (" + proxyVariable + "). " +
			"Only if SCP is slow, allow more time: timeouts = { read = \"5m\" }."}
	case scp.KindHeldBack:
		return heldBack(e)
	case scp.KindRequestTimeout:
		return advice{summary: title.RequestTimedOut, next: "The last attempt took longer than request_timeout.\n\n" +
			"First check that the address in Request can be reached from here, through the proxy if there is one (" + proxyVariable + "). " +
			"Only if SCP is slow, raise the provider's request_timeout (" + config.RequestTimeout.Env + ")."}
	case scp.KindDNS, scp.KindDNSTemporary:
		return nameNotFound(e, s)
	case scp.KindTLS, scp.KindNotYetValid:
		return tlsFailed(e, s)
	case scp.KindProxyRejected, scp.KindProxyFailed:
		return proxyDidNotConnect(e, s)
	case scp.KindMachine:
		return advice{summary: title.MachineLimitReached, next: "This machine has no file, port or memory left for another connection. " +
			"The endpoint is not the cause.\n\nClose other programs, raise the limit (ulimit -n), or lower the provider's max_concurrency. " +
			"Then run again."}
	default: // scp.KindConnection
		return connectionFailed(e, s)
	}
}

func connectionFailed(e *scp.Error, s subject) advice {
	if e.Proxy {
		return advice{
			summary: title.ConnectionFailed,
			next:    "The connection to the proxy failed. Check the address in " + proxyVariable + ", and that the proxy runs.",
		}
	}
	return advice{summary: title.ConnectionFailed, next: s.withPlace("The connection failed, or it ended before the response was " +
		"complete.\n\nCheck that the endpoint is right, and that the network and its proxies " +
		"(" + proxyVariable + ", NO_PROXY) let requests through. " +
		"Then run again.")}
}

func tlsFailed(e *scp.Error, s subject) advice {
	switch {
	case e.Kind == scp.KindNotYetValid:
		return advice{summary: title.TLSConnectionFailed, next: "The server's certificate is valid only from a later time on. " +
			"Most likely this machine's clock is slow.\n\nCorrect the clock, for example with NTP, and run again."}
	case e.Proxy:
		return advice{summary: title.TLSConnectionFailed, next: "No TLS connection to the proxy could be made. " + proxyVariable +
			" begins with https://, and most proxies do not speak TLS.\n\nUse http:// in " + proxyVariable + ", or check the proxy's port."}
	}
	if e.NotTLS {
		return advice{summary: title.TLSConnectionFailed, next: s.withPlace("The server does not speak TLS on this port.\n\n" +
			"Check the port in endpoint_override, and whether a proxy is intercepting the connection.")}
	}
	if missing := missingCAs(); missing != "" {
		return advice{summary: title.TLSConnectionFailed, next: "The environment variable " + missing + " names something that does not " +
			"exist, so the CAs in it are missing.\n\nCorrect the variable, or unset it."}
	}
	return advice{summary: title.TLSConnectionFailed, next: s.withPlace("The server's certificate or TLS version is not accepted.\n\n" +
		"If a proxy with its own CA intercepts the connection, add that CA to the system's store, or on Linux name its file in " +
		"SSL_CERT_FILE. Otherwise check endpoint_override. The check cannot be turned off.")}
}

// missingCAs returns the variable that names CAs which do not exist; empty if there is none.
func missingCAs() string {
	for _, name := range []string{"SSL_CERT_FILE", "SSL_CERT_DIR"} {
		if at := os.Getenv(name); at != "" {
			if _, err := os.Stat(at); err != nil { //nolint:gosec // it is only looked for
				return name
			}
		}
	}
	return ""
}

// withPlace adds that the region or environment is unknown to SCP's documents: it may be misspelled.
func (s subject) withPlace(next string) string {
	if s.undocumented == "" {
		return next
	}
	return next + " Note that " + s.undocumented + "."
}

func heldBack(e *scp.Error) advice {
	next := "SCP is limiting requests, and the read timed out while it was waiting to send its own. " +
		moreTime("Run again later", 10*time.Minute)
	if e.RetryAfter > 0 {
		next = askedToWait(e) + "That is longer than this read may take. " + moreTime("Run again after that", e.RetryAfter+2*time.Minute)
	}
	return advice{summary: title.ReadTimedOutWhileRateLimited, next: next}
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
		return advice{summary: title.NameResolutionFailed, next: fmt.Sprintf("The name server of this machine failed or did not respond, "+
			"so nothing is known about the name %q.%s Run again. If it persists, check the name resolution of this machine.", e.Host, where)}
	}
	next := fmt.Sprintf("The name %q does not exist.%s Check %s. Then check the name resolution of this machine.", e.Host, where, spelling)
	if !e.Proxy {
		next = s.withPlace(next)
	}
	return advice{summary: title.HostNameNotFound, next: next}
}

func proxyDidNotConnect(e *scp.Error, s subject) advice {
	next := "The proxy in " + proxyVariable + " responded, and SCP was not reached. "
	switch status := e.ProxyStatus; {
	case status == http.StatusProxyAuthRequired:
		next += "The proxy requires a user and password, or rejects those in " + proxyVariable + ".\n\nPercent-encode characters such as % " +
			"and @ in them."
	case status == http.StatusForbidden:
		next += "Its rules do not allow this connection.\n\nAsk its administrator to allow " + e.Request.URL.Host + ", or name the host in " +
			"NO_PROXY if it can be reached directly."
	case status >= 500:
		next += s.withPlace("It could not connect to the endpoint.\n\nCheck region and environment, or endpoint_override: " +
			"the name may be misspelled. If they are right, run again later.")
	default:
		next += "It did not connect.\n\nCheck the address in " + proxyVariable + ", or name " + e.Request.URL.Host + " in NO_PROXY if it " +
			"can be reached directly."
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
