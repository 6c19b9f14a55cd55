// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"cmp"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// readErrorBody returns what can be read of an error's body. A body that is not complete loses its end, where a secret
// may be cut so that it would not be recognised.
func readErrorBody(response *http.Response) []byte {
	if response.StatusCode == http.StatusSwitchingProtocols {
		return nil // the body is the bare connection, which no context ends
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, maxErrorBodySize))
	if err != nil || len(body) == maxErrorBodySize {
		return body[:max(0, len(body)-maxErrorBodySize/4)]
	}
	return body
}

// parseErrorBody reads every form of error that SCP is known to send, describes HTML, and takes any other body as the detail. foreign is
// whether the body has no form of SCP's; a gateway's error may have no body.
func parseErrorBody(body []byte) (e *Error, foreign bool) {
	if isHTML(body) {
		return &Error{Detail: describeHTML(body)}, true
	}
	said := decoded[object](body)
	var errors []object
	for _, value := range decoded[[]jsontext.Value](said["errors"]) {
		errors = append(errors, decoded[object](value))
	}
	if len(errors) > 0 && text(errors[0]["code"]) != "" { // the services' form
		first := errors[0]
		var details []string
		for _, e := range errors {
			details = append(details, cmp.Or(text(e["detail"]), text(decoded[object](e["response"])["message"]), text(e["title"])))
		}
		return &Error{
			fromService: true,
			Code:        text(first["code"]),
			Detail:      joined("; ", details...),
			Action:      text(decoded[object](first["response"])["action_name"]),
			RequestID:   cmp.Or(text(first["request_id"]), text(first["global_request_id"])),
		}, false
	}
	// The gateway's two forms: a word as the status, with name and message, or a number with error.
	name := cmp.Or(text(said["name"]), text(said["error"]))
	if detail := joined(": ", name, text(said["message"])); detail != "" {
		return &Error{Code: text(said["status"]), Detail: detail, RequestID: text(said["requestId"])}, name == ""
	}
	return &Error{Detail: string(body)}, len(body) > 0
}

// object is a JSON object.
type object = map[string]jsontext.Value

// decoded returns what is only shown as a T, and nothing if it is something else.
func decoded[T any](value jsontext.Value) T {
	var whole, none T
	if json.Unmarshal(value, &whole, jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true)) != nil {
		return none
	}
	return whole
}

// text returns what should be a string in whatever form it comes: a string, a list of strings, a list of strings written as a string,
// another list or a number as it stands, and anything else as nothing.
func text(value jsontext.Value) string {
	said := decoded[string](value)
	if kind := value.Kind(); kind == '[' || kind == '0' {
		said = string(value)
	}
	if list := decoded[[]string]([]byte(said)); list != nil { // no lists in lists: a body could hold thousands, each inside the other
		return strings.Join(list, "; ")
	}
	return said
}

// joined joins the parts that are not empty.
func joined(separator string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), separator)
}
