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
	said := object(body)
	// The services' form.
	var errors []jsontext.Value
	if json.Unmarshal(said["errors"], &errors, lenient) == nil && len(errors) > 0 {
		first := object(errors[0])
		var details []string
		for _, value := range errors {
			e := object(value)
			details = append(details, cmp.Or(text(e["detail"]), text(object(e["response"])["message"]), text(e["title"])))
		}
		if code := text(first["code"]); code != "" {
			return &Error{
				FromService: true,
				Code:        code,
				Detail:      joined("; ", details...),
				Action:      text(object(first["response"])["action_name"]),
				RequestID:   cmp.Or(text(first["request_id"]), text(first["global_request_id"])),
			}, false
		}
	}
	// The gateway's two forms: a word as the status, with name and message, or a number with error.
	name := cmp.Or(text(said["name"]), text(said["error"]))
	if detail := joined(": ", name, text(said["message"])); detail != "" {
		return &Error{Code: text(said["status"]), Detail: detail, RequestID: text(said["requestId"])}, name == ""
	}
	return &Error{Detail: string(body)}, len(body) > 0
}

// lenient are the options for what is only shown.
var lenient = json.JoinOptions(jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))

// object returns the members of a JSON object, and none of anything else.
func object(value jsontext.Value) (members map[string]jsontext.Value) {
	if json.Unmarshal(value, &members, lenient) != nil {
		return nil
	}
	return members
}

// text returns what should be a string in whatever form it comes: a string, a list of strings, a list of strings written as a string,
// another list or a number as it stands, and anything else as nothing.
func text(value jsontext.Value) string {
	said := string(value)
	switch value.Kind() {
	case '"':
		said = ""
		_ = json.Unmarshal(value, &said, lenient)
	case '[', '0':
	default:
		return ""
	}
	// No lists in lists: a body could hold thousands, each inside the other.
	var list []string
	if strings.HasPrefix(said, "[") && json.Unmarshal([]byte(said), &list, lenient) == nil {
		return strings.Join(list, "; ")
	}
	return said
}

// joined joins the parts that are not empty.
func joined(separator string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), separator)
}
