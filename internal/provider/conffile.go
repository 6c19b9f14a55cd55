package provider

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"
)

// confFileNames are the files under ~/.scpconf/ that are read.
var confFileNames = []string{configFile, credentialsFile}

// confFiles are the files under ~/.scpconf/, by name.
type confFiles map[string]confFile

// confFile holds the settings of one of the files under ~/.scpconf/, which the vendor's tools share.
type confFile struct {
	path   string
	broken error // the file is there, but cannot be read or parsed; it says where, without quoting the text
	values map[string]json.RawMessage
}

func readConfFiles() confFiles {
	files := confFiles{}
	home, err := os.UserHomeDir()
	if err != nil {
		return files // without a home there are no files in it
	}
	for _, name := range confFileNames {
		files[name] = readConfFile(filepath.Join(home, ".scpconf", name))
	}
	return files
}

// readConfFile reads the file at path. One that does not exist or is empty holds no settings.
func readConfFile(path string) confFile {
	file := confFile{path: path}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		file.broken = errors.New("this is not a regular file") // reading a pipe would wait for ever
		return file
	}
	text, err := os.ReadFile(path) //nolint:gosec // the name is fixed, the folder is the user's home
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		file.broken = withoutPath(err)
	default:
		file.values, file.broken = parseConf(text)
	}
	return file
}

// withoutPath takes the operation and the path off an error about a file, for where the path is named already.
func withoutPath(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	return err
}

// lookup returns the text of key, or "" if the file does not have it. Like the vendor's tools it takes a key in
// another case too.
func (f confFile) lookup(key string) (string, error) {
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
