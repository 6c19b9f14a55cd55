// SPDX-License-Identifier: MPL-2.0

package consistency

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// maxAge is how old a response may be, in seconds. Each request asks caches to stay out; a few seconds are a slow network.
const maxAge = 5

var (
	staleWarning = regexp.MustCompile(`^11[0-3]\b`) // the others, such as 299 of a deprecation, are not about caches
	hit          = regexp.MustCompile(`(?:^|[^a-z])(?:hit|stale|updating)(?:[^a-z]|$)`)
	otherEnd     = regexp.MustCompile(`(?:control|key|tags?|lookup|hits)$`) // of a name with cache that does not say what the cache did
)

// Stale returns why the header of a response says that a cache made it, not the service; empty if it does not. It knows what caches say,
// not which caches there are.
func Stale(header Fields) string {
	for _, field := range header {
		for _, value := range field.values() {
			switch {
			case field.Name == "age" && isOlder(value):
				return fmt.Sprintf("it says that it is %s seconds old (Age)", value)
			case field.Name == "warning" && staleWarning.MatchString(value):
				return "it says that it is out of date (Warning: " + value + ")"
			case field.isHit(value):
				return fmt.Sprintf("its header %s says so: %s", http.CanonicalHeaderKey(field.Name), value)
			}
		}
	}
	return ""
}

func isOlder(age string) bool {
	seconds, _ := strconv.ParseFloat(age, 64) // 0 for text and +Inf for a huge number
	return seconds > maxAge
}

// isHit reports whether a field says, with one of its values, that a cache responded without the service.
func (f Field) isHit(value string) bool {
	value = strings.ToLower(value)
	switch {
	case f.Name == "cache-status": // edge; hit; ttl=60. With fwd it asked the service.
		return slices.ContainsFunc(strings.Split(strings.ReplaceAll(value, " ", ""), ";"), func(parameter string) bool {
			return parameter == "hit" || strings.HasPrefix(parameter, "hit=") && parameter != "hit=?0"
		})
	case f.Name == "apicache-store": // where its cache is; without a hit there is no such field
		return true
	case strings.HasSuffix(f.Name, "hit"), strings.HasSuffix(f.Name, "from-cache"), slices.Contains(f.words, "cached"):
		if slices.Contains([]string{"1", "true", "yes"}, value) {
			return true
		}
	}
	value, _, _ = strings.Cut(value, " from ")           // behind it is the name of a cache
	value = strings.ReplaceAll(value, "refresh_hit", "") // which came with the service's consent
	return strings.Contains(f.Name, "cache") && !otherEnd.MatchString(f.Name) && hit.MatchString(value)
}
