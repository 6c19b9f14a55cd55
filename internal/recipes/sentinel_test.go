package recipes

import "testing"

// The report says what is not run, too.
func TestRecipesSentinel(t *testing.T) {
	skip(t, "sentinel", "there is no engine to run it here")
}
