// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"bytes"
	"cmp"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"sync"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Fixtures are the accounts, versions and images that an emulator has. The default ones, fixtures.json, are an example.
type Fixtures struct {
	// AccessKey, SecretKey and AuthToken are the keys of the first account. Where they are left out, the first of
	// Accounts is the first account.
	AccessKey string `json:"access_key,omitempty"`
	SecretKey string `json:"secret_key,omitempty"`
	AuthToken string `json:"auth_token,omitempty"` // empty: no session token is asked for
	// AccountID is the ID of the account with these keys.
	AccountID string    `json:"account_id,omitempty"`
	Accounts  []Account `json:"accounts,omitempty"`
	Versions  []Version `json:"versions"`
	Images    []Image   `json:"images"`
	// Regions are those with images of their own. In any other region the images are those of Images.
	Regions map[string]Region `json:"regions,omitempty"`
	// Faults are the faults of whole operations, by path without region: "/", "/v1/images" and "/v1/pending-images".
	Faults map[string]*Fault `json:"faults,omitempty"`
}

// Region is what is different in one region.
type Region struct {
	Images []Image `json:"images"`
}

//go:embed fixtures.json
var defaultFixtures []byte

// Default returns the fixtures that come with the emulator.
func Default() (Fixtures, error) { return parse(defaultFixtures) }

// DefaultJSON returns the fixtures that come with the emulator as they are written.
func DefaultJSON() []byte { return defaultFixtures }

// File returns a function that reads the fixtures from a file each time it is called. What it returned before is
// returned again while the file has the same bytes, so the caller must not change it.
func File(name string) func() (Fixtures, error) {
	var mu sync.Mutex
	var parsed Fixtures
	var from []byte // nil: nothing is parsed
	return func() (Fixtures, error) {
		text, err := os.ReadFile(name) //nolint:gosec // the user names the file
		if err != nil {
			return Fixtures{}, err
		}
		mu.Lock()
		defer mu.Unlock()
		if from != nil && bytes.Equal(text, from) {
			return parsed, nil
		}
		fixtures, err := parse(text)
		if err != nil {
			return Fixtures{}, fmt.Errorf("%s: %w", name, err)
		}
		parsed, from = fixtures, text
		return fixtures, nil
	}
}

// Fixed returns a function that always returns fixtures.
func Fixed(fixtures Fixtures) func() (Fixtures, error) {
	return func() (Fixtures, error) { return fixtures, nil }
}

// in returns the fixtures as they are in region.
func (f Fixtures) in(region string) Fixtures {
	if r, ok := f.Regions[region]; ok {
		f.Images = r.Images
	}
	return f
}

func parse(text []byte) (Fixtures, error) {
	var fixtures Fixtures
	if err := unmarshalStrictly(text, &fixtures); err != nil {
		return Fixtures{}, err
	}
	return fixtures, fixtures.check()
}

func (f Fixtures) check() error {
	if err := f.checkAccounts(); err != nil {
		return err
	}
	if err := checkImages(f.Images); err != nil {
		return err
	}
	for name, region := range f.Regions {
		if !isRegion(name) {
			return fmt.Errorf("%q cannot be a region", name)
		}
		if err := checkImages(region.Images); err != nil {
			return fmt.Errorf("region %s: %w", name, err)
		}
	}
	for path, fault := range f.Faults {
		if path != "/" && path != imagesPath && path != pendingImagesPath {
			return fmt.Errorf("there is no path %q to have a fault", path)
		}
		if err := fault.check(); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	return nil
}

// unmarshalStrictly rejects unknown and duplicate names: a misspelt fault would do nothing. Its error names the place in text.
func unmarshalStrictly(text []byte, into any) error {
	err := json.Unmarshal(text, into, json.RejectUnknownMembers(true))
	if e, ok := errors.AsType[*json.SemanticError](err); ok {
		problem := e.Err
		if problem == nil {
			problem = errors.New("a value of another type is needed here")
		}
		return fmt.Errorf("%s: %w: %s", position(text, e.ByteOffset), problem, cmp.Or(string(e.JSONPointer), "the whole"))
	}
	if e, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		return fmt.Errorf("%s: %w", position(text, e.ByteOffset), e.Err)
	}
	return err
}

// position names the place of the byte at offset as an editor would.
func position(text []byte, offset int64) string {
	before := text[:offset]
	column := utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]) + 1
	return fmt.Sprintf("line %d, column %d", bytes.Count(before, []byte("\n"))+1, column)
}
