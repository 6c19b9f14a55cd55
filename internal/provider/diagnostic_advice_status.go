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
		return advice{summary: title.VersionListRefused, next: "The list is asked for without keys and without a version, " +
			"so neither is the reason. " +
			"Check endpoint_override, or region and environment, and whether a proxy is intercepting the connection."}
	case status == http.StatusUnauthorized:
		return unauthorized(e, s)
	case e.VersionRejected:
		return versionNotAccepted(e)
	case status == http.StatusForbidden:
		return forbidden(e, s)
	case status == http.StatusNotFound && e.FromService && s.notFound != "":
		return advice{summary: title.ImageNotFound, onAttribute: true, next: s.notFound}
	case status == http.StatusNotFound && e.FromService:
		return advice{summary: title.NotFound, next: "The service answered that it has nothing at this address. Check endpoint_override, " +
			"or region and environment. " +
			"If the address is SCP's own, report this at " + projectURL + "/issues."}
	case status == http.StatusNotFound:
		return advice{summary: title.EndpointNotFound, next: "This answer comes from the gateway or a proxy, not from the service: " +
			"it says nothing about what was asked for. " +
			"The gateway answers like this when it does not know the address or gets no authentication headers. Check endpoint_override, " +
			"or region and environment, " +
			"and whether a proxy removes headers."}
	case status == http.StatusBadRequest:
		return advice{summary: title.RequestRefused, onAttribute: true, next: "SCP rejected the request as malformed. Check " + s.checkWhat +
			". " +
			"If it is right, report this at " + projectURL + "/issues."}
	case status == http.StatusTooManyRequests:
		return tooManyRequests(e)
	case status == http.StatusRequestTimeout || status == http.StatusTooEarly:
		return advice{summary: title.SCPDidNotAnswerInTime, next: "The server gave up this request and asks to send it again. Run again later."}
	case status >= 500:
		return advice{
			summary: title.SCPServerError,
			next: askedToWait(e) + "The error is on SCP's side. Run again later. If it persists, give SCP's support the request id, " +
				"the time and the URL.",
		}
	case status >= 300 && status < 400:
		return redirected(e)
	}
	return advice{summary: title.UnexpectedAnswer, next: s.unclear + "Only status 200 is an answer. " +
		"Check that the endpoint is SCP's own, " +
		"and report this at " + projectURL + "/issues if it is."}
}

// notFromSCP reports whether an error response has a body that does not have the form of SCP's errors. A gateway's error may have
// no body.
func notFromSCP(e *scp.Error) bool {
	return e.StatusCode >= 400 && !meansSameFromAnySource(e.StatusCode) && e.StatusCode != http.StatusNotAcceptable &&
		e.Detail != "" && !e.FromService && !e.FromGateway
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
	next := "The answer does not have the form of SCP's errors: a proxy, a firewall or a login page probably sent it. " +
		"Check " + proxyVariable + " and NO_PROXY, and that the address in the request above is SCP's own."
	if e.StatusCode >= 500 {
		next = "The answer does not have the form of SCP's errors: a load balancer or a proxy probably sent it. Run again later. " +
			"If it persists, check " + proxyVariable + " and NO_PROXY, and that the address in the request above is SCP's own."
	}
	return advice{summary: title.AnswerNotFromSCP, next: next}
}

func redirected(e *scp.Error) advice {
	location := locationWithoutQuery(e.Location)
	if location == "" {
		const next = "The endpoint redirects and does not clearly say where. Check that it is SCP's own."
		return advice{summary: title.RedirectNotFollowed, next: next}
	}
	return advice{summary: title.RedirectNotFollowed, next: fmt.Sprintf("The endpoint redirects to %q. The keys are not sent there. "+
		"If that is the right place, name it in endpoint_override. "+
		"If it is a login page, a proxy is intercepting the connection.", location)}
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

// unauthorized returns the advice on a 401: the clock first if the response's Date is far off, or else the keys.
func unauthorized(e *scp.Error, s subject) advice {
	keys := "Check that access_key and secret_key belong together, are still valid, and are for this environment; " +
		"and, if they are temporary, that auth_token is set and has not expired.\n\n" + s.credentials
	skew := e.ClientTime.Sub(e.ServerTime)
	if !e.ServerTime.IsZero() && skew.Abs() > maxClockSkew {
		direction := "ahead of"
		if skew < 0 {
			direction = "behind"
		}
		return advice{summary: title.ClockIsWrong, next: fmt.Sprintf("Requests are signed with the time, "+
			"and this machine's clock is %s %s the server's:\n  here:   %s\n  server: %s\n\n"+
			"Set this machine's clock, for example with NTP, and run again. If it is right, the keys may be wrong. %s",
			skew.Abs().Round(time.Second), direction, e.ClientTime.UTC().Format(time.RFC3339), e.ServerTime.UTC().Format(time.RFC3339), keys)}
	}
	next := "SCP does not accept the keys. " + keys
	if e.SignatureRejected {
		next = "SCP computed another signature than the one that was sent (HmacValidFail). The secret key is wrong, " +
			"or something on the way changes the URL. " + keys +
			"\n\nIf the keys are right, check endpoint_override and proxies."
	}
	if e.ServerTime.IsZero() {
		next += "\n\nThe answer does not tell the server's time: check this machine's clock too."
	}
	return advice{summary: title.NotAuthenticated, next: next}
}

func forbidden(e *scp.Error, s subject) advice {
	if e.NotShared {
		return advice{summary: title.ImageIsNotShared, onAttribute: true, next: "SCP lists members only for an image whose visibility is " +
			"Shared. Whether this one is visible to others in another way " +
			"(public, for example) is not known from this answer: scp_virtualserver_images tells. " +
			"If the image may be unshared in your configuration, leave it out of this data source."}
	}
	permission := s.permission
	if e.Action != "" {
		permission = e.Action
	}
	next := "The owner of the keys lacks the permission for " + permission + ". "
	if !e.FromService {
		next = "The answer does not say why. If the keys are right, their owner lacks the permission for " + permission + ". "
	}
	return advice{
		summary: title.NotPermitted, onAttribute: true, next: next + "Ask an administrator to grant it to the user or role." + s.hint,
	}
}

func versionNotAccepted(e *scp.Error) advice {
	other := "another"
	if latest := scp.APIVersions()[0].Number; latest != e.Request.APIVersion {
		other += ": the latest that this release knows is " + latest
	}
	return advice{summary: title.APIVersionNotAccepted, next: fmt.Sprintf("SCP does not accept version %s of the API. "+
		"Set the provider's api_version (%s) to %s. "+
		"The data source scp_virtualserver_api_versions lists the versions that the service "+
		"has.", e.Request.APIVersion, config.APIVersion.Env, other)}
}

func tooManyRequests(e *scp.Error) advice {
	next := "Run again later, give the read more time (timeouts.read), or allow more retries (max_retries, " + config.MaxRetries.Env + ")."
	if e.RetryAfter > 0 { // which the retries keep to
		next = askedToWait(e) + moreTime("Run again after that", e.RetryAfter+2*time.Minute)
	}
	return advice{summary: title.TooManyRequests, next: next}
}
