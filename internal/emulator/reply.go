// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"encoding/json"
	"net/http"
	"strings"
)

// reply is a status with a body: raw or page as they are, anything else in JSON.
type reply struct {
	status int
	body   any
}

type (
	raw  string // of a fault, whether it is JSON or not
	page string // of HTML
)

func (r *reply) text() []byte {
	switch body := r.body.(type) {
	case raw:
		return []byte(body)
	case page:
		return []byte(body)
	}
	text, _ := json.Marshal(r.body)
	return append(text, '\n')
}

func (r *reply) writeHeader(w http.ResponseWriter) {
	if _, set := w.Header()["Content-Type"]; !set { // a fault can have set it
		w.Header().Set("Content-Type", r.contentType())
	}
	w.WriteHeader(r.status)
}

func (r *reply) contentType() string {
	if _, ok := r.body.(page); ok {
		return "text/html; charset=utf-8"
	}
	return "application/json"
}

func (r *reply) write(w http.ResponseWriter) {
	r.writeHeader(w)
	_, _ = w.Write(r.text()) //nolint:gosec // the fixtures say what is sent
}

const requestID = "req-5f2c7a3e-9d41-4f0b-8a36-0c1d2e3f4a5b"

// serviceError is an error in the form of SCP's services.
func serviceError(status int, code, detail string) *reply {
	return serviceErrorWith(status, code, detail, nil)
}

func serviceErrorWith(status int, code, detail string, response any) *reply {
	return &reply{status, map[string]any{"errors": []any{map[string]any{
		"code":              code,
		"detail":            detail,
		"global_request_id": "g" + requestID,
		"links":             []any{},
		"related_resources": []any{},
		"request_id":        requestID,
		"response":          response,
		"status":            status,
		"title":             http.StatusText(status),
	}}}}
}

func badRequest(detail string) *reply {
	return serviceError(http.StatusBadRequest, "BadRequest", detail)
}

// forbidden is a 403 that names the permission it needs.
func forbidden(detail, permission string) *reply {
	return serviceErrorWith(http.StatusForbidden, "Forbidden", detail, map[string]any{
		"access_level": "read", "action_name": permission, "caused_auths": []any{}, "message": detail,
	})
}

// unauthorized is the gateway's 401.
func unauthorized(reason string) *reply {
	return &reply{http.StatusUnauthorized, map[string]any{
		"status": "UNAUTHORIZED", "name": "Request was rejected by gateway", "message": reason,
	}}
}

// gatewayNotFound is the gateway's 404, for a path that it does not know and for a request without the signature's headers.
func gatewayNotFound() *reply {
	return &reply{http.StatusNotFound, map[string]any{
		"timestamp": "2026-01-01T00:00:00.000+00:00", "path": "/", "status": http.StatusNotFound,
		"error": "Not Found", "requestId": "5f2c7a3e-1",
	}}
}

// statusReply is what SCP replies with an error's status.
func statusReply(status int, permission string) *reply {
	switch {
	case status == http.StatusUnauthorized:
		return unauthorized("HmacValidFail")
	case status == http.StatusForbidden:
		return forbidden("You do not have the permission for this action.", permission)
	case status >= http.StatusInternalServerError:
		return serviceError(status, "ContactAdminForAssistance", "An unexpected error has occurred.")
	}
	return serviceError(status, strings.ReplaceAll(http.StatusText(status), " ", ""), "The request was rejected.")
}
