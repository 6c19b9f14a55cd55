// SPDX-License-Identifier: MPL-2.0

package emulator

import "net/http"

const requestID = "req-5f2c7a3e-9d41-4f0b-8a36-0c1d2e3f4a5b"

// serviceError is an error in the form of SCP's services.
func serviceError(status int, code, detail string) answer {
	return answer{status, map[string]any{"errors": []any{map[string]any{
		"code":              code,
		"detail":            detail,
		"global_request_id": "g" + requestID,
		"links":             []any{},
		"related_resources": []any{},
		"request_id":        requestID,
		"response":          nil,
		"status":            status,
		"title":             http.StatusText(status),
	}}}}
}

// forbidden is a 403 with the permission that it asks for.
func forbidden(detail, action string) answer {
	a := serviceError(http.StatusForbidden, "Forbidden", detail)
	//nolint:forcetypeassert // serviceError made them, a few lines above
	a.body.(map[string]any)["errors"].([]any)[0].(map[string]any)["response"] = map[string]any{
		"access_level": "read", "action_name": action, "caused_auths": []any{}, "message": detail,
	}
	return a
}

// notFoundByGateway is what a path that the gateway does not know gets, and a request without the signature's headers.
var notFoundByGateway = answer{http.StatusNotFound, map[string]any{
	"timestamp": "2026-01-01T00:00:00.000+00:00", "path": "/", "status": http.StatusNotFound,
	"error": "Not Found", "requestId": "5f2c7a3e-1",
}}
