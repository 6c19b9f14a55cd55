// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/scp-community/terraform-provider-scp/internal/scp/consistency"
)

// staleness returns why the header of a response says that a cache made it, not the service; empty if it does not.
func staleness(header http.Header) string {
	for _, age := range consistency.Values(header, "Age") {
		// ParseFloat gives 0 for text and +Inf for a huge number.
		if seconds, _ := strconv.ParseFloat(age, 64); seconds > maxAge.Seconds() {
			return fmt.Sprintf("it says that it is %s seconds old (Age)", age)
		}
	}
	for _, warning := range consistency.Values(header, "Warning") {
		if code, _, _ := strings.Cut(warning, " "); code == "110" || code == "111" {
			return "it says that it is out of date (Warning: " + warning + ")"
		}
	}
	return ""
}
