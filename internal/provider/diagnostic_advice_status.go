// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/scp-community/terraform-provider-scp/internal/provider/config"
	"github.com/scp-community/terraform-provider-scp/internal/provider/title"
	"github.com/scp-community/terraform-provider-scp/internal/scp"
)

// maxClockSkew is how far the clocks may differ before a 401 is blamed on the clock.
const maxClockSkew = time.Minute

// adviceForStatus returns the advice on a response whose status is not 200.
func adviceForStatus(e *scp.Error, s subject) advice {
	switch status := e.StatusCode; {
	case status == http.StatusProxyAuthRequired || notFromSCP(e):
		return notSCP(e)
	case !e.Request.Signed && status >= 400 && status < 500 && !meansSameFromAnySource(status):
		return advice{summary: title.APIVersionListRejected, next: "The list is read without keys and without a version, " +
			"so neither is the cause.\n\nCheck endpoint_override, or region and environment, and whether a proxy is intercepting the connection."}
	case status == http.StatusUnauthorized:
		return unauthorized(e, s)
	case e.VersionRejected:
		return versionNotAccepted(e)
	case status == http.StatusForbidden:
		return forbidden(e, s)
	case status == http.StatusNotFound && e.FromService && s.notFound != "":
		return advice{summary: title.ImageNotFound, onAttribute: true, next: s.notFound}
	case status == http.StatusNotFound && e.FromService:
		return advice{summary: title.NotFound, next: "The service has nothing at this address.\n\n" +
			"Check endpoint_override, or region and environment. If the address is SCP's own, report this at " + projectURL + "/issues."}
	case status == http.StatusNotFound:
		return advice{summary: title.EndpointNotFound, next: "The gateway or a proxy responded, not the service, so this says nothing " +
			"about what was asked for. The gateway does this for an unknown address, and for a request without authentication headers.\n\n" +
			"Check endpoint_override, or region and environment, and whether a proxy removes headers."}
	case status == http.StatusBadRequest:
		return advice{summary: title.RequestRejected, onAttribute: true, next: "SCP rejected the request as malformed.\n\nCheck " + s.checkWhat +
			". If it is right, report this at " + projectURL + "/issues."}
	case status == http.StatusTooManyRequests:
		return tooManyRequests(e)
	case status == http.StatusRequestTimeout || status == http.StatusTooEarly:
		return advice{summary: title.RequestTimedOut, next: fmt.Sprintf("The server returned %d in all attempts and asked for the request "+
			"again. Run again later.", status)}
	case status >= 500:
		return serverError(e)
	case status == http.StatusRequestEntityTooLarge && !e.FromService:
		return notSCP(e)
	case status >= 300 && status < 400 && status != http.StatusNotModified:
		return redirected(e)
	}
	return advice{summary: title.UnexpectedStatus, next: "The provider accepts only status 200.\n\n" +
		"Check that the endpoint is SCP's own, and report this at " + projectURL + "/issues if it is."}
}

func serverError(e *scp.Error) advice {
	next := askedToWait(e) + "SCP, or a gateway or proxy in front of it, failed. Run again later.\n\n"
	if e.RequestID != "" {
		next += "If it persists, send SCP's support the request ID, the time and the URL."
	} else {
		next += "The response has no request ID, so a proxy of your own may have sent it: if it persists, check " + proxyVariable + "."
	}
	return advice{summary: title.SCPServerError, next: next}
}

// notFromSCP reports whether an error response has a body that does not have the form of SCP's errors. A gateway's error may have
// no body.
func notFromSCP(e *scp.Error) bool {
	return e.StatusCode >= 400 && !meansSameFromAnySource(e.StatusCode) &&
		!e.VersionRejected && e.Detail != "" && !e.FromService && !e.FromGateway
}

// meansSameFromAnySource reports whether a status means the same from SCP, a gateway or a proxy.
func meansSameFromAnySource(status int) bool {
	switch status {
	case http.StatusNotFound, http.StatusTooManyRequests, http.StatusRequestTimeout, http.StatusTooEarly:
		return true
	}
	return false
}

func notSCP(e *scp.Error) advice {
	next := "The response does not have the form of SCP's errors: a proxy, a firewall or a login page probably sent it.\n\nCheck "
	if e.StatusCode >= 500 {
		next = "The response does not have the form of SCP's errors: a load balancer or a proxy probably sent it. Run again later.\n\n" +
			"If it persists, check "
	}
	next += proxyVariable + " and NO_PROXY, and that the address in Request is SCP's own."
	return advice{summary: title.ResponseNotFromSCP, next: next}
}

func redirected(e *scp.Error) advice {
	location := locationWithoutQuery(e.Location)
	if location == "" {
		const next = "The endpoint redirects and does not clearly say where.\n\nCheck that it is SCP's own."
		return advice{summary: title.RedirectNotFollowed, next: next}
	}
	return advice{summary: title.RedirectNotFollowed, next: fmt.Sprintf("The endpoint redirects to %q. The keys are not sent there.\n\n"+
		"If that is the right place, name it in endpoint_override. If it is a login page, a proxy is intercepting the connection.", location)}
}

// locationWithoutQuery returns the scheme, host and path of a redirect's location, because the rest can contain a secret.
func locationWithoutQuery(location string) string {
	if rest := strings.IndexAny(location, "?#;"); rest >= 0 {
		location = location[:rest]
	}
	u, err := url.Parse(location)
	if err != nil {
		return ""
	}
	u.User = nil
	return u.String()
}

// unauthorized returns the advice on a 401: the clock if the response's Date is far off, or else the keys.
func unauthorized(e *scp.Error, s subject) advice {
	skew := e.ClientTime.Sub(e.ServerTime)
	if !e.ServerTime.IsZero() && skew.Abs() > maxClockSkew {
		direction := "ahead of"
		if skew < 0 {
			direction = "behind"
		}
		return advice{summary: title.ClockIsWrong, next: fmt.Sprintf("This machine's clock is %s %s the server's, so SCP rejects its "+
			"signatures.\n\n  here:   %s\n  server: %s\n\nCorrect the clock, for example with NTP, and run again. "+
			"If that does not help, check the keys:\n\n%s",
			skew.Abs().Round(time.Second), direction, e.ClientTime.UTC().Format(time.RFC3339), e.ServerTime.UTC().Format(time.RFC3339),
			s.credentials)}
	}
	next := "SCP rejected the keys.\n\n"
	if e.SignatureRejected {
		next = "SCP rejected the signature (HmacValidFail). Most likely the secret key is wrong.\n\n"
	}
	next += s.credentials + "\n\nCheck that the keys are a pair, have not expired and belong to this environment. " +
		"Temporary keys need auth_token. "
	if e.SignatureRejected {
		next += "If they are right, check this machine's clock, and whether a proxy rewrites the URL."
	} else {
		next += "A policy can also restrict the caller's IP address."
	}
	if e.ServerTime.IsZero() {
		next += " The response has no Date header, so check this machine's clock too."
	}
	return advice{summary: title.AuthenticationFailed, next: next}
}

func forbidden(e *scp.Error, s subject) advice {
	if e.NotShared {
		return advice{summary: title.ImageIsNotShared, onAttribute: true, next: "Only images whose visibility is Shared have members. " +
			"This image can still be open to others: check its visibility with scp_virtualserver_images.\n\n" +
			"Remove the image from this data source, or set its visibility to Shared."}
	}
	permission := s.permission
	if e.Action != "" {
		permission = e.Action
	}
	return advice{summary: title.PermissionDenied, onAttribute: true, next: s.denied + "ask an administrator to add the permission for " +
		permission +
		" to the user's group or to the role. A policy can also restrict the caller's IP address." + s.hint}
}

func versionNotAccepted(e *scp.Error) advice {
	other := "another"
	if latest := scp.APIVersions()[0].Number; latest != e.Request.APIVersion {
		other += ": the latest that this release knows is " + latest
	}
	return advice{summary: title.APIVersionNotAccepted, next: fmt.Sprintf("SCP does not accept version %s of the API.\n\n"+
		"Set the provider's api_version (%s) to %s. The data source scp_virtualserver_api_versions lists the versions that the service "+
		"has.", e.Request.APIVersion, config.APIVersion.Env, other)}
}

func tooManyRequests(e *scp.Error) advice {
	next := "Run again later, give the read more time (timeouts.read), or allow more retries (max_retries, " + config.MaxRetries.Env + ")."
	if e.RetryAfter > 0 { // which the retries keep to
		next = askedToWait(e) + moreTime("Run again after that", e.RetryAfter+2*time.Minute)
	}
	return advice{summary: title.TooManyRequests, next: next}
}
