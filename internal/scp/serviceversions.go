// SPDX-License-Identifier: MPL-2.0

package scp

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"
)

// ServiceVersion is an API version that the service says it has. A nil field was null or absent.
// Source: "API version list" on docs.e.samsungsdscloud.com.
type ServiceVersion struct {
	Number    string  // "major.minor", the id without its v
	Status    *string // CURRENT, SUPPORTED, DEPRECATED, PLANNED
	NotBefore *string // a date, as the API sent it
}

// ServiceVersions lists the versions that the service has at this moment, in no particular order and never none. region is
// empty if the client's endpoint takes none. The request is not signed and carries no credentials. An error that
// came of a request is an [*Error].
func (c *Client) ServiceVersions(ctx context.Context, region string) ([]ServiceVersion, error) {
	ctx = withLog(ctx)
	answer, err := c.read(ctx, region, operation{path: []string{"/"}, unsigned: true})
	if err != nil {
		return nil, err
	}
	versions, unknown, err := decodeServiceVersions(answer.body)
	if err == nil {
		err = checkListHeaders(answer.header, "versions", len(versions))
	}
	if err != nil {
		return nil, c.unusable(ctx, answer, err)
	}
	c.logUnknown(ctx, answer, unknown)
	return versions, nil
}

func decodeServiceVersions(body []byte) ([]ServiceVersion, otherKeys, error) {
	var answer struct {
		Versions []struct {
			ID        string  `json:"id"`
			NotBefore *string `json:"not_before"`
			Status    *string `json:"status"`
		} `json:"versions"`
		OtherKeys otherKeys `json:",embed"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, nil, err
	}
	if err := answer.OtherKeys.check("versions", len(answer.Versions), len(answer.Versions)); err != nil {
		return nil, nil, err
	}
	if len(answer.Versions) == 0 {
		return nil, nil, errors.New(`it has no "versions" array with at least one version`)
	}
	versions := make([]ServiceVersion, len(answer.Versions))
	for i, v := range answer.Versions {
		number, ok := strings.CutPrefix(v.ID, "v")
		if !ok || !wellFormedVersion(number) {
			return nil, nil, fmt.Errorf("version %d of %d has the id %q, not one like v1.3", i+1, len(answer.Versions), v.ID)
		}
		versions[i] = ServiceVersion{Number: number, Status: v.Status, NotBefore: v.NotBefore}
	}
	return versions, answer.OtherKeys, nil
}
