// SPDX-License-Identifier: MPL-2.0

package config

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

// settingsFile has the settings of one of the files under ~/.scpconf/, which the vendor's tools share.
type settingsFile struct {
	path    string
	missing bool
	unknown error // why it is not known whether the file exists
	broken  error // why the file cannot be read or parsed; it says where, without quoting the text
	values  map[string]json.RawMessage
}

// readFile reads the file at path. One that does not exist, cannot be reached or is empty has no settings.
func readFile(path string) settingsFile {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return settingsFile{path: path, missing: true}
	case err != nil:
		return settingsFile{path: path, unknown: withoutPath(err)}
	case !info.Mode().IsRegular():
		return settingsFile{path: path, broken: errors.New("this is not a regular file")} // reading a pipe would block
	}
	text, err := os.ReadFile(path) //nolint:gosec // the name is fixed, the folder is the user's home
	if err != nil {
		return settingsFile{path: path, broken: withoutPath(err)}
	}
	values, err := parse(text)
	return settingsFile{path: path, values: values, broken: err}
}

// withoutPath returns an error about a file without the operation and the path, for a message that names the path already.
func withoutPath(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	return err
}

// lookup returns the text of key, or "" if the file does not have it. Like the vendor's tools, it accepts a key in another case.
func (f settingsFile) lookup(key string) (string, error) {
	var value json.RawMessage
	for _, name := range slices.Sorted(maps.Keys(f.values)) { // small letters come last
		if strings.EqualFold(name, key) {
			value = f.values[name]
		}
	}
	if value == nil {
		return "", nil
	}
	if !utf8.Valid(value) { // an editor on Windows writes the code page of its language; other keys are not used and may have it
		return "", fmt.Errorf("the value of the key %q is not UTF-8: the file was saved as CP949 or ANSI; save it as UTF-8", key)
	}
	var text string // empty for null
	if json.Unmarshal(value, &text) != nil {
		return "", fmt.Errorf("the value of the key %q must be a string, in double quotes", key)
	}
	return text, nil
}

// explainMissing returns a sentence that says why the file gives no value for key.
func (f settingsFile) explainMissing(key string) string {
	switch {
	case f.unknown != nil:
		return fmt.Sprintf("The file %s could not be reached: %s.", f.path, f.unknown)
	case f.missing:
		return fmt.Sprintf("The file %s does not exist.", f.path)
	}
	return fmt.Sprintf("The file %s has no value for the key %q.", f.path, key)
}

const byteOrderMark = "\xef\xbb\xbf"

func parse(text []byte) (map[string]json.RawMessage, error) {
	if bytes.HasPrefix(text, []byte("\xff\xfe")) || bytes.HasPrefix(text, []byte("\xfe\xff")) {
		return nil, errors.New("line 1, column 1: the text is UTF-16; save it as UTF-8")
	}
	text = bytes.TrimPrefix(text, []byte(byteOrderMark))
	if len(bytes.TrimSpace(text)) == 0 {
		return nil, nil
	}
	var values map[string]json.RawMessage // JSON null leaves it nil
	err := json.Unmarshal(text, &values)
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax) && syntax.Error() == "unexpected end of JSON input":
		return nil, fmt.Errorf("%s: the JSON is not complete", position(text, len(text)))
	case errors.As(err, &syntax):
		at := max(int(syntax.Offset)-1, 0)
		for at > 0 && !utf8.RuneStart(text[at]) {
			at-- // from Go 1.27 on, the offset is that of a character's last byte
		}
		return nil, fmt.Errorf("%s: this is not valid JSON", position(text, at))
	case err != nil:
		return nil, errors.New("line 1: the file must contain a JSON object, { … }")
	}
	return values, nil
}

// position returns the line and column of the byte at offset, as an editor counts them.
func position(text []byte, offset int) string {
	before := text[:offset]
	line := bytes.Count(before, []byte("\n")) + 1
	column := utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]) + 1
	return fmt.Sprintf("line %d, column %d", line, column)
}
