// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/scp-community/terraform-provider-scp/internal/scp/consistency"
)

// list is how the items of a response are believed.
type list[T any] struct {
	name    string                 // its key
	imageID string                 // the image that it is of; empty for none
	paged   bool                   // whether further pages follow, unless this one is empty
	earlier int                    // items on earlier pages, if there are any, or consistency.Unknown
	check   func(items []T) *Error // why one of the items, or all of them together, cannot be used
}

// length returns how many items the list has with those of a response, which are nil if it has no list.
func (l list[T]) length(items []T) int {
	if items == nil || l.paged && len(items) > 0 {
		return consistency.Unknown
	}
	return l.earlier + len(items)
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
	items, ignored, failure := l.believe(got)
	date, _ := http.ParseTime(got.header.Get("date"))
	age := c.config.Now().Sub(date).Round(time.Second)
	isOld := !date.IsZero() && age > maxDateAge // a clock and a network do not explain it
	if failure == nil && isOld && l.length(items) == 0 {
		failure = &Error{Kind: KindStale, Reason: fmt.Sprintf("its Date is %s old: this machine's clock may be fast, or a cache sent it", age)}
	}
	if failure != nil {
		failure.StatusCode, failure.Attempts, failure.Elapsed, failure.ServerTime = got.status, got.requests, got.duration, date
		return nil, c.newError(r, failure)
	}
	if isOld {
		logWarning(ctx, r, "SCP response has an old Date: this machine's clock may be fast, or a cache sent it", "age", age.String())
	}
	keys := c.redactor.Clean(strings.Join(ignored, ", "))
	logWarning(ctx, r, "SCP response has keys that this release does not know and ignores", "keys", keys)
	warnings := c.redactor.Clean(strings.Join(got.header.Values("warning"), ", ")) // of a stale response, with a 11x, there is an error
	logWarning(ctx, r, "SCP response has warnings", "warnings", warnings)
	return items, nil
}

// believe returns the items of a response, and the names of the keys that it ignores. The error has a kind and a reason.
func (l list[T]) believe(got response) (items []T, ignored []string, _ *Error) {
	items, keys, err := decodeList[T](got.body, l.name)
	if err == nil {
		ignored, err = consistency.Check(consistency.Response{
			List: l.name, ImageID: l.imageID, Count: len(items), Length: l.length(items),
			Keys: keys, Header: got.header, Trailer: got.trailer,
		})
	}
	switch {
	case err != nil:
		return nil, nil, unusableList("%s", err)
	case items == nil:
		return nil, nil, unusableList("it has no %q array", l.name)
	}
	return items, ignored, l.check(items)
}

func unusableList(format string, values ...any) *Error {
	return &Error{Kind: KindUnusable, Reason: "unusable body: " + fmt.Sprintf(format, values...)}
}

// decodeList returns the items of the list with the given key, nil if there is none, and the values of the other keys. It accepts nothing
// that could make the list shorter than it is: names are matched with their case, none may come twice, and the text must be valid UTF-8.
// It reads the text once: a list can have 10,000 items.
func decodeList[T any](body []byte, name string) (items []T, others map[string]jsontext.Value, err error) {
	if !utf8.Valid(body) {
		return nil, nil, errors.New("it is not valid UTF-8")
	}
	object := reflect.New(reflect.StructOf([]reflect.StructField{ // the list's name is not known before
		{Name: "Items", Type: reflect.TypeFor[[]T](), Tag: reflect.StructTag(`json:"` + name + `"`)},
		{Name: "Others", Type: reflect.TypeFor[map[string]jsontext.Value](), Tag: `json:",embed"`},
	}))
	// Half of a surrogate pair, in an escaping, becomes U+FFFD.
	err = json.Unmarshal(body, object.Interface(), jsontext.AllowInvalidUTF8(true))
	if semantic, ok := errors.AsType[*json.SemanticError](err); ok { // whose own words name this program's types
		return nil, nil, fmt.Errorf("the value at %q has the wrong type", cmp.Or(semantic.JSONPointer, "/"))
	}
	if err != nil {
		return nil, nil, fmt.Errorf("it is not valid JSON: %s", strings.TrimPrefix(err.Error(), "jsontext: "))
	}
	items, _ = reflect.TypeAssert[[]T](object.Elem().Field(0))
	others, _ = reflect.TypeAssert[map[string]jsontext.Value](object.Elem().Field(1))
	return items, others, nil
}
