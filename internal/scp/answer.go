// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

const maxBodySize = 16 << 20 // of a good answer, decompressed; a member takes some 200 bytes

// answer is a 200 that came whole. Whether its body can be used is for the operation to say.
type answer struct {
	request   Request
	header    http.Header
	body      []byte
	signature string // of the request; nothing that is shown may hold it
	tries     int
	elapsed   time.Duration
}

// exchange is what one try came to, as it came.
type exchange struct {
	signature string
	requests  int // how many times the request was sent
	duration  time.Duration

	status int // 0 if no answer came
	header http.Header
	body   []byte
	err    error // why there is no whole answer
}

// readBody returns the body of a good answer, if it is whole and within the bound.
func readBody(response *http.Response) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(response.Body, maxBodySize+1))
	switch {
	case err != nil:
		return nil, err
	case len(body) > maxBodySize:
		return nil, bodyError{fmt.Errorf("it is larger than %d MiB", maxBodySize>>20)}
	case endsEarly(body, hasEnd(response)):
		return nil, bodyError{io.ErrUnexpectedEOF}
	}
	return body, nil
}

// hasEnd reports whether the server said where the body ends. In HTTP/1 it may leave that to the end of the connection, and a connection
// that broke looks the same.
func hasEnd(response *http.Response) bool {
	return response.ProtoMajor >= 2 || response.ContentLength >= 0 || len(response.TransferEncoding) > 0 || response.Uncompressed
}

// endsEarly reports whether body ends before the object that it begins. Where the server said where its end is, the last byte is enough
// of a look.
func endsEarly(body []byte, hasEnd bool) bool {
	body = bytes.TrimSpace(body)
	if len(body) == 0 || body[0] != '{' {
		return false
	}
	return body[len(body)-1] != '}' || !hasEnd && errors.Is(jsontext.NewDecoder(bytes.NewReader(body)).SkipValue(), io.ErrUnexpectedEOF)
}

// checkAnswer returns an error if a good answer is not one of SCP's own, made for this request: it is no JSON, or comes from a cache.
func checkAnswer(header http.Header, body []byte) error {
	if err := checkAge(header); err != nil {
		return err
	}
	switch {
	case len(bytes.TrimSpace(body)) == 0:
		return bodyError{errors.New("it is empty")}
	case isHTML(body):
		return bodyError{errors.New("it is " + describeHTML(body))}
	}
	if err := checkMediaType(header); err != nil {
		return bodyError{err}
	}
	if !utf8.Valid(body) {
		return bodyError{errors.New("it is not valid UTF-8")}
	}
	return nil
}

// staleError is why an answer is not of this moment.
type staleError struct{ reason string }

func (e staleError) Error() string { return "the answer comes from a cache: " + e.reason }

// bodyError is why the body of a 200 cannot be used.
type bodyError struct{ err error }

func (e bodyError) Error() string { return "the answer's body cannot be used: " + e.err.Error() }
func (e bodyError) Unwrap() error { return e.err }

// kinds are the kinds of JSON values in words.
var kinds = map[jsontext.Kind]string{
	'n': "null", 'f': "a boolean", 't': "a boolean", '"': "a string", '0': "a number", '{': "an object", '[': "an array",
}

// inWords says what a decoder found wrong, in terms of the answer: the library's words name this program's types.
func inWords(err error) error {
	if semantic, ok := errors.AsType[*json.SemanticError](err); ok {
		if semantic.JSONPointer == "" {
			return fmt.Errorf("it is %s, not an object", kinds[semantic.JSONKind])
		}
		return fmt.Errorf("the value at %q is %s, which does not belong there", semantic.JSONPointer, kinds[semantic.JSONKind])
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("its text ends too early")
	}
	if syntactic, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		if errors.Is(err, jsontext.ErrDuplicateName) {
			return fmt.Errorf("the name at %q is listed twice", syntactic.JSONPointer)
		}
		return fmt.Errorf("it is not valid JSON from byte %d on", syntactic.ByteOffset+1)
	}
	return err
}
