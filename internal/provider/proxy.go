// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"net/url"

	"golang.org/x/net/http/httpproxy"
)

// proxyVariables name the proxy for https, in net/http's order: the first that is set counts. The endpoint is https or loopback,
// which needs no proxy.
var proxyVariables = []string{"HTTPS_PROXY", "https_proxy"}

// brokenProxyVariable returns the name of the variable that says which proxy requests to endpoint go through, if it cannot be
// parsed; otherwise "". net/http leaves such a variable out without a word, so that requests would go around the proxy.
func brokenProxyVariable(getenv func(string) string, endpoint *url.URL) string {
	name, proxy := firstSet(getenv, proxyVariables...)
	_, exceptions := firstSet(getenv, "NO_PROXY", "no_proxy")
	usesProxy := func(proxy string) bool {
		config := httpproxy.Config{HTTPSProxy: proxy, NoProxy: exceptions}
		address, err := config.ProxyFunc()(endpoint)
		return err == nil && address != nil
	}
	if name == "" || usesProxy(proxy) || !usesProxy("http://proxy.invalid") {
		return ""
	}
	return name
}

// firstSet returns the first of the variables that is not empty.
func firstSet(getenv func(string) string, names ...string) (name, value string) {
	for _, name := range names {
		if value := getenv(name); value != "" {
			return name, value
		}
	}
	return "", ""
}
