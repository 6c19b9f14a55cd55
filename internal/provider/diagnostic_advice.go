// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"github.com/scp-community/terraform-provider-scp/internal/provider/title"
	"github.com/scp-community/terraform-provider-scp/internal/scp"
)

// advice is what a kind of failure means, and what to do.
type advice struct {
	title       string
	onAttribute bool   // the failure is about what was asked for, so the attribute that names it is pointed at
	text        string // with {placeholders} for what differs between two failures; see [reading.facts]
}

// What several kinds share.
const (
	report    = "report this at " + projectURL + "/issues."
	checkKeys = "{credentials}\n\nCheck that the keys are a pair, have not expired and belong to this environment. Temporary keys need " +
		"auth_token. "
	reachable = "First check that the address in Request can be reached from here, through the proxy if there is one (HTTPS_PROXY). "
	proxySays = "The proxy in HTTPS_PROXY responded, and SCP was not reached. "
)

// adviceOf has a row for each kind of failure. The linter exhaustive holds it to that.
var adviceOf = map[scp.Kind]advice{
	// The status is not 200.
	scp.KindUnauthorized: {
		title: title.AuthenticationFailed,
		text:  "SCP rejected the keys.\n\n" + checkKeys + "A policy can also restrict the caller's IP address.",
	},
	scp.KindSignatureRejected: {
		title: title.AuthenticationFailed,
		text: "SCP rejected the signature (HmacValidFail). {suspect}\n\n" + checkKeys +
			"If they are right, check this machine's clock, and whether a proxy rewrites the URL.",
	},
	scp.KindClock: {
		title: title.ClockIsWrong,
		text: "This machine's clock is {skew} the server's, so SCP rejects its signatures.\n\n  here:   {here}\n  server: {server}\n\n" +
			"Correct the clock, for example with NTP, and run again. If that does not help, check the keys:\n\n{credentials}",
	},
	scp.KindForbidden: {
		title: title.PermissionDenied, onAttribute: true,
		text: "These keys are not allowed to {action}.\n\n{denied}Ask an administrator to add the permission for {permission} to the " +
			"user's group or to the role. A policy can also restrict the caller's IP address.",
	},
	scp.KindNotShared: {
		title: title.ImageIsNotShared, onAttribute: true,
		text: "Only images whose visibility is Shared have members. This image can still be open to others: check its visibility with " +
			"scp_virtualserver_images.\n\nRemove the image from this data source, or set its visibility to Shared.",
	},
	scp.KindImageNotFound: {
		title: title.ImageNotFound, onAttribute: true,
		text: "SCP found no such image, or these keys are not allowed to see it.\n\nCheck {check}: it takes the ID, not the name " +
			"(scp_virtualserver_images lists both). Then check that the keys belong to the account that owns the image, in this region and " +
			"environment.",
	},
	scp.KindEndpointNotFound: {
		title: title.EndpointNotFound,
		text: "This 404 comes from SCP's gateway or a proxy, so {what} may exist. The gateway sends it for an unknown address and for " +
			"requests without authentication headers.\n\nCheck endpoint_override (without /v1, which the provider adds), or region and " +
			"environment, and whether a proxy removes headers.",
	},
	scp.KindVersionRejected: {
		title: title.APIVersionNotAccepted,
		text: "SCP does not accept version {version} of the API.\n\nSet api_version (SCP_TF_API_VERSION) to a version that " +
			"scp_virtualserver_api_versions lists. This release knows versions up to {latest}.",
	},
	scp.KindMalformed: {
		title: title.RequestRejected, onAttribute: true,
		text: "SCP rejected the request as malformed.\n\nCheck {check}. If nothing is wrong there, " + report,
	},
	scp.KindTooManyRequests: {
		title: title.TooManyRequests,
		text:  "{wait}{later} Or allow more retries (max_retries, SCP_TF_MAX_RETRIES).",
	},
	scp.KindServerError: {
		title: title.SCPServerError,
		text: "{wait}SCP, or a gateway or proxy in front of it, failed. Run again later.\n\nIf it persists, send SCP's support the request ID, " +
			"the time and the URL. If there is no request ID, a proxy of your own may have failed: check HTTPS_PROXY.",
	},
	scp.KindForeign: {
		title: title.ResponseNotFromSCP,
		text: "The response does not have the form of SCP's errors: a proxy, a firewall or a login page probably sent it.\n\nCheck " +
			"HTTPS_PROXY and NO_PROXY, and that the address in Request is SCP's own.",
	},
	scp.KindRedirect: {
		title: title.RedirectNotFollowed,
		text: "The endpoint redirects{to}. The keys are not sent there.\n\nIf that is the right place, name it in endpoint_override. " +
			"If it is a login page, a proxy is intercepting the connection.",
	},
	scp.KindUnexpectedStatus: {
		title: title.UnexpectedStatus,
		text: "The provider accepts only status 200.\n\nCheck endpoint_override, or region and environment, and whether a proxy is " +
			"intercepting the connection. If the address is SCP's own, " + report,
	},

	// The status is 200.
	scp.KindUnusable: {
		title: title.UnusableResponse,
		text: "{unclear}\n\nIf a proxy or login page sent it, bypass the proxy (NO_PROXY). If SCP sent it, look for a newer release and " +
			report,
	},
	scp.KindStale: {
		title: title.CachedResponse,
		text: "{fast clock}Something between here and SCP sent a stored response, although each request has Cache-Control: no-cache. " +
			"The sharing may have changed since.\n\nTurn the cache off for this endpoint, or bypass it (HTTPS_PROXY, NO_PROXY, endpoint_override).",
	},
	scp.KindListChanged: {
		title: title.ListIsNotComplete,
		text: "{unclear} The list may have changed while it was read, SCP may have sent an empty page although more images follow, or a " +
			"proxy may remove the query from the URL.\n\nRun again. If the response is the same each time, running again does not help: " + report,
	},
	scp.KindFilterIgnored: {
		title: title.FilterIgnored,
		text: "{unclear} Check endpoint_override, and that no proxy removes the query from the URL. If the data source has visibility, leave " +
			"visibility out and filter in the configuration. If the endpoint is SCP's own, " + report,
	},
	scp.KindMemberTwice: {
		title: title.MemberListedTwice, onAttribute: true,
		text: "SCP has two entries for one account, with different statuses, so it is unclear which one counts.\n\n" +
			"Remove the account from the image until it is gone: one removal takes one entry. Then share the image again.",
	},
	scp.KindUnknownFilter: {
		title: title.UnknownVisibility, onAttribute: true,
		text: "An empty list for a misspelled visibility would look as if there were no such images.\n\n" +
			"Check the spelling: SCP's documents name public, community, shared and private.",
	},

	// There is no response of SCP.
	scp.KindInput: {title: title.ReadNotPossible, text: "Correct this value."},
	scp.KindCanceled: {
		title: title.ReadStopped,
		text:  "The run was interrupted before SCP had responded, so nothing is known. Run it again.",
	},
	scp.KindReadTimeout: {
		title: title.ReadTimedOut,
		text: "The read took longer than {read limit} (timeouts.read), retries included.\n\n{all proxy}" + reachable +
			"Only if SCP is slow, allow more time: timeouts = { read = \"5m\" }.",
	},
	scp.KindHeldBack: {
		title: title.ReadTimedOutWhileRateLimited,
		text:  "SCP is limiting requests, and the read timed out while it was waiting to send its own. {wait}{later}",
	},
	scp.KindRequestTimeout: {
		title: title.RequestTimedOut,
		text: "The last attempt took longer than {request limit} (request_timeout).\n\n{all proxy}" + reachable +
			"Only if SCP is slow, raise the provider's request_timeout (SCP_TF_REQUEST_TIMEOUT).{hello}",
	},
	scp.KindDNS: {
		title: title.HostNameNotFound,
		text: "{all proxy}The name \"{name}\" does not exist.\n\nCheck the spelling of region and environment (or auth_url), or of " +
			"endpoint_override. Then check the name resolution of this machine.",
	},
	scp.KindDNSTemporary: {
		title: title.NameResolutionFailed,
		text: "The name server of this machine failed or did not respond, so nothing is known about the name \"{name}\". Run again. " +
			"If it persists, check the name resolution of this machine.",
	},
	scp.KindTLS: {
		title: title.TLSConnectionFailed,
		text: "{no CAs}The server's certificate or TLS version is not accepted.\n\nIf a proxy with its own CA intercepts the connection, add " +
			"that CA to the system's store, or on Linux name its file in SSL_CERT_FILE. Otherwise check region and environment, or " +
			"endpoint_override. The check cannot be turned off.",
	},
	scp.KindNotYetValid: {
		title: title.TLSConnectionFailed,
		text: "The server's certificate is valid only from a later time on. Most likely this machine's clock is slow.\n\n" +
			"Correct the clock, for example with NTP, and run again.",
	},
	scp.KindNotTLS: {
		title: title.TLSConnectionFailed,
		text: "The server does not speak TLS on this port.\n\nCheck the port in endpoint_override, and whether a proxy is intercepting the " +
			"connection.",
	},
	scp.KindTLSRefused: {
		title: title.TLSConnectionFailed,
		text: "The server refuses this client. Response says why: it requires a client certificate, which this provider cannot send, or a TLS " +
			"version, key exchange or protocol that Go no longer allows.\n\nAsk the operator of the endpoint for TLS 1.2 or later without a " +
			"client certificate, or name another address in endpoint_override: for example a gateway of your own that adds the certificate, and " +
			"passes the rest as it was sent.",
	},
	scp.KindNotHTTP: {
		title: title.ConnectionFailed,
		text: "This is no HTTP server: the other end responded with something else.\n\nCheck the port in endpoint_override, whether it has " +
			"to begin with https://, and the address in HTTPS_PROXY if a proxy is used.",
	},
	scp.KindMachine: {
		title: title.MachineLimitReached,
		text: "This machine has no file, port or memory left for another connection. The endpoint is not the cause.\n\nClose other programs, " +
			"raise the limit (ulimit -n), or lower the provider's max_concurrency. Then run again.",
	},
	scp.KindConnection: {
		title: title.ConnectionFailed,
		text: "{all proxy}The connection failed, or it ended before the response was complete.\n\nCheck region and environment, or " +
			"endpoint_override, and that the network and its proxies (HTTPS_PROXY, NO_PROXY) let requests through. Then run again.{hello}",
	},
	scp.KindProxyAddress: {
		title: title.ConnectionFailed,
		text: "The connection to the proxy failed.\n\nCheck the name and the port in HTTPS_PROXY, and that it begins with http://: most " +
			"proxies do not speak TLS themselves. For one that does, its CA has to be in the system's store.",
	},
	scp.KindProxyConnection: {
		title: title.ConnectionFailed,
		text:  "The connection to the proxy failed.\n\nCheck the address in HTTPS_PROXY, and that the proxy runs.",
	},
	scp.KindProxyLogin: {
		title: title.ProxyDidNotConnect,
		text: proxySays + "It requires a user and password, or rejects those in HTTPS_PROXY. Percent-encode characters such as % and @ in " +
			"them.\n\nThis provider supports only Basic authentication. If Response names only other ways to log in, such as Negotiate or NTLM, " +
			"run a relay on this machine that logs in (such as Cntlm or Px) and name it in HTTPS_PROXY, or name {host} in NO_PROXY if it can be " +
			"reached directly.",
	},
	scp.KindProxyFailed: {
		title: title.ProxyDidNotConnect,
		text: proxySays + "It could not connect to the endpoint.\n\nCheck region and environment, or endpoint_override: the name may be " +
			"misspelled. If they are right, run again later.",
	},
	scp.KindProxyRejects: {
		title: title.ProxyDidNotConnect,
		text: proxySays + "It rejected this connection.\n\nCheck the address in HTTPS_PROXY, and ask the proxy's administrator to allow " +
			"{host}, or name {host} in NO_PROXY if it can be reached directly.",
	},
}
