// SPDX-License-Identifier: MPL-2.0

package recipes

import (
	"slices"
	"strings"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

const (
	account = "3f6b0a9d5c2e4718b9d0e1f2a3c4d5e6"

	// partner is another account, which shares partners with account. scratch is account's and private.
	partner  = "a8f10467abfc4b87b64614ab36eb9ae4"
	partners = "6d7e8f90-a1b2-4c3d-8e4f-5061728394a5"
	scratch  = "e8a4b2c6-0d17-4f93-b5e8-1c2d3e4f5a6b"
)

// accountCases are what only a review of a whole account sees.
func accountCases() []struct {
	name string
	edit func(*emulator.Fixtures)
	args []string
	want want
} {
	visible := func(id, visibility string) func(*emulator.Fixtures) {
		return func(f *emulator.Fixtures) {
			found := find(f, id)
			found.Visibility, found.Private = visibility, false
		}
	}
	twoRegions := []string{"-var", `regions=["kr-west1","kr-east1"]`}
	finds := func(says ...string) want { return want{code: 1, says: says} }
	return []struct {
		name string
		edit func(*emulator.Fixtures)
		args []string
		want want
	}{
		{name: "not in the file, for no one", edit: visible(scratch, "shared"), want: finds(scratch + " not in the file: scratch in kr-west1")},
		{name: "not in the file, shared", edit: func(f *emulator.Fixtures) {
			visible(scratch, "shared")(f)
			share(f, scratch, stranger)
		}, want: finds(scratch+"/"+stranger+" not agreed, but shared: scratch in kr-west1", scratch+" not in the file")},
		{name: "public, not in the file", edit: visible(scratch, "public"), want: finds(scratch + " is public: scratch in kr-west1")},
		{name: "public, in the file", edit: visible(other, "public"), want: finds(other + " is public")},
		{name: "community", edit: visible(unshared, "community"), want: finds(unshared + " is community")},
		{name: "unknown visibility", edit: visible(unshared, "federated"), want: finds(unshared + " is federated")},
		{name: "deleted, and one more on another", edit: func(f *emulator.Fixtures) {
			f.Images = slices.DeleteFunc(f.Images, func(i emulator.Image) bool { return i.ID == other })
			share(f, image, stranger)
		}, want: finds(other+" is gone", notAgreed(pair{image: image, account: stranger}))},
		{name: "for no one, made private", edit: visible(unshared, "private"), want: want{code: 0, says: none}},
		{name: "another account's, one more", edit: func(f *emulator.Fixtures) { share(f, partners, stranger) }, want: want{code: 0, says: none}},
		{name: "without an owner", edit: func(f *emulator.Fixtures) {
			visible(scratch, "shared")(f)
			f.Faults = map[string]*emulator.Fault{"/v1/images": {First: 1, Body: new(`{"images": [{"id": "` + scratch + `", "name": "nobody's", "owner": null, "visibility": "shared"}]}`)}}
		}, want: finds(scratch + " not in the file: nobody's in kr-west1")},
		{name: "a wrong account id", args: []string{"-var", "account=" + stranger}, want: finds(stranger + " owns no image in kr-west1")},
		{name: "another account's id", args: []string{"-var", "account=" + partner}, want: finds(image+" is gone", partners+" not in the file")},
		{name: "no region", args: []string{"-var", "regions=[]"}, want: finds("Name at least one region")},
		{name: "one more in the second region", args: twoRegions, edit: func(f *emulator.Fixtures) {
			second := emulator.Image{ID: "5a5a5a5a-0d17-4f93-b5e8-1c2d3e4f5a6b", Name: "east", Members: []emulator.Member{{MemberID: stranger, Status: "pending"}}}
			f.Regions = map[string]emulator.Region{"kr-east1": {Images: []emulator.Image{second}}}
		}, want: finds("5a5a5a5a-0d17-4f93-b5e8-1c2d3e4f5a6b/"+stranger+" not agreed, but shared: east in kr-east1", "5a5a5a5a-0d17-4f93-b5e8-1c2d3e4f5a6b not in the file")},
		{name: "nothing in the second region", args: twoRegions, edit: func(f *emulator.Fixtures) {
			f.Regions = map[string]emulator.Region{"kr-east1": {}}
		}, want: want{code: 0, says: none}},
		{name: "503 for the list", edit: func(f *emulator.Fixtures) {
			f.Faults = map[string]*emulator.Fault{"/v1/images": {Status: 503}}
		}, want: want{code: 1, says: []string{"503"}, never: []string{"is gone"}}},
	}
}

// inRegions gives the endpoint of an environment a place for the region.
func inRegions(env []string) []string {
	env = append(slices.Clone(env), "SCP_TF_DEFAULT_REGION=kr-west1")
	for i, variable := range env {
		if strings.HasPrefix(variable, "SCP_TF_ENDPOINT_OVERRIDE=") {
			env[i] += "/{region}"
		}
	}
	return env
}

func TestRecipesAccount(t *testing.T) {
	arguments := append(slices.Clone(planArguments), "-var", "account="+account, "-var", `regions=["kr-west1"]`)
	says := answer{code: 1, more: notAgreed, missing: notShared, nothing: none}
	for _, c := range fleetCases {
		wanted := says.want(c)
		switch c.name {
		case "deleted":
			wanted = want{code: 1, says: []string{other + " is gone"}, never: []string{"Image Not Found", image, unshared}}
		case "made private":
			wanted = want{code: 1, says: []string{notShared(pair{image: other, account: otherMember})}, never: []string{image, unshared}}
		case "503 for all":
			wanted.says = []string{"503"}
		}
		inParallel(t, "account", c.name, func(t *testing.T, r *row) {
			tf := review(t, "account")
			if c.images != "" {
				tf.Write(t, "images.json", c.images)
			}
			output, code := tf.Run(t, inRegions(newService(t, c.edit).environment(c.outage)), arguments...)
			r.check(t, wanted, output, code)
		})
	}
	for _, c := range accountCases() {
		inParallel(t, "account", c.name, func(t *testing.T, r *row) {
			output, code := review(t, "account").Run(t, inRegions(newService(t, c.edit).env), slices.Concat(arguments, c.args)...)
			r.check(t, c.want, output, code)
		})
	}
}
