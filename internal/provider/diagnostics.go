package provider

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/scp-community/terraform-provider-scp/internal/scp"
)

// maxClockSkew is how far the clocks may differ before a 401 is put down to it.
const maxClockSkew = time.Minute

// reading is what one read is about, for the diagnostic of its failure.
type reading struct {
	what       string    // what is read, to follow "Reading"
	attribute  path.Path // the attribute that names it; empty for none
	permission string    // what the caller must be allowed to do, to follow "the permission for"
	notFound   advice    // what it means if the service says that it does not exist
	unclear    string    // what is not concluded from an unclear answer, a sentence and a space
}

// readError turns an error of a read into the diagnostic of it.
func readError(reading reading, err error) diag.Diagnostic {
	e, ok := errors.AsType[*scp.Error](err)
	if !ok {
		// Found before a request was sent.
		return diag.NewErrorDiagnostic("Read Not Possible", fmt.Sprintf("Reading %s is not possible: %s.", reading.what, err))
	}
	advice := adviceFor(e, reading)
	var detail strings.Builder
	fmt.Fprintf(&detail, "Reading %s failed.\n\n", reading.what)
	fmt.Fprintf(&detail, "Request: %s\nAnswer:  %s\n", e.Request, e.Answer())
	if e.Tries > 1 {
		fmt.Fprintf(&detail, "Tries:   %d in %s\n", e.Tries, e.Elapsed.Round(100*time.Millisecond))
	}
	fmt.Fprintf(&detail, "\n%s", advice.next)
	if advice.onAttribute && len(reading.attribute.Steps()) > 0 {
		return diag.NewAttributeErrorDiagnostic(reading.attribute, advice.summary, detail.String())
	}
	return diag.NewErrorDiagnostic(advice.summary, detail.String())
}

// advice is what one class of failure means, and the next thing to try.
type advice struct {
	summary, next string
	onAttribute   bool // the failure is about what was asked for, so the attribute that names it is pointed at
}

func adviceFor(e *scp.Error, reading reading) advice {
	switch e.Class {
	case scp.ClassCanceled:
		return advice{summary: "Read Stopped", next: "The run was interrupted before SCP had answered, so nothing is known. Run it again."}
	case scp.ClassReadTimeout:
		return advice{summary: "Read Timed Out", next: "No usable answer came within the time for the whole read, its tries and waits included. " +
			"Check that the endpoint can be reached from here, through a proxy if there is one (HTTPS_PROXY). " +
			"If SCP is slow or has an outage, run again later; a longer timeouts = { read = \"5m\" } on the data source allows more tries."}
	case scp.ClassRequestTimeout:
		return advice{summary: "SCP Did Not Answer in Time", next: "A request was given up each time. Check that the endpoint can be reached from here, " +
			"through a proxy if there is one (HTTPS_PROXY); raise the provider's request_timeout (" + requestTimeout.env + ") if SCP is only slow."}
	case scp.ClassName:
		return advice{summary: "Host Name Not Found", next: "The name of the endpoint cannot be resolved. Check the spelling of the region, of the environment " +
			"or auth_url, or of endpoint_override; then the name resolution of this machine."}
	case scp.ClassTLS:
		return advice{summary: "No Secure Connection", next: "The server's certificate or its TLS is not what it should be, so that no request was sent to it. If a proxy with a CA of its own " +
			"stands between, add that CA to the system's store, or on Linux name its file in SSL_CERT_FILE; otherwise check endpoint_override. The check cannot be turned off."}
	case scp.ClassTransport:
		return advice{summary: "Connection Failed", next: "The connection to the endpoint could not be made, or ended before the answer was complete. Check that something listens there " +
			"and that the network and its proxies (HTTPS_PROXY, NO_PROXY) let it through; then run again."}
	case scp.ClassBody:
		return advice{summary: "Unusable Answer", next: reading.unclear + "If the endpoint is SCP's own and not a proxy's " +
			"or a login page's, the API may have changed: look for a newer release of the provider, and report this at " + projectURL + "/issues."}
	case scp.ClassStale:
		return advice{summary: "Answer From a Cache", next: reading.unclear + "Every request asks caches to stay out, and one on the way answered all the same, with what may have changed since. " +
			"Take the endpoint out of that cache, or reach SCP without it (HTTPS_PROXY, NO_PROXY)."}
	}
	return adviceForStatus(e, reading)
}

func adviceForStatus(e *scp.Error, reading reading) advice {
	switch status := e.StatusCode; {
	case status == http.StatusProxyAuthRequired || notFromSCP(e):
		return advice{summary: "Answer Not From SCP", next: "The answer does not have the form of SCP's errors: a proxy, a firewall or a login page probably stands between. " +
			"Check HTTPS_PROXY and NO_PROXY, and that the address in the request above is SCP's own."}
	case !e.Request.Signed && status >= 400 && status < 500 && status != http.StatusNotFound && status != http.StatusTooManyRequests:
		return advice{summary: "Version List Refused", next: "The list is asked for without keys and without a version, so neither is the reason. " +
			"Check endpoint_override, or region and environment, and whether a proxy stands between."}
	case status == http.StatusUnauthorized:
		return unauthorized(e)
	case status == http.StatusNotAcceptable || complainsOfVersion(e):
		return advice{summary: "API Version Not Accepted", next: fmt.Sprintf("SCP does not answer version %s of the API any more, or not yet. Set the provider's api_version (%s) to another: "+
			"the latest that this release knows is %s. The data source scp_virtualserver_api_versions lists those that the service has.",
			e.Request.APIVersion, apiVersion.env, scp.APIVersions()[0].Number)}
	case status == http.StatusForbidden:
		return forbidden(e, reading)
	case status == http.StatusNotFound && e.FromService && reading.notFound.summary != "":
		return reading.notFound
	case status == http.StatusNotFound && e.FromService:
		return advice{summary: "Not Found", next: "The service itself answered that it has nothing at this address. Check endpoint_override, or region and environment. " +
			"If the address is SCP's own, report this at " + projectURL + "/issues."}
	case status == http.StatusNotFound:
		return advice{summary: "Endpoint Not Found", next: "This answer comes from the gateway or a proxy, not from the service: it says nothing about what was asked for. " +
			"The gateway answers so when it does not know the address or does not get the authentication headers. Check endpoint_override, or region and environment, " +
			"and whether a proxy removes headers."}
	case status == http.StatusBadRequest:
		return advice{summary: "Request Refused", onAttribute: true, next: "SCP takes the request for malformed. Check image_id against the console. " +
			"If it is right, report this at " + projectURL + "/issues."}
	case status == http.StatusTooManyRequests:
		return advice{summary: "Too Many Requests", next: askedToWait(e) + "Run again later, with a smaller max_concurrency (" + maxConcurrency.env + "), or with a larger max_retries (" + maxRetries.env + ") and timeouts.read."}
	case status >= 500:
		return advice{summary: "SCP Has a Fault", next: askedToWait(e) + "The fault is on SCP's side. Run again later; if it stays, give SCP's support the request id, the time and the URL."}
	case status >= 300 && status < 400:
		return advice{summary: "Redirect Not Followed", next: fmt.Sprintf("The endpoint points to %q. The keys are not sent there. If that is the right place, name it in endpoint_override; "+
			"if it is a login page, a proxy stands between.", e.Location)}
	}
	return advice{summary: "Unexpected Answer", next: reading.unclear + "Only a 200 counts. Check that the endpoint is SCP's own, " +
		"and report this at " + projectURL + "/issues if it is."}
}

func unauthorized(e *scp.Error) advice {
	if skew := e.ClientTime.Sub(e.ServerTime); !e.ServerTime.IsZero() && skew.Abs() > maxClockSkew {
		direction := "ahead of"
		if skew < 0 {
			direction = "behind"
		}
		return advice{summary: "Clock Is Wrong", next: fmt.Sprintf("Requests are signed with the time, and this machine's clock is %s %s the server's:\n  here:   %s\n  server: %s\n\n"+
			"Set this machine's clock, e.g. by switching on NTP, and run again. If it is right, the server's is not.",
			skew.Abs().Round(time.Second), direction, e.ClientTime.UTC().Format(time.RFC3339), e.ServerTime.UTC().Format(time.RFC3339))}
	}
	next := "SCP does not accept the keys. Check that access_key and secret_key belong together, are still valid, and are of this environment; " +
		"and, if they are temporary, that auth_token is set and has not expired. They come from the provider's attributes, the variables " +
		accessKey.env + ", " + secretKey.env + " and " + authToken.env + ", or ~/.scpconf/" + credentialsFile + ", in this order."
	if strings.Contains(e.Detail+e.Code, "HmacValidFail") {
		next = "SCP received another signature than the secret key gives (HmacValidFail). " + next +
			" If they are right, something between may change the URL: check endpoint_override and proxies."
	}
	return advice{summary: "Not Authenticated", next: next}
}

func forbidden(e *scp.Error, reading reading) advice {
	if strings.Contains(strings.ToLower(e.Detail), "only shared images") {
		return advice{summary: "Image Is Not Shared", onAttribute: true, next: "SCP lists members only for an image whose visibility is Shared. Whether this one is visible to others in another way " +
			"(public, say) is not known from here. If it may be unshared in your configuration, leave it out of this data source."}
	}
	permission := reading.permission
	if e.Action != "" {
		permission = e.Action
	}
	return advice{summary: "Not Permitted", onAttribute: true, next: "The keys are good, but their owner lacks the permission for " + permission + ". Have a policy with it attached to the user or role. " +
		"Only the image's owner sees all of its members; an image that is not shared may be answered in this way too."}
}

// complainsOfVersion recognises an API version's refusal. How virtualserver words one is not documented.
func complainsOfVersion(e *scp.Error) bool {
	return e.StatusCode == http.StatusBadRequest && strings.Contains(strings.ToLower(e.Code+" "+e.Detail), "version")
}

// notFromSCP reports whether the answer was made by something that does not speak SCP's language. A gateway's fault may have
// no body at all, and a 404 and a 429 mean the same from anybody.
func notFromSCP(e *scp.Error) bool {
	switch status := e.StatusCode; status {
	case http.StatusNotFound, http.StatusNotAcceptable, http.StatusTooManyRequests:
		return false
	default:
		return status >= 400 && e.Detail != "" && !e.FromService && !e.FromGateway
	}
}

func askedToWait(e *scp.Error) string {
	if e.RetryAfter == 0 {
		return ""
	}
	return fmt.Sprintf("SCP asked to wait at least %s before the next request. ", e.RetryAfter)
}
