// SPDX-License-Identifier: MPL-2.0

package config

import (
	"errors"
	"net/url"
	"strings"

	"github.com/scp-community/terraform-provider-scp/internal/scp"
)

// environmentFromAuthURL returns the environment that the vendor's auth_url names: "e" for https://iam.e.samsungsdscloud.com/v1.
func environmentFromAuthURL(authURL string) (string, error) {
	u, err := url.Parse(authURL)
	if err == nil && u.Scheme == "https" {
		rest, isIAM := strings.CutPrefix(u.Host, "iam.")
		environment, isSCP := strings.CutSuffix(rest, "."+scp.Domain)
		if isIAM && isSCP && scp.CheckLabel(environment) == nil {
			return environment, nil
		}
	}
	return "", errors.New("it does not have the form https://iam.{environment}." + scp.Domain + "/v1, so it names no environment; " +
		`set environment = "e" (or "s", "g") instead`)
}
