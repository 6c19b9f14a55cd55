package scp

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"unicode/utf8"
)

// ConfFile holds the settings of one of the files under ~/.scpconf/, which the vendor's tools share.
type ConfFile struct {
	Path   string // as it was opened
	values map[string]json.RawMessage
}

// ReadConfFile reads the file at path. One that does not exist or is empty holds no settings; one that cannot be read
// or parsed is an error that says where the fault is, without quoting the text, which may be a secret.
func ReadConfFile(path string) (ConfFile, error) {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return ConfFile{Path: path}, fmt.Errorf("%s: this is not a regular file", path) // reading a pipe would wait for ever
	}
	text, err := os.ReadFile(path) //nolint:gosec // the name is fixed, the folder is the user's home
	if errors.Is(err, fs.ErrNotExist) {
		return ConfFile{Path: path}, nil
	}
	if err != nil {
		return ConfFile{Path: path}, err
	}
	values, err := parseConf(text)
	if err != nil {
		err = fmt.Errorf("%s: %w", path, err)
	}
	return ConfFile{Path: path, values: values}, err
}

// Lookup returns the text of key, or "" if the file does not have it. Like the vendor's tools it takes a key in
// another case too.
func (f ConfFile) Lookup(key string) (string, error) {
	value, ok := f.values[key]
	if !ok {
		for _, name := range slices.Sorted(maps.Keys(f.values)) {
			if strings.EqualFold(name, key) {
				value = f.values[name]
			}
		}
	}
	if value == nil {
		return "", nil
	}
	var text *string
	if json.Unmarshal(value, &text) != nil {
		return "", fmt.Errorf("the value of the key %q must be a string, in double quotes", key)
	}
	if text == nil {
		return "", nil
	}
	return *text, nil
}

func parseConf(text []byte) (map[string]json.RawMessage, error) {
	if len(bytes.TrimSpace(text)) == 0 {
		return nil, nil
	}
	for offset := 0; offset < len(text); {
		r, size := utf8.DecodeRune(text[offset:])
		if r == utf8.RuneError && size == 1 {
			return nil, fmt.Errorf("%s: the text is not valid UTF-8", position(text, offset))
		}
		offset += size
	}
	var values map[string]json.RawMessage
	err := json.Unmarshal(text, &values)
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax) && syntax.Error() == "unexpected end of JSON input":
		return nil, fmt.Errorf("%s: the JSON is not complete", position(text, len(text)))
	case errors.As(err, &syntax):
		return nil, fmt.Errorf("%s: this is not valid JSON", position(text, int(syntax.Offset)-1))
	case err != nil || values == nil:
		return nil, errors.New("line 1: the file must hold a JSON object, { … }")
	}
	return values, nil
}

// position names the place of the byte at offset as an editor would.
func position(text []byte, offset int) string {
	before := text[:max(0, min(offset, len(text)))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]) + 1
	return fmt.Sprintf("line %d, column %d", line, column)
}
