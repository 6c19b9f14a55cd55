// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/scp-community/terraform-provider-scp/internal/scp/consistency"
)

// list is how the items of a response are believed.
type list[T any] struct {
	name    string                // its key
	imageID string                // the image that it is of; empty for none
	whole   func(count int) int   // the items in the whole list if this response has count, or consistency.Unknown
	check   func(items []T) *flaw // whether each item, and all of them together, can be used
	earlier map[string]any        // keys of earlier pages that count the whole list, or are ignored; nil if there are no pages
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
	if age := dateAge(got.header, c.config.Now()); age > 0 && f == nil {
		if len(items) == 0 && l.whole(0) == 0 {
			f = &flaw{KindStale, fmt.Sprintf("its Date is %s old: this machine's clock may be fast, or a cache sent it", age)}
		} else {
			logWarning(ctx, r, "SCP response has an old Date: this machine's clock may be fast, or a cache sent it", "age", age.String())
		}
	}
	if f != nil {
		failure = c.newError(r, &Error{Kind: f.kind, StatusCode: got.status, Reason: f.reason})
		failure.ServerTime, _ = http.ParseTime(got.header.Get("Date"))
		failure.Attempts, failure.Elapsed = got.requests, got.duration
		logUnusable(ctx, failure)
		return nil, failure
	}
	if len(ignored) > 0 {
		keys := c.redactor.Clean(strings.Join(ignored, ", "))
		logWarning(ctx, r, "SCP response has keys that this release does not know and ignores", "keys", keys)
	}
	if warnings := got.header.Values("Warning"); len(warnings) > 0 { // of a stale response, which comes with a 11x, there is an error
		logWarning(ctx, r, "SCP response has warnings", "warnings", c.redactor.Clean(strings.Join(warnings, ", ")))
	}
	return items, nil
}

func (l list[T]) believe(got response) (items []T, ignored []string, _ *flaw) {
	items, keys, err := decodeList[T](got.body, l.name)
	if err != nil {
		return nil, nil, unusableItem("%s", err)
	}
	whole := l.whole(len(items))
	if items == nil {
		whole = consistency.Unknown // there is no list
	} else if whole != consistency.Unknown {
		maps.Copy(keys, l.earlier)
	}
	ignored, err = consistency.Check(consistency.Response{
		List: l.name, ImageID: l.imageID, Count: len(items), Whole: whole, Keys: keys, Fields: got.header, Trailers: got.trailer,
	})
	switch {
	case err != nil:
		return nil, nil, unusableItem("%s", err)
	case items == nil:
		return nil, nil, unusableItem("it has no %q array", l.name)
	case whole == consistency.Unknown: // to be judged, and told, with the last page
		maps.Copy(l.earlier, consistency.Totals(l.name, keys))
		for _, name := range ignored {
			l.earlier[name] = keys[name]
		}
		ignored = nil
	}
	return items, ignored, l.check(items)
}

// decodeList returns the items of the list with the given key, nil if there is none, and the values of the other keys. It accepts nothing
// that could make the list shorter than it is: names are matched with their case, none may come twice, and the text must be valid UTF-8.
func decodeList[T any](body []byte, name string) (items []T, others map[string]any, err error) {
	decoder := jsontext.NewDecoder(bytes.NewBuffer(body)) // which it does not copy
	opening, err := decoder.ReadToken()
	if err != nil {
		return nil, nil, describeDecodeError(err)
	}
	if kind := opening.Kind(); kind != '{' {
		return nil, nil, fmt.Errorf("it is %s, not an object", kindsOfJSON[kind])
	}
	others = map[string]any{}
	for decoder.PeekKind() != '}' {
		key, err := decoder.ReadToken()
		if err != nil {
			return nil, nil, describeDecodeError(err)
		}
		if key := key.String(); key == name {
			err = json.UnmarshalDecode(decoder, &items)
		} else {
			var value any
			err = json.UnmarshalDecode(decoder, &value)
			others[key] = value
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
