// SPDX-License-Identifier: MPL-2.0

package config

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/http/httpproxy"

	"github.com/scp-community/terraform-provider-scp/internal/provider/title"
)

// checkProxy reports a proxy variable that net/http would ignore or misread. The region may be unknown here: a placeholder stands for it.
func (e *evaluation) checkProxy() {
	endpoint, err := e.ClientConfig.Endpoint.URL(cmp.Or(e.DefaultRegion, "region"))
	if err != nil {
		return // not known yet, or reported already
	}
	if name := brokenProxyVariable(e.getenv, endpoint); name != "" {
		e.Errors.AddError(title.InvalidProxyVariable, fmt.Sprintf(
			"The environment variable %s is not the address of a proxy, so requests would bypass the proxy or go to a wrong one. "+
				"(The value is not shown, because it may contain a password.)\n\n"+
				"Write it as http://user:password@host:port. In user and password, write %% as %%25, @ as %%40 and / as %%2F. "+
				"If no proxy is wanted, unset it, or name the endpoint's host in NO_PROXY.", name))
	}
}

// brokenProxyVariable returns the name of the variable with the proxy for endpoint if its value is not the address of one, or else "".
// net/http ignores one that it cannot parse without a word, and takes "http://user:pa/ss@host:1" for a proxy named http.
func brokenProxyVariable(getenv func(string) string, endpoint *url.URL) string {
	name := "HTTPS_PROXY" // in net/http's order; the endpoint is https, or loopback, which needs no proxy
	if getenv(name) == "" {
		name = "https_proxy"
	}
	usesProxy := func(proxy string) bool {
		config := httpproxy.Config{HTTPSProxy: proxy, NoProxy: cmp.Or(getenv("NO_PROXY"), getenv("no_proxy"))}
		address, err := config.ProxyFunc()(endpoint)
		return err == nil && address != nil && isProxy(address)
	}
	if proxy := getenv(name); proxy == "" || usesProxy(proxy) || !usesProxy("http://proxy.invalid") {
		return ""
	}
	return name
}

// proxySchemes are those of the proxies that net/http connects to. As the name of a host, such a word is the scheme of an address that
// net/http misread: see brokenProxyVariable.
var proxySchemes = []string{"http", "https", "socks5", "socks5h"}

func isProxy(address *url.URL) bool {
	host := address.Hostname()
	return slices.Contains(proxySchemes, address.Scheme) && strings.Trim(address.Path, "/") == "" &&
		host != "" && !slices.Contains(proxySchemes, host) && !strings.ContainsAny(host, `"'`)
}
