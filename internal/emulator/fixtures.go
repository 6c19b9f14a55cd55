package emulator

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// Fixtures are what an emulator plays. Their JSON is documented by the file of the defaults, fixtures.json.
type Fixtures struct {
	AccessKey string    `json:"access_key"`
	SecretKey string    `json:"secret_key"`
	AuthToken string    `json:"auth_token,omitempty"` // empty: no session token is asked for
	Versions  []Version `json:"versions"`
	Images    []Image   `json:"images"`
}

//go:embed fixtures.json
var defaultFixtures []byte

// Default returns the fixtures that come with the emulator.
func Default() (Fixtures, error) { return parse(defaultFixtures) }

// DefaultJSON returns the fixtures that come with the emulator as they are written.
func DefaultJSON() []byte { return defaultFixtures }

// File returns a function that reads the fixtures from a file each time it is called.
func File(name string) func() (Fixtures, error) {
	return func() (Fixtures, error) {
		text, err := os.ReadFile(name) //nolint:gosec // the user names the file
		if err != nil {
			return Fixtures{}, err
		}
		fixtures, err := parse(text)
		if err != nil {
			return Fixtures{}, fmt.Errorf("%s: %w", name, err)
		}
		return fixtures, nil
	}
}

// Fixed returns a function that always returns fixtures.
func Fixed(fixtures Fixtures) func() (Fixtures, error) {
	return func() (Fixtures, error) { return fixtures, nil }
}

func parse(text []byte) (Fixtures, error) {
	var fixtures Fixtures
	if err := unmarshalStrictly(text, &fixtures); err != nil {
		return Fixtures{}, err
	}
	for i, image := range fixtures.Images {
		if image.ID == "" {
			return Fixtures{}, fmt.Errorf("image %d of the list has no id", i+1)
		}
		if fixtures.image(image.ID) != &fixtures.Images[i] {
			return Fixtures{}, fmt.Errorf("image %s is there twice", image.ID)
		}
		if image.Fault == nil {
			continue
		}
		if err := image.Fault.check(); err != nil {
			return Fixtures{}, fmt.Errorf("image %s: %w", image.ID, err)
		}
	}
	return fixtures, nil
}

// unmarshalStrictly refuses what it does not know: a misspelt fault would rehearse nothing.
func unmarshalStrictly(text []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("there is text behind the JSON")
	}
	return nil
}
