// SPDX-License-Identifier: MPL-2.0

package provider

import "cmp"

// comparePointers orders null before every string.
func comparePointers(a, b *string) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return -1
	case b == nil:
		return 1
	}
	return cmp.Compare(*a, *b)
}
