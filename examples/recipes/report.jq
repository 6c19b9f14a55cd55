# What a plan of the recipe "drift" or "changes" found, for a reviewer:
#
#   terraform plan -out=plan.bin … && terraform show -json plan.bin >plan.json
#   jq -rf report.jq plan.json                  a table in Markdown, for a step summary or a comment
#   jq -rf report.jq --arg as line plan.json    one line of text, for the subject of a mail
#
# An account's name comes from "accounts" in images.json, an image's from the list of images, if the plan has read it.

def image_names:
  [.prior_state.values.root_module? | recurse(.child_modules[]?) | .resources[]?
    | select(.type == "scp_virtualserver_images") | .values.images[]? | {key: .id, value: .name}] | from_entries;

# Text from outside, without characters that could end a cell or a code span, or make a link, a tag or a mention.
def clean: gsub("[|`<>@!\\[\\]\\n\\r]"; " ");

# An id, and its name if it has one.
def named($names): "`\(clean)`" + if $names[.] then " " + ($names[.] | clean) else "" end;

# Each difference: image, account (null: the image itself), what was agreed or saved, and what is shared now.
def of_drift:
  to_entries[] | (.key | split("/")) as $pair
  | {image: $pair[0], account: ($pair[1:] | join("/"))}
    + if .value == "agreed, but not shared" then {was: "shared", is: null}
      else {was: null, is: (.value | ltrimstr("not agreed, but shared: "))} end;

def of_changes:
  (.before // {}) as $before | (.after // {}) as $after
  | ($before + $after | keys[]) as $image
  | if ($before | has($image)) and ($after | has($image)) or ($before[$image] // {}) + ($after[$image] // {}) != {} then
      (($before[$image] // {}) + ($after[$image] // {}) | keys[]) as $account
      | {$image, $account, was: $before[$image][$account], is: $after[$image][$account]} | select(.was != .is)
    else {$image, account: null} + if $before | has($image) then {was: "in the record", is: null} else {was: null, is: "shared with no one"} end end;

def table($images; $accounts; $was):
  "| image | account | \($was) | now |", "|---|---|---|---|",
  (.[:500][]
    | (if .account then ["not shared", "**not shared**"] else ["not in the record", "**not in the file**"] end) as [$before, $after]
    | [(.image | named($images)), (.account | if . then named($accounts) else "no one" end),
       (.was | if . then clean else $before end), (.is | if . then clean else $after end)]
    | "| \(join(" | ")) |"),
  if length > 500 then "", "And \(length - 500) more: see the log of the plan." else empty end;

def count($n; $what): if $n == 0 then empty else "\($n) \($what)" end;
def plural($n; $what): "\($n) \($what)" + if $n == 1 then "" else "s" end;

def line:
  plural(length; "difference") + " on " + plural(map(.image) | unique | length; "image") + ": " + ([
    count(map(select(.account and .is and .was == null)) | length; "more"),
    count(map(select(.account and .was and .is == null)) | length; "missing"),
    count(map(select(.account and .is and .was)) | length; "changed"),
    count(map(select(.account == null)) | length; "came to or left the file")
  ] | join(", ")) + ".";

# Terraform may also write a plan that failed, and it has no differences. Terraform 1.5 does not mark it.
def failed: .errored or ([.prior_state.values.root_module? | recurse(.child_modules[]?) | .resources[]? | select(.type == "scp_virtualserver_image_members")] | length == 0)
  or (.configuration.root_module.outputs | has("members")) and (.output_changes // {} | has("members") | not);

(.configuration.root_module.outputs // {}) as $outputs
| image_names as $images | (.variables.accounts.value // {}) as $accounts
| (if $outputs | has("drift") then {was: "agreed", rows: [.output_changes.drift.after // {} | of_drift]}
   elif ($outputs | has("members")) and .output_changes.members.before == null then {was: "accepted", rows: null}
   elif $outputs | has("members") then {was: "accepted", rows: [.output_changes.members // {} | of_changes]}
   else error("this is no plan of the recipe drift or changes") end) as $found
| if failed then error("there is no report: the plan failed, or read no members") else . end
| $found.rows
| if . == null then "Nothing was accepted yet."
  elif length == 0 then "Nothing differs from what was \($found.was)."
  elif $ARGS.named.as == "line" then line
  else table($images; $accounts; $found.was) end
