// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"fmt"
	"math"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/scp-community/terraform-provider-scp/internal/scp"
)

// facts puts what is known of one failure in the places of an advice's placeholders.
func (r reading) facts(t target, e *scp.Error) *strings.Replacer {
	suspect := "Most likely the secret key is wrong."
	if r.ClientConfig.Endpoint.Override != "" {
		suspect = "The signature covers the URL, and a gateway at endpoint_override may have changed the Host header or the path: both must " +
			"reach SCP as they were sent. Otherwise the secret key is wrong."
	}
	wait, later := "", "Run again later"
	if e.RetryAfter > 0 {
		wait, later = fmt.Sprintf("SCP asked to wait at least %s before the next request. ", e.RetryAfter), "Run again after that"
	}
	hello := ""
	if strings.Contains(e.Forms, "post-quantum") {
		hello = " If nothing else helps, set the environment variable GODEBUG=tlsmlkem=0: every TLS handshake is then a smaller one."
	}
	enough := math.Ceil(cmp.Or(e.RetryAfter, 8*time.Minute).Minutes()) + 2
	later = fmt.Sprintf("%s, or give the read more time, for example timeouts = { read = \"%.0fm\" } on the data source.", later, enough)
	return strings.NewReplacer(
		"{what}", t.what, "{action}", t.action, "{denied}", t.denied, "{check}", t.check, "{unclear}", t.unclear,
		"{credentials}", strings.Join(r.Credentials, "\n"), "{suspect}", suspect, "{permission}", cmp.Or(e.Action, "it"),
		"{name}", e.Host, "{host}", cmp.Or(e.Request.URL, &url.URL{}).Host, "{hello}", hello,
		"{to}", redirectedTo(e.Location), "{no CAs}", missingCAs(), "{all proxy}", unreadProxy(),
		"{version}", e.Request.APIVersion, "{latest}", scp.APIVersions()[0].Number,
		"{read limit}", r.limit.String(), "{request limit}", r.ClientConfig.RequestTimeout.String(),
		"{wait}", wait, "{later}", later, "{fast clock}", fastClock(e), "{skew}", skew(e),
		"{here}", e.ClientTime.UTC().Format(time.RFC3339), "{server}", e.ServerTime.UTC().Format(time.RFC3339),
	)
}

// skew returns how far this machine's clock is from the server's, to precede "the server's".
func skew(e *scp.Error) string {
	difference := e.ClientTime.Sub(e.ServerTime).Round(time.Second)
	if difference < 0 {
		return (-difference).String() + " behind"
	}
	return difference.String() + " ahead of"
}

// fastClock returns a sentence if this machine's clock may be why a response looks old.
func fastClock(e *scp.Error) string {
	if e.ServerTime.IsZero() || e.ClientTime.Sub(e.ServerTime) < time.Minute {
		return ""
	}
	return "This machine's clock is " + skew(e) + " the response's Date. Check it first, for example with NTP. "
}

// redirectedTo returns where a redirect points, without what can contain a secret: only scheme, host and path.
func redirectedTo(location string) string {
	if rest := strings.IndexAny(location, "?#;"); rest >= 0 {
		location = location[:rest]
	}
	u, err := url.Parse(location)
	if err != nil || location == "" {
		return " and does not clearly say where"
	}
	u.User = nil
	return fmt.Sprintf(" to %q", u)
}

// missingCAs returns a sentence if a variable names CAs that do not exist.
func missingCAs() string {
	for _, name := range []string{"SSL_CERT_FILE", "SSL_CERT_DIR"} {
		if at := os.Getenv(name); at != "" {
			if _, err := os.Stat(at); err != nil { //nolint:gosec // it is only looked for
				return "The environment variable " + name + " names something that does not exist, so the CAs in it are missing: correct or unset it. "
			}
		}
	}
	return ""
}

// unreadProxy returns a sentence if the only proxy is in a variable that Go does not read.
func unreadProxy() string {
	if os.Getenv("ALL_PROXY")+os.Getenv("all_proxy") == "" || os.Getenv("HTTPS_PROXY")+os.Getenv("https_proxy") != "" {
		return ""
	}
	return "ALL_PROXY is set and not read: set HTTPS_PROXY. "
}
