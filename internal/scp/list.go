// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/scp-community/terraform-provider-scp/internal/scp/consistency"
)

// list is how the items of a response are believed.
type list[T any] struct {
	name    string                // its key
	imageID string                // the image that it is of; empty for none
	paged   bool                  // whether further pages follow, unless this one is empty
	earlier int                   // items on earlier pages, or consistency.Unknown
	check   func(items []T) *flaw // whether each item, and all of them together, can be used
}

// length returns how many items the list has with those of a response, which are nil if it has no list.
func (l list[T]) length(items []T) int {
	switch {
	case items == nil, l.paged && len(items) > 0:
		return consistency.Unknown
	case l.paged:
		return l.earlier
	}
	return len(items)
}

// flaw is why a list cannot be used.
type flaw struct {
	kind   Kind
	reason string
}

// readList sends o and returns the items of its list. It is the only place where a response is believed: the list is there, nothing else
// in the response contradicts it, and its items can be used.
func readList[T any](ctx context.Context, c *Client, region string, o operation, l list[T]) ([]T, *Error) {
	r, failure := c.newRequest(region, o)
	if failure != nil {
		return nil, failure
	}
	got, failure := c.newColumn(r)(ctx, r)
	if failure != nil {
		return nil, failure
	}
	items, ignored, f := l.believe(got)
	date, _ := http.ParseTime(got.header.Get("date"))
	age := c.config.Now().Sub(date).Round(time.Second)
	isOld := !date.IsZero() && age > maxDateAge // a clock and a network do not explain it
	if f == nil && isOld && l.length(items) == 0 {
		f = &flaw{KindStale, fmt.Sprintf("its Date is %s old: this machine's clock may be fast, or a cache sent it", age)}
	}
	if f != nil {
		return nil, c.newError(r, &Error{
			Kind: f.kind, StatusCode: got.status, Reason: f.reason, Attempts: got.requests, Elapsed: got.duration, ServerTime: date,
		})
	}
	if isOld {
		logWarning(ctx, r, "SCP response has an old Date: this machine's clock may be fast, or a cache sent it", "age", age.String())
	}
	if len(ignored) > 0 {
		keys := c.redactor.Clean(strings.Join(ignored, ", "))
		logWarning(ctx, r, "SCP response has keys that this release does not know and ignores", "keys", keys)
	}
	if warnings := got.header.Values("warning"); len(warnings) > 0 { // of a stale response, which comes with a 11x, there is an error
		logWarning(ctx, r, "SCP response has warnings", "warnings", c.redactor.Clean(strings.Join(warnings, ", ")))
	}
	return items, nil
}

func (l list[T]) believe(got response) (items []T, ignored []string, _ *flaw) {
	items, keys, err := decodeList[T](got.body, l.name)
	if err != nil {
		return nil, nil, unusableItem("%s", err)
	}
	ignored, err = consistency.Check(consistency.Response{
		List: l.name, ImageID: l.imageID, Count: len(items), Length: l.length(items),
		Keys: keys, Header: got.header, Trailer: got.trailer,
	})
	switch {
	case err != nil:
		return nil, nil, unusableItem("%s", err)
	case items == nil:
		return nil, nil, unusableItem("it has no %q array", l.name)
	}
	return items, ignored, l.check(items)
}

func unusableItem(format string, values ...any) *flaw {
	return &flaw{KindUnusable, "unusable body: " + fmt.Sprintf(format, values...)}
}

// decodeList returns the items of the list with the given key, nil if there is none, and the values of the other keys. It accepts nothing
// that could make the list shorter than it is: names are matched with their case, none may come twice, and the text must be valid UTF-8.
// It reads the text once: a list can have 10,000 items.
func decodeList[T any](body []byte, name string) (items []T, others map[string]jsontext.Value, err error) {
	if !utf8.Valid(body) {
		return nil, nil, errors.New("it is not valid UTF-8")
	}
	// The buffer is not copied. Half of a surrogate pair, in an escaping, becomes U+FFFD.
	decoder := jsontext.NewDecoder(bytes.NewBuffer(body), jsontext.AllowInvalidUTF8(true))
	opening, err := decoder.ReadToken()
	if err != nil {
		return nil, nil, describeDecodeError(err)
	}
	if kind := opening.Kind(); kind != '{' {
		return nil, nil, fmt.Errorf("it is %s, not an object", kindsOfJSON[kind])
	}
	others = map[string]jsontext.Value{}
	for decoder.PeekKind() != '}' {
		key, err := decoder.ReadToken()
		if err != nil {
			return nil, nil, describeDecodeError(err)
		}
		if key := key.String(); key == name {
			err = json.UnmarshalDecode(decoder, &items)
		} else {
			others[key], err = decoder.ReadValue()
			others[key] = others[key].Clone() // it is the decoder's
		}
		if err != nil {
			return nil, nil, describeDecodeError(err)
		}
	}
	if _, err = decoder.ReadToken(); err == nil {
		if _, err = decoder.ReadToken(); err == io.EOF { //nolint:errorlint // the decoder returns it as it is
			return items, others, nil
		}
	}
	return nil, nil, fmt.Errorf("it is not valid JSON from byte %d on", decoder.InputOffset())
}

// kindsOfJSON are the kinds of JSON values in words.
var kindsOfJSON = map[jsontext.Kind]string{
	'n': "null", 'f': "a boolean", 't': "a boolean", '"': "a string", '0': "a number", '{': "an object", '[': "an array",
}

// describeDecodeError returns what a decoder found wrong, in terms of the response: the library's words name this program's types.
func describeDecodeError(err error) error {
	if semantic, ok := errors.AsType[*json.SemanticError](err); ok {
		return fmt.Errorf("the value at %q is %s, which does not belong there", semantic.JSONPointer, kindsOfJSON[semantic.JSONKind])
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
