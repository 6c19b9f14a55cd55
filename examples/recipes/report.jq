# Reports what a plan of the recipe "review" found, or (table, line and json only) what a plan of "changes" did. It needs jq 1.6
# or later, or gojq. On Windows, use Git Bash or WSL.
#
#   terraform plan -var-file images.json -state none.tfstate -out plan.bin
#   terraform show -json plan.bin >plan.json
#   jq -rf report.jq plan.json
#   jq -rf report.jq --arg as accounts plan.json
#   jq -rf report.jq --arg as json --slurpfile last last-report.json plan.json     also says what is new since that report
#
#   table      each finding, the most dangerous first (the default)
#   accounts   each account: how many images are shared with it, and how many of these are not allowed
#   matrix     each image and each account
#   line       one line of text
#   junit      a test case for each finding, and for each image without one
#   json       the findings, for programs
#   file       an images.json that allows what is shared now; open images stay findings
#
# The first three are Markdown of at most 60,000 bytes, and say what they leave out. Of a plan that failed there is no report:
# the exit code is 5. If plan.json is empty, jq exits with 0 and prints nothing: an empty report is no report either.

# The kinds of finding, by danger. Nobody knows who can use an image that the plan does not see whole.
def kinds: [
  "open to everybody", "visibility unknown", "other", "owns no image", "belongs to account", "not allowed", "expired",
  "not in the file", "missing", "not in SCP's list", "being deleted",
  "new account", "new image", "changed", "account removed", "image gone" # these of the recipe "changes"
];
def harmless: IN("missing", "not in SCP's list", "being deleted", "changed", "account removed", "image gone");
def kind:
  if test("^account .*owns no image") then "owns no image"
  else . as $text | first((kinds[] | select(. as $kind | $text | startswith($kind))), "other") end;

# Text from outside, as the recipe cleans it: nothing stays that could be markup, a link, a command, a control character or invisible.
# A value of another type is a text, too.
def text: if type == "string" then . elif . == null then "" else tojson end;
def unseen:
  "[\\x{34F}\\x{115F}\\x{1160}\\x{17B4}\\x{17B5}\\x{180B}-\\x{180F}\\x{3164}\\x{FE00}-\\x{FE0F}\\x{FFA0}]|"
  + "[\\x{13441}\\x{13442}\\x{16FE4}\\x{E0100}-\\x{E01EF}]";
def clean($marks):
  text | if test("^[0-9A-Za-z-]*$") then . # most are: this is for speed
  else gsub("[^\\p{L}\\p{M}\\p{N} " + $marks + "]|[Ww]{3}\\.|" + unseen; " ") | gsub("\\.(?<letter>\\p{L})"; " \(.letter)")
    | gsub("(?<two>\\p{M}{2})\\p{M}+"; .two) end;
def clean: clean("._-") | .[:80];
def clean_image: text | gsub("[^0-9A-Za-z_-]"; " ") | .[:80];
def clean_account: text | gsub("[^0-9A-Za-z-]"; " ") | .[:80];
def clean_time: text | gsub("[^0-9TZ:.+-]"; "") | .[:40];
def clean_detail: clean(".,:?-") | gsub("[A-Za-z]+:|::+"; " ") | gsub("^[: ]+| +$"; "") | .[:200];
def clean_address: gsub("[^0-9A-Za-z._~%:/\\[\\]-]"; " ") | .[:200];

# An earlier report as json, or nothing of one.
def last: $ARGS.named["last"] // [] | .[0] | if type == "object" then . else {} end;

# What the plan says, in one object.
def reads($type): [.prior_state.values.root_module.resources[]? | select(.mode == "data" and .type == $type)];
def image_reads: reads("scp_virtualserver_images");
def member_reads: reads("scp_virtualserver_image_members");
def output: .output_changes | .review // .sharing;

def failed:
  (image_reads | map(.index)) as $regions
  | .errored or (output | .after_unknown != false)
    or $regions == [] or $regions != (member_reads | map(.index)) or (.variables.regions.value // [] | map(text)) - $regions != [];

# A text without the names at its end.
def without_names: split(" (")[0] // "";

# What is different, in the form of findings.
def changes:
  (.before // error("there is no report: nothing was applied, so there is nothing to compare with")) as $before | (.after // {}) as $after
  | ($before + $after | keys[]) as $key | select($before[$key] != $after[$key])
  | ($before[$key] // "" | without_names) as $was | ($after[$key] // "" | without_names) as $is
  | {key: $key, value: (
      if $is | test("^(public|community)$") then "open to everybody: \($is)"
      elif $was != "" and $is != "" then "changed: \($is), was \($was)"
      elif $key | test("/.*/") then if $is != "" then "new account: \($is)" else "account removed: was \($was)" end
      else if $is != "" then "new image: \($is)" else "image gone: was \($was)" end end
    )};

# The findings of an entry of the output: an image can have two, with one key.
def finding($image_names; $account_names):
  (.key | split("/")) as $key | .value | without_names | split("; ")[] | . as $text | kind as $kind
  | {
      kind: $kind, weight: (kinds | index($kind)),
      detail: ($text | if startswith($kind) then ltrimstr($kind) elif $kind == "other" then . else "" end | clean_detail),
      region: ($key[0] | select(. != "-") // "" | clean),
      image: ($key[1] | select(. != "-") // "" | clean_image),
      account: ($key[2] // "" | clean_account)
    }
  | .image_name = ($image_names["\(.region)/\(.image)"] // $image_names["/\(.image)"] // "")
  | .account_name = ($account_names[.account] // "");

# Where a region's images were read. It is SCP's own if it is exactly its name for that region.
def endpoint:
  (.index | clean) as $region | .values.endpoint | text | . as $url | split(".") as $labels
  | {
      region: $region, address: (sub("^[a-z]+://"; "") | clean_address), encrypted: startswith("https://"),
      own: (test("^https://virtualserver([.][0-9a-z-]+){2}[.]samsungsdscloud[.]com$")
        and ($region == "default" or $labels[1] == ($region | ascii_downcase)))
    };

def facts:
  def bare: text | ascii_downcase | gsub("-"; "");
  (.variables | map_values(.value)) as $given | ($given.account | bare) as $account | last as $last
  | ($given.accounts // {} | with_entries({key: (.key | clean_account), value: (.value | clean)})) as $account_names
  | [image_reads[] | (.index | clean) as $region | .values.images[] | {
      region: $region, image: (.id | clean_image), id: .id, name: (.name | clean), visibility: .visibility, status: .status,
      ours: ((.owner | bare) as $owner | $account == "" or $owner == "" or $owner == $account)
    }] as $listed
  | ([$last.names | objects | to_entries[] | {key: "/\(.key)", value: (.value | clean)}]
      + ($listed | map({key: "\(.region)/\(.image)", value: .name}, {key: "/\(.image)", value: .name})) | from_entries) as $image_names
  | {
      noun: (if .output_changes.review then "finding" else "change" end), given: $given, account_names: $account_names,
      account: ($given.account | clean_account), regions: [image_reads[].index | clean], endpoints: [image_reads[] | endpoint],
      time: (.timestamp // .output_changes.review.after.reviewed | clean_time),
      images: ($listed | map(select(.ours))),
      read: ([member_reads[] | (.index | clean) as $region | .values.image_ids[]?
        | {key: "\($region)/\(clean_image)", value: true}] | from_entries),
      members: [member_reads[] | (.index | clean) as $region | .values.members[] | {
        region: $region, image: (.image_id | clean_image), account: (.member_id | clean_account),
        image_id: .image_id, member_id: .member_id, status: (.status // ""), since: .created_at
      }],
      findings: ([
          (if .output_changes.review then .output_changes.review.after // {} | to_entries[] | select(.key != "reviewed")
            else .output_changes.sharing | changes end) | finding($image_names; $account_names)
        ]
        | sort_by([.weight, .account, .region, .image_name, .image]))
    };

# What every form says.
def plural($n; $what): "\($n) \($what)" + if $n == 1 then "" else "s" end;
def words: map(select(. != "")) | join(" ");
# Of what is about accounts, how many accounts and images it is.
def counts:
  def distinct(f; $what): plural(map(f) | unique | length; $what);
  [group_by(.weight)[] | "\(length) \(.[0].kind)" + if length == 1 or .[0].account == "" then ""
    else ": \(distinct(.account; "account")) on \(distinct([.region, .image]; "image"))" end] | join("; ");
def result: . as $facts | plural(.images | length; "image") + ": "
  + ([.regions[] as $region | "\($region) \([$facts.images[] | select(.region == $region)] | length)"] | join(", "))
  + if .findings == [] then "; no \(.noun)" else "; \(plural(.findings | length; .noun)); \(.findings | counts)" end;
def account(quote): [.account, .account_names[.account] // "" | quote] | words | if . == "" then "" else "account \(.), " end;
def place(quote): account(quote) + (.regions | map(quote) | words);
def addresses(quote): [.[] | "\(.region | quote) at \(.address | if . == "" then "an unknown address" else quote end)"
  + if .encrypted or .address == "" then "" else " (unencrypted)" end] | join(", ");
def origin(quote): "\(account(quote))\(.endpoints | addresses(quote)), \(.time)";
def foreign(quote): .endpoints | map(select(.own | not) | [.] | addresses(quote));

# Markdown. Text from outside stands in code spans.
def code: if test("[^ ]") then "`\(.)`" else "" end;
def named($name): [$name, . | code] | words;
def row: "| \(map(tostring) | join(" | ")) |";
# rest says what is left out if only the first . rows are shown.
def markdown($columns; $rows; rest):
  ([$columns, ($columns | map("---")) | row] + $rows) as $lines
  | ([foreach $lines[] as $line (0; . + ($line | utf8bytelength) + 1)] | map(select(. < 58000)) | length) as $fitting
  | "**\(result)**", "", origin(code),
    if $rows == [] then empty else "", $lines[:$fitting][] end,
    ([$fitting - 2 | rest] | map(select(. != "")) | join(", ") | select(. != "") | "", "Left out: \(.).");
def some($n; $what): if $n == 0 then "" else plural($n; $what) end;

def table:
  .findings as $findings
  | markdown([.noun, "image", "account", "region"];
      [$findings[] | . as $finding | [
        ([if .kind | harmless then .kind else "**\(.kind)**" end, (.detail | code)] | words),
        (.image | named($finding.image_name)),
        if .kind == "open to everybody" then "every account" else .account | named($finding.account_name) end,
        (.region | code)
      ] | row];
      $findings[.:] | counts);

# The images that every account can use, and how often each account has what it should not have.
def open: .visibility | IN("public", "community");
def not_allowed: [.findings[] | select(.kind | IN("not allowed", "expired"))]
  | group_by(.account) | map({key: .[0].account, value: length}) | from_entries;

def accounts:
  def alarm: if . == 0 then . else "**\(.)**" end;
  . as $facts | not_allowed as $not_allowed
  | ([.given.trusted | arrays | .[] | {key: clean_account, value: " (trusted)"}] | from_entries) as $trusted
  | [ # one row, if there are such images
      [.images[] | select(open)] | length | select(. > 0)
      | ["every account", ., ([$facts.findings[] | select(.kind == "open to everybody")] | length | alarm), "", ""]
    ] + [
      .members | group_by(.account) | sort_by([-($not_allowed[.[0].account] // 0), -length])[]
      | .[0].account as $account | [
          ($account | named($facts.account_names[.] // "")) + ($trusted[$account] // ""), length, ($not_allowed[$account] // 0 | alarm),
          (map(select(.status == "pending")) | length), (map(.since // empty) | min // "" | clean_time | code)
        ]
    ] | map(row) as $rows
  | $facts | markdown(["account", "images", "not allowed", "pending", "since"]; $rows; some(($rows | length) - .; "account"));

def matrix:
  def image_key: "\(.region)/\(.image)";
  def key: "\(image_key)/\(.account)";
  . as $facts | not_allowed as $not_allowed | any(.images[]; open) as $any_open
  | (.members | map({key: key, value: .status}) | from_entries) as $status
  | (.findings | map({key: key, value: .kind}) | from_entries) as $kind
  | ([.members[], (.findings | reverse)[]] | map({key: image_key, value: (.weight // 99)}) | from_entries) as $weight
  | ([(.members, .findings)[].account | select(. != "")] | unique
      | sort_by([-($not_allowed[.] // 0), ($facts.account_names[.] // "~"), .])) as $accounts
  | $accounts[:30] as $columns
  | [.images[] | select(open or $weight[image_key])] | sort_by([$weight[image_key] // 99, .region, .name, .image])
  | map(image_key as $image | [
      (.image[:8] + "…" | named("")) as $id | ([(.name | code), $id] | words),
      (.region | code),
      if $any_open then if open | not then "" elif $kind[$image + "/"] == "open to everybody" then "✓ **!**" else "✓" end else empty end,
      ($columns[] as $account | "\($image)/\($account)" as $key
        | if $status | has($key) then
            ({accepted: "✓", pending: "…", rejected: "✗"}[$status[$key]] // "?") + if $kind[$key] then " **!**" else "" end
          elif $kind[$key] == "missing" then "−" elif $kind[$key] then "**!**" elif $facts.read[$image] then "" else "·" end)
    ] | row) as $rows
  | $facts | markdown(
      ["image", "region", if $any_open then "every account" else empty end, ($columns[] | $facts.account_names[.] // (.[:8] + "…") | code)];
      $rows;
      some(($rows | length) - .; "image"), some($accounts[30:] | length; "account")),
    "", "✓ accepted, … pending, ✗ rejected, ? another status, **!** not allowed, − missing, · its members were not read. "
      + "Images that are shared with no one and have no finding: \((.images | length) - ($rows | length)).";

def junit:
  def attribute: @html "\"\(.)\"";
  def image_key: "\(.region)/\(.image)";
  def name: .kind as $kind | [.image_name, .image, .account_name, .account] | words | if . == "" then $kind else . end;
  (.findings | map({key: image_key, value: true}) | from_entries) as $found
  | [.images[] | select($found[image_key] | not)] as $good
  | (.findings | length) as $failures
  | @html "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
    "<testsuites>",
    "<testsuite name=\(place(.) | attribute) timestamp=\(.time | attribute)"
      + " tests=\"\($failures + ($good | length))\" failures=\"\($failures)\">",
    (.findings[]
      | "  <testcase classname=\(.region | attribute) name=\(name | attribute)>"
      + "<failure type=\(.kind | attribute) message=\([.kind, .detail | select(. != "")] | join(": ") | attribute)/></testcase>"),
    ($good[] | "  <testcase classname=\(.region | attribute) name=\([.name, .image] | words | attribute)/>"),
    "</testsuite>",
    "</testsuites>";

# What is new and what is gone since the last report, each as json. Its text is cleaned again: it can come from a cache.
def since:
  def key: [.kind, .region, .image, .account] | join("/");
  def keys_of: map({key: key, value: true}) | from_entries;
  def again: select(.kind | IN(kinds[])) | {kind, region: (.region | clean), image: (.image | clean_image),
    account: (.account | clean_account), image_name: (.image_name | clean), account_name: (.account_name | clean)};
  def where: {account, regions, endpoints};
  . as $now | last as $last
  | if ($last.findings | type) != "array" then {not_compared: "No earlier report."}
    elif ($last | where) != where then
      {not_compared: "Not compared: the earlier report is of another account, other regions or another address."}
    else [$last.findings[] | objects | again] as $before | ($before | keys_of) as $was | (.findings | keys_of) as $is
    | {time: ($last.time | clean_time), new: [$now.findings[] | select($was[key] | not) | del(.weight)],
      gone: [$before[] | select($is[key] | not)]} end;

# The names of all images, and of those that are gone and still have a finding.
def names: [(.findings[] | {key: .image, value: .image_name}), (.images[] | {key: .image, value: .name})]
  | map(select(.key != "" and .value != "")) | from_entries;

# What the file allows until a day that has passed, or that is near.
def ending:
  (.time | try fromdate catch null) as $now | .account_names as $account_names | names as $names
  | [select($now) | .given.until | objects | to_entries[] | (.value | try ("\(.)T00:00:00Z" | fromdate) catch empty) as $date
    | select($date - $now < 30 * 86400) | (.key | split("/")) as $pair | {
      image: ($pair[0] | clean_image), account: ($pair[1] | clean_account), until: (.value | clean_time), ended: ($date + 86400 <= $now)
    } | .image_name = ($names[.image] // "") | .account_name = ($account_names[.account] // "")]
  | sort_by([.until, .image, .account]);

def json:
  {time, account, account_name: (.account_names[.account] // ""), regions, endpoints, images: (.images | length),
    warning: (foreign(code) | if . == [] then null else "**Not SCP's own address:** \(join(", "))." end), result: result,
    findings: (.findings | map(del(.weight))), since: since, ending: ending, names: names};

# An ID with other characters could be read as another one by whoever reviews the file.
def file:
  def exact($id): if test("^" + $id + "+$") then . else error("there is no file: an ID contains characters that no ID has: \(clean)") end;
  def exact: exact("[0-9A-Za-z_-]");
  def present: with_entries(select(.value != null and .value != [] and .value != {}));
  def deleting: .status // "" | ascii_downcase | IN("deleted", "pending_delete");
  .given as $given | ($given.until // {}) as $until | ([$given.trusted // [] | .[] | {key: ., value: true}] | from_entries) as $trusted
  | if .images == [] then error("there is no file: the account owns no image in these regions") else . end
  | (.members | map(select($trusted[.member_id] or $until["\(.image_id)/\(.member_id)"] | not)) | group_by(.image_id)
      | map({key: .[0].image_id, value: (map(.member_id | exact("[0-9A-Za-z-]")) | unique)}) | from_entries) as $members
  | ([.images[] | $given.images[.id] as $before
      | if deleting then select($before) | {key: .id, value: $before} # its members were not read
        elif .visibility == "shared" then {key: (.id | exact), value: ($members[.id] // [])}
        elif .visibility == "private" then select($before) | {key: .id, value: []}
        else empty end] | sort_by(.key) | from_entries) as $images
  | ({account: $given.account, regions: $given.regions} | present) + {images: $images}
    + {accounts: {}, trusted: [], public: [], until: {}} # a key that is there cannot be set elsewhere
    + ($given | del(.account, .regions, .images) | present);

if failed then error("there is no report: the plan failed, or is not one of the recipes review and changes") else facts end
| ($ARGS.named["as"] // "table") as $form
| if $form == "table" then table
  elif $form == "line" then [(foreign(.)[] | "not SCP's own address: \(.)"), result, origin(.)] | join("; ")
  elif $form == "json" then json
  elif .noun == "change" then error("of the recipe changes, as is table, line or json")
  elif $form == "accounts" then accounts
  elif $form == "matrix" then matrix
  elif $form == "junit" then junit
  elif $form == "file" then file
  else error("as is table, accounts, matrix, line, junit, json or file") end
