// SPDX-License-Identifier: MPL-2.0

package recipes

import (
	"maps"
	"slices"
	"testing"

	"github.com/scp-community/terraform-provider-scp/internal/emulator"
)

// attempts are ways to be told "as allowed", and findings that must not hide each other.
func attempts(t *testing.T) []attempt {
	t.Helper()
	member := func(status string) func(*emulator.Fixtures) {
		return func(f *emulator.Fixtures) {
			oneMore(f)
			find(f, image).Members[4].Status = status
		}
	}
	status := func(id, status string) func(*emulator.Fixtures) {
		return func(f *emulator.Fixtures) {
			find(f, id).Status = status
			find(f, id).Fault = &emulator.Fault{Status: 404}
		}
	}
	// The first page of the list has this image alone; the next one begins behind it.
	listed := func(image string) func(*emulator.Fixtures) {
		return func(f *emulator.Fixtures) {
			f.Faults = map[string]*emulator.Fault{"/v1/images": {First: 1, Body: new(`{"images": [` + image + `]}`)}}
		}
	}
	until := func(days int, pairs ...string) map[string]any {
		dates := map[string]string{}
		for _, pair := range pairs {
			dates[pair] = day(days)
		}
		return map[string]any{"until": dates}
	}
	yesterday := day(-1)
	list := func(name string, value any) map[string]any { return map[string]any{name: value} }
	images := func(images map[string][]string) map[string]any { return list("images", images) }
	finds := func(findings ...string) want { return finds(2, " = ", findings...) }
	clean := want{code: 0, says: none, found: []string{}}
	const (
		key     = "kr-west1/" + image
		since   = " since 2026-11-01T00:00:00Z"
		goneEnd = " not in SCP's list: deleted, hidden, or in another region or account"
	)
	offered := func(f *emulator.Fixtures) {
		find(f, other).Members[0].Status = "accepted"
		share(f, other, stranger)
	}
	wide := both(visible(scratch, "shared"), func(f *emulator.Fixtures) { share(f, scratch, stranger) })
	wideFound := []string{
		"kr-west1/" + scratch + " not in the file (scratch)",
		"kr-west1/" + scratch + "/" + stranger + " not allowed: pending" + since + " (scratch)",
	}
	return []attempt{
		{name: "a stranger rejected", edit: member("rejected"), want: finds(key + "/" + stranger + " not allowed: rejected" + since)},
		{name: "a stranger with a later status", edit: member("queued"), want: finds(key + "/" + stranger + " not allowed: queued" + since)},
		{name: "a stranger without a status", edit: member(""), want: finds(key + "/" + stranger + " not allowed: no status" + since)},

		{name: "no image in the file", keys: images(map[string][]string{}), want: finds(
			"kr-west1/"+image+" not in the file", key+"/"+accepted1+" not allowed", key+"/"+accepted2+" not allowed",
			key+"/"+pending+" not allowed", key+"/"+rejected+" not allowed",
			"kr-west1/"+other+" not in the file", "kr-west1/"+other+"/"+otherMember+" not allowed",
			"kr-west1/"+unshared+" not in the file")},
		{name: "an image in another spelling",
			keys: images(map[string][]string{image: everyone, other: {otherMember}, "C3D9F7A158B24E608D147A9B0C1D2E3F": {}}),
			want: finds("-/C3D9F7A158B24E608D147A9B0C1D2E3F"+goneEnd, "kr-west1/"+unshared+" not in the file")},
		{name: "an account in another spelling",
			keys: images(map[string][]string{image: everyone, other: {"A8F10467-ABFC4B87B64614AB36EB9AE4"}, unshared: {}}),
			want: finds("kr-west1/"+other+"/"+otherMember+" not allowed", "kr-west1/"+other+"/A8F10467-ABFC4B87B64614AB36EB9AE4 missing")},

		{name: "community", edit: visible(other, "community"), want: finds("kr-west1/" + other + " open to everybody: community (web-base)")},
		{name: "public, and SCP lists no members without an error", edit: both(visible(other, "public"), func(f *emulator.Fixtures) {
			find(f, other).Fault = &emulator.Fault{Status: 200, Body: new(`{"members": []}`)}
		}), want: finds("kr-west1/" + other + " open to everybody: public")},
		{name: "a visibility in capitals", edit: visible(unshared, "Public"),
			want: finds("kr-west1/" + unshared + " visibility unknown: Public")},
		{name: "public, allowed", keys: list("public", []string{scratch}), edit: visible(scratch, "public"), want: clean},
		{name: "public, allowed, with accounts", keys: list("public", []string{other}), edit: visible(other, "public"), want: clean},
		{name: "public, another one allowed", keys: list("public", []string{scratch}), edit: visible(other, "public"),
			want: finds("kr-west1/" + other + " open to everybody: public")},
		{name: "may be public, is shared with a stranger", keys: list("public", []string{scratch}), edit: wide, want: finds(wideFound[1])},
		{name: "may be public, is shared with no one", keys: list("public", []string{other}),
			edit: func(f *emulator.Fixtures) { find(f, other).Members = nil }, want: clean},
		{name: "may be public, is gone", keys: list("public", []string{"gone"}), want: finds("-/gone" + goneEnd)},

		{name: "one private, a stranger on another", edit: both(visible(other, "private"), oneMore),
			want: finds("kr-west1/"+other+"/"+otherMember+" missing: the image is private", oneMoreFound)},
		{name: "one public, a stranger on another", edit: both(visible(other, "public"), oneMore),
			want: finds("kr-west1/"+other+" open to everybody: public", oneMoreFound)},
		{name: "one being deleted, a stranger on another", edit: both(status(other, "pending_delete"), oneMore),
			want: finds("kr-west1/"+other+" being deleted (web-base)", oneMoreFound)},
		{name: "deleted and still listed",
			edit: listed(`{"id": "` + unshared + `", "name": "batch-base", "status": "deleted", "visibility": "shared"}`),
			want: finds("kr-west1/"+unshared+" being deleted (batch-base)", "-/"+image+goneEnd, "-/"+other+goneEnd)},
		{name: "a private one being deleted, not in the file", edit: status(scratch, "pending_delete"), want: clean},
		{name: "public and being deleted", edit: both(visible(other, "public"), status(other, "pending_delete")),
			want: finds("kr-west1/" + other + " open to everybody: public; being deleted (web-base)")},
		{name: "of an unknown visibility and being deleted", edit: both(visible(other, "federated"), status(other, "pending_delete")),
			want: finds("kr-west1/" + other + " visibility unknown: federated; being deleted (web-base)")},
		{name: "not in the file and being deleted", edit: both(visible(scratch, "shared"), status(scratch, "pending_delete")),
			want: finds("kr-west1/" + scratch + " not in the file; being deleted (scratch)")},
		{name: "an image, an account and a region twice", edit: oneMore, keys: map[string]any{
			"regions": []string{"kr-west1", "kr-west1"}, "trusted": []string{stranger, stranger}, "public": []string{scratch, scratch},
			"images": map[string][]string{image: slices.Concat(everyone, everyone, []string{"gone", "gone"}), other: {otherMember}, unshared: {}},
		}, want: finds(key + "/gone missing (db-base)")},

		{name: "trusted", keys: list("trusted", []string{stranger}), edit: wide, want: finds(wideFound[0])},
		{name: "trusted, on an image in the file", keys: list("trusted", []string{stranger}), edit: oneMore, want: clean},
		{name: "trusted in another spelling", keys: list("trusted", []string{"7777777777777777-7777777777777777"}), edit: oneMore,
			want: finds(oneMoreFound)},
		{name: "another one trusted", keys: list("trusted", []string{accepted1}), edit: oneMore, want: finds(oneMoreFound)},

		{name: "until today", keys: until(0, image+"/"+stranger), edit: oneMore, want: clean},
		{name: "until tomorrow, on an image that only until names", keys: until(1, scratch+"/"+stranger), edit: wide, want: clean},
		{name: "until tomorrow, not shared", keys: until(1, image+"/"+stranger), want: clean},
		{name: "until yesterday", keys: until(-1, image+"/"+stranger), edit: oneMore,
			want: finds(key + "/" + stranger + " expired on " + yesterday + ": pending" + since + " (db-base)")},
		{name: "until yesterday, in images too", keys: until(-1, image+"/"+accepted1),
			want: finds(key + "/" + accepted1 + " expired on " + yesterday + ": accepted since")},
		{name: "until yesterday, no longer shared", keys: until(-1, image+"/"+rejected),
			edit: func(f *emulator.Fixtures) { find(f, image).Members = find(f, image).Members[1:] }, want: clean},
		{name: "until yesterday, trusted", edit: oneMore, want: clean,
			keys: map[string]any{"until": until(-1, image+"/"+stranger)["until"], "trusted": []string{stranger}}},
		{name: "until tomorrow, on another image", keys: until(1, other+"/"+stranger), edit: oneMore, want: finds(oneMoreFound)},
		{name: "until tomorrow, an image that is gone", keys: until(1, "gone/"+stranger), want: finds("-/gone" + goneEnd)},

		{name: "the account in another spelling", keys: list("account", "3F6B0A9D-5C2E-4718-B9D0-E1F2A3C4D5E6"), edit: oneMore,
			want: finds(oneMoreFound)},
		{name: "an account that owns nothing", keys: list("account", stranger), want: finds(
			"-/- account "+stranger+" owns no image in any of the regions",
			"-/"+image+" belongs to account "+account+": these keys do not see all members (db-base)",
			"-/"+other+" belongs", "-/"+unshared+" belongs")},
		{name: "another account's ID", keys: list("account", partner), want: finds(
			"kr-west1/"+partners+" not in the file", "kr-west1/"+partners+"/"+account+" not allowed",
			"-/"+image+" belongs to account "+account, "-/"+other+" belongs", "-/"+unshared+" belongs")},
		{name: "an image without an owner", edit: listed(`{"id": "` + scratch + `", "name": "nobody's", "owner": null, "visibility": "public"}`),
			want: finds("kr-west1/"+scratch+" open to everybody: public (nobody s)", "-/"+image+goneEnd, "-/"+other+goneEnd, "-/"+unshared+goneEnd)},
		{name: "a stranger on another account's image", edit: func(f *emulator.Fixtures) { share(f, partners, stranger) }, want: clean},

		{name: "a stranger in the second region", regions: true,
			edit: inEast(emulator.Image{ID: "east", Members: []emulator.Member{{MemberID: stranger, Status: "pending"}}}),
			want: finds("kr-east1/east not in the file (east)", "kr-east1/east/"+stranger+" not allowed: pending")},
		{name: "a gateway that ignores the region, which nothing shows", regions: true, want: clean,
			edit: func(f *emulator.Fixtures) { f.Regions = map[string]emulator.Region{"kr-east1": {Images: f.Images}} }},

		{name: "notes as plain text in TF_VAR_notes", variables: []string{"TF_VAR_notes=ask the image team"}, want: clean},
		// The keys of another account: what shows the mistake, and what does not.
		{name: "other keys: no image is shared with them", variables: keysOf(t, partner), want: finds(
			"-/- account "+account+" owns no image in any of the regions", "-/"+image+goneEnd, "-/"+other+goneEnd, "-/"+unshared+goneEnd)},
		{name: "other keys: one image is shared with them", variables: keysOf(t, partner), edit: offered,
			want: finds("-/"+image+goneEnd, "-/"+unshared+goneEnd)},
		{name: "other keys: one image is shared with them and others", variables: keysOf(t, partner), edit: offered,
			keys: images(map[string][]string{other: {partner, stranger}}),
			want: finds("kr-west1/" + other + "/" + stranger + " missing (web-base)")},
		{name: "other keys: a private image in the file", variables: keysOf(t, partner), edit: offered,
			keys: images(map[string][]string{other: {partner}, scratch: {}}), want: finds("-/" + scratch + goneEnd)},
		// The head and the guide say so: nothing shows it, and the stranger is not seen.
		{name: "other keys: each image in the file is for them alone", variables: keysOf(t, partner), edit: offered,
			keys: images(map[string][]string{other: {partner}}), want: clean},

		{name: "-refresh=false", edit: oneMore, args: []string{"-refresh=false"}, want: finds(oneMoreFound)},
		{name: "-refresh-only", edit: oneMore, args: []string{"-refresh-only"}, want: finds(oneMoreFound)},
	}
}

type attempt struct {
	name    string
	keys    map[string]any // of images.json
	regions bool           // kr-west1 and kr-east1 are in the file, if keys says nothing else
	edit    func(*emulator.Fixtures)
	args    []string
	want    want

	variables []string // of the environment
}

func TestRecipesReviewAttempts(t *testing.T) { runAttempts(t, attempts(t)) }

func runAttempts(t *testing.T, attempts []attempt) {
	t.Helper()
	for _, c := range attempts {
		inParallel(t, "review", c.name, func(t *testing.T, r *row) {
			env, tf, keys := slices.Concat(newService(t, c.edit).env, c.variables), review(t, "review"), map[string]any{}
			if c.regions {
				keys["regions"] = []string{"kr-west1", "kr-east1"}
			}
			maps.Copy(keys, c.keys)
			tf.Write(t, "images.json", allowListWith(t, keys))
			output, code := tf.Run(t, env, slices.Concat(planArguments, reviewArguments, c.args)...)
			r.check(t, c.want, output, code)
		})
	}
}
