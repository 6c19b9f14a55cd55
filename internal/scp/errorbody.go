// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"cmp"
	"io"
	"net/http"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// errorBody is what an error's body says, as it was sent.
type errorBody struct {
	fromService, fromGateway        bool
	code, detail, action, requestID string
}

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

// parseErrorBody reads every form of error that SCP is known to send, describes HTML, and takes any other body as the detail.
func parseErrorBody(body []byte) errorBody {
	if isHTML(body) {
		return errorBody{detail: describeHTML(body)}
	}
	// The services' form.
	var services struct {
		Errors []struct {
			Code            looseString  `json:"code"`
			Detail          looseString  `json:"detail"`
			Title           looseString  `json:"title"`
			GlobalRequestID looseString  `json:"global_request_id"`
			RequestID       looseString  `json:"request_id"`
			Response        deniedAction `json:"response"`
		} `json:"errors"`
	}
	if unmarshalLeniently(body, &services) == nil && len(services.Errors) > 0 && services.Errors[0].Code != "" {
		first := services.Errors[0]
		var details []string
		for _, e := range services.Errors {
			if detail := cmp.Or(e.Detail, e.Response.message, e.Title); detail != "" {
				details = append(details, string(detail))
			}
		}
		return errorBody{
			fromService: true,
			code:        string(first.Code),
			detail:      strings.Join(details, "; "),
			action:      string(first.Response.action),
			requestID:   string(cmp.Or(first.RequestID, first.GlobalRequestID)),
		}
	}
	// The gateway's two forms.
	var gateway struct {
		Status    looseString `json:"status"` // a word with name and message, a number with error
		Name      looseString `json:"name"`
		Message   looseString `json:"message"`
		Error     looseString `json:"error"`
		RequestID looseString `json:"requestId"`
	}
	if unmarshalLeniently(body, &gateway) == nil {
		if detail := join(": ", cmp.Or(gateway.Name, gateway.Error), gateway.Message); detail != "" {
			return errorBody{
				fromGateway: cmp.Or(gateway.Name, gateway.Error) != "",
				code:        string(gateway.Status), detail: detail, requestID: string(gateway.RequestID),
			}
		}
	}
	return errorBody{detail: string(body)}
}

func unmarshalLeniently(body []byte, into any) error {
	return json.Unmarshal(body, into, jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))
}

func join(separator string, parts ...looseString) string {
	var said []string
	for _, part := range parts {
		if part != "" {
			said = append(said, string(part))
		}
	}
	return strings.Join(said, separator)
}

// looseString takes what should be a string in whatever form it comes: a string, a list of strings, a list of strings
// written as a string, another list as it stands, a number as its digits, and anything else as nothing.
type looseString string

// UnmarshalJSON implements [json.Unmarshaler]. It accepts any JSON value.
func (t *looseString) UnmarshalJSON(value []byte) error {
	*t = ""
	// No lists in lists: a body could hold thousands, each inside the other.
	var list []string
	switch jsontext.Value(value).Kind() {
	case '"':
		var s string
		if err := unmarshalLeniently(value, &s); err != nil {
			return err
		}
		*t = looseString(s)
		if strings.HasPrefix(s, "[") && unmarshalLeniently([]byte(s), &list) == nil {
			*t = looseString(strings.Join(list, "; "))
		}
	case '[':
		*t = looseString(value)
		if unmarshalLeniently(value, &list) == nil {
			*t = looseString(strings.Join(list, "; "))
		}
	case '0':
		*t = looseString(value)
	}
	return nil
}

// deniedAction is the part of a 403 that says which permission is missing. It is null in other errors.
type deniedAction struct{ action, message looseString }

// UnmarshalJSON implements [json.Unmarshaler]. It accepts any JSON value.
func (r *deniedAction) UnmarshalJSON(value []byte) error {
	var object struct {
		ActionName looseString `json:"action_name"`
		Message    looseString `json:"message"`
	}
	if jsontext.Value(value).Kind() == '{' {
		if err := unmarshalLeniently(value, &object); err != nil {
			return err
		}
	}
	*r = deniedAction{action: object.ActionName, message: object.Message}
	return nil
}
