// SPDX-License-Identifier: MPL-2.0

package consistency

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// maxAge is how old a response may be, in seconds. Each request asks caches to stay out; a few seconds are a slow network.
const maxAge = 5

var (
	staleWarning = regexp.MustCompile(`^11[0-3]\b`)                            // others, such as 299 of a deprecation, are not of caches
	statusHit    = regexp.MustCompile(`(?:^|;) *hit *(?:;|=\?[^0]|=[^?]|=?$)`) // edge; hit; ttl=60. With fwd it asked the service.
	yesOrNo      = regexp.MustCompile(`(?:hit|from-cache|(?:^|[-_. ])cached(?:[-_. ].*)?)$`)
	saysHit      = regexp.MustCompile(`(?:^|[^a-z])(?:hit|stale|updating)(?:[^a-z]|$)`)
	otherEnd     = regexp.MustCompile(`(?:control|key|tags?|lookup|hits)$`) // of a name with cache that does not say what the cache did
)

// Stale returns why the header of a response says that a cache made it, not the service; empty if it does not. It knows what caches say,
// not which caches there are.
func Stale(header Fields) string {
	for _, name := range slices.Sorted(maps.Keys(header)) {
		for _, value := range header.Values(name) {
			switch age, _ := strconv.ParseFloat(value, 64); { // 0 for text and +Inf for a huge number
			case name == "Age" && age > maxAge:
				return fmt.Sprintf("it says that it is %s seconds old (Age)", value)
			case name == "Warning" && staleWarning.MatchString(value):
				return "it says that it is out of date (Warning: " + value + ")"
			case isHit(strings.ToLower(name), strings.ToLower(value)):
				return fmt.Sprintf("its header %s says so: %s", name, value)
			}
		}
	}
	return ""
}

// isHit reports whether a field says, with one of its values, that a cache responded without the service.
func isHit(name, value string) bool {
	switch {
	case name == "cache-status":
		return statusHit.MatchString(value)
	case name == "apicache-store": // where its cache is; without a hit there is no such field
		return true
	case slices.Contains([]string{"1", "true", "yes"}, value) && yesOrNo.MatchString(name):
		return true
	}
	value, _, _ = strings.Cut(value, " from ")           // behind it is the name of a cache
	value = strings.ReplaceAll(value, "refresh_hit", "") // which came with the service's consent
	return strings.Contains(name, "cache") && !otherEnd.MatchString(name) && saysHit.MatchString(value)
}
