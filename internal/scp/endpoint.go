// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"cmp"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// Domain is the parent domain of SCP's host names.
const Domain = "samsungsdscloud.com"

const regionPlaceholder = "{region}"

// LabelForm is the form of a region and of an environment, to follow "must be".
const LabelForm = "a single DNS label: 1 to 63 lower-case letters, digits and inner hyphens"

var labelForm = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)

// CheckLabel returns an error if label cannot be a region or an environment.
func CheckLabel(label string) error {
	if !labelForm.MatchString(label) {
		return errors.New("it must be " + LabelForm)
	}
	return nil
}

// Endpoint says where the virtualserver service is.
type Endpoint struct {
	Override    string // the service's base URL, which may contain {region}; empty for SCP's own host names
	Environment string // the second part of these: s, g or e at the time of writing
}

// TakesRegion reports whether the service's URL depends on a region.
func (e Endpoint) TakesRegion() bool {
	return e.Override == "" || strings.Contains(e.Override, regionPlaceholder)
}

// URL returns the base URL of the service in region, without a slash at its end.
// Source of the host names: docs.e.samsungsdscloud.com.
func (e Endpoint) URL(region string) (*url.URL, error) {
	if err := CheckLabel(region); err != nil && e.TakesRegion() {
		return nil, fmt.Errorf("the region %q cannot be used: %w", region, err)
	}
	if e.Override != "" {
		return parseOverride(strings.ReplaceAll(e.Override, regionPlaceholder, region))
	}
	if err := CheckLabel(e.Environment); err != nil {
		return nil, fmt.Errorf("the environment %q cannot be used: %w", e.Environment, err)
	}
	return &url.URL{Scheme: "https", Host: "virtualserver." + region + "." + e.Environment + "." + Domain}, nil
}

// CheckOverride returns an error if override cannot be a base URL of the service. It does not repeat override, which might have a password.
func CheckOverride(override string) error {
	_, err := parseOverride(strings.ReplaceAll(override, regionPlaceholder, "region"))
	return err
}

// hostForm is a host name in small letters, with the underscores of many internal networks, or an address; and perhaps a port. A host of
// another form would not be sent as it is signed.
var hostForm = regexp.MustCompile(`^(` + hostLabel + `(\.` + hostLabel + `)*|\[[0-9a-f:.]+\])(:[1-9]\d{0,4})?$`)

const hostLabel = `[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?`

// parseOverride returns the URL in its normal form, in which it is signed and sent: a gateway that rewrites it would make it that.
func parseOverride(override string) (*url.URL, error) {
	if strings.TrimSpace(override) != override {
		return nil, errors.New("it must not begin or end with white space or a line break")
	}
	u, err := url.Parse(override)
	if err == nil {
		_, err = strconv.ParseUint(cmp.Or(u.Port(), "443"), 10, 16)
	}
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.User != nil || strings.ContainsAny(override, `?#{}"`) ||
		!hostForm.MatchString(strings.ToLower(u.Host)) {
		return nil, errors.New("it must be a URL that begins with https://, such as https://gateway.example.com:8443/scp, without quotes, " +
			"user, password, query or fragment; {region} is the only placeholder")
	}
	u.Host = strings.TrimSuffix(strings.ToLower(u.Host), map[string]string{"https": ":443", "http": ":80"}[u.Scheme])
	if u.Scheme == "http" && !loopback(u.Hostname()) {
		return nil, errors.New("it must begin with https://; http:// is accepted for loopback addresses only")
	}
	u.Path = strings.TrimRight(u.Path, "/")
	u.RawPath = strings.TrimRight(u.RawPath, "/")
	return u, nil
}

func loopback(host string) bool {
	address, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && address.IsLoopback()
}
