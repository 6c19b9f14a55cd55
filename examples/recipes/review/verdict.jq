# Says what a run of the review means: the exit code, then text in Markdown. review.sh calls it with what "terraform plan -json"
# printed, with its exit code, with the report as json and the first lines of the table (both empty if there is none), with the allow
# list, and with what "terraform init" printed if it failed.

def not_installed: "The provider is not installed on this machine. What init printed is at the end.";

# Each cause of a failed read, and the titles of the errors that have it.
def causes: [
  {titles: ["Authentication Failed"],
    says: "SCP rejected the keys. Check that the access key and the secret key of this account are a pair and have not expired."},
  {titles: ["Missing access_key", "Missing secret_key", "Invalid access_key", "Invalid secret_key", "Invalid auth_token"],
    says: "The keys are not set, or contain characters that no key has. Check the secrets of this account."},
  {titles: ["Permission Denied"],
    says: "The keys lack a permission that the error names. SCP can also restrict the addresses that requests may come from."},
  {titles: ["Clock Is Wrong"],
    says: "The clock of this machine is wrong, so SCP rejects its requests."},
  {titles: ["Endpoint Not Found", "Host Name Not Found", "Missing Region", "Region Has No Effect",
      "Invalid default_region", "Invalid environment", "Invalid auth_url", "Invalid endpoint_override"],
    says: "SCP was not found at this address. Check regions in the allow list, and the environment."},
  {titles: ["Connection Failed", "Name Resolution Failed", "TLS Connection Failed", "Proxy Did Not Connect",
      "Invalid Proxy Variable", "Redirect Not Followed", "Response Not From SCP"],
    says: "SCP could not be reached from this machine. Check the network and the proxy between them."},
  {titles: ["SCP Server Error", "Request Timed Out", "Read Timed Out", "Read Timed Out While Rate Limited", "Too Many Requests"],
    says: "SCP, or a proxy in front of it, failed or was too slow. Run again later."},
  {titles: ["Unusable Response", "Unexpected Status", "Cached Response", "Filter Ignored", "List Is Not Complete",
      "Member Listed Twice"],
    says: "A response was not clear. It was not read as \"shared with no one\"."},
  {titles: ["Image Not Found", "Image Is Not Shared"],
    says: "An image changed while the review ran. Run again."},
  {titles: ["API Version Not Accepted", "Invalid api_version"],
    says: "SCP does not accept the API version that is set. Check SCP_TF_API_VERSION, and api-version in ~/.scpconf/config.json."}
];
def other: "The review itself failed.";

# Text that cannot end a block of code, or be a command to a pipeline.
def inert: gsub("[^\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}\n ]"; " ") | gsub("`"; "'") | gsub("::"; ": :")
  | gsub("##(?<word>[A-Za-z]*)\\["; "## \(.word)[") | .[:20000];

# Errors in the allow list are terraform's own.
def in_allow_list:
  (.range.filename // "" | endswith(".json"))
  or (.summary | IN("Invalid value for variable", "Invalid value for input variable", "No value for required variable",
    "Failed to read variables file"));

# Terraform makes a text of a number.
def no_text: $list | try fromjson catch null
  | if type != "object" then "It is no JSON object."
    else first(del(.notes) | paths(type | IN("number", "boolean")) | "\(map(tostring) | join("/")): not a text in quotes.") end
  | {summary: "Failed to read variables file", detail: .};

# A key that the review does not declare. Terraform only warns of it, but "Regions" in place of "regions" is a review of other images.
def unknown_key: .summary | IN("Value for undeclared variable", "Values for undeclared variables");

# The errors in terraform's output, with unknown keys. Terraform itself adds one that says no more to each of the provider's configuration.
def diagnostics: [.[] | fromjson? | select(.type? == "diagnostic") | .diagnostic];
def errors:
  (diagnostics | map(select(.severity == "error" or unknown_key))) + if any(diagnostics[]; .severity == "error") then [] else [no_text] end
  | (map(select(.summary != "Invalid provider configuration")) | select(. != [])) // .;

# Where several images failed, the detail has a title and a count for each reason.
def titles:
  if .summary == "Images Could Not Be Read" then .detail | match("(?:^|\n)([A-Z][^\n]*) \\([0-9]+ of [0-9]+\\):"; "g").captures[0].string
  else .summary end;

# Terraform names two unknown keys. The warning that counts the others is no cause of its own.
def cause:
  if in_allow_list then "The allow list has an error."
  elif unknown_key then .detail | capture("named \"(?<name>.*)\" but a value")
    | "The allow list has a key that the review does not know: `\(.name | inert | .[:80])`"
  elif .summary | IN("Inconsistent dependency lock file", "Required plugins are not installed") then not_installed
  else titles as $title | first((causes[] | select(.titles | index($title)) | .says), other) end;

def failure:
  errors as $errors
  | ([$errors[] | cause] | unique) as $causes
  | "1",
    "**Not reviewed.** The images of this account were not reviewed, so their sharing is unknown.", "",
    if $causes | length > 1 then "There are several causes:", "" else empty end,
    (if $causes == [] then [other] else $causes end | map("- " + .)[]), "",
    "```text",
    (if $errors == [] then map(fromjson? // .) | map(if type == "object" then .["@message"] // "" else tostring end)
      else ($errors | map("\([.summary, .address] | map(select(. != null)) | join(": "))\n\n\(.detail)\n"))
        + if $causes | index(not_installed) then [$init] else [] end
      end | join("\n") | inert),
    "```";

def plural($n; $what): "\($n) \($what)" + if $n == 1 then "" else "s" end;

# What to do about the findings of each kind that is about who can use an image, and what else may be right.
def todo: {
  "open to everybody": ["make the image private in SCP", "if everybody may use it, add it to `public`"],
  "visibility unknown": ["look at the image in SCP: this visibility is new", null],
  "other": ["look at the image in SCP", null],
  "not allowed": ["remove the member in SCP", "if it is right, add the account to the image in the allow list"],
  "expired": ["remove the member in SCP", "if it is still right, change the date in `until`"],
  "not in the file": ["make the image private in SCP", "if it is right, add it to the allow list, with [] if it is for no one"]
};

# Text that report.jq has cleaned stands in code spans.
def code: if test("[^ ]") then "`\(.)`" else empty end;
def item: [.kind, ([.image_name, .image, .account_name, .account, .region] | map(code))[]] | join(" ");
def items($what): (.[:5][] | "  - \($what): \(item)"), if length > 5 then "  - and \(length - 5) more" else empty end;

# What the findings mean together. Images that are not in SCP's list are no reason to edit the allow list: with wrong keys or in a
# wrong region, none is in it.
def advice:
  def of($kind): .findings | map(select(.kind == $kind));
  def say($n; says): if $n == 0 then empty else "- " + ($n | says) end;
  . as $found | (of("belongs to account") | length) as $foreign | of("not in SCP's list") as $gone
  | (of("owns no image") != [] or $foreign > 0 or ($gone | length) > 1) as $doubt
  | (if of("owns no image") != [] then "- The account owns no image in any of the regions." else empty end),
    say($foreign; plural(.; "image") + " in the allow list: the owner is another account."),
    (if $doubt then
      say($gone | length; plural(.; "image") + " in the allow list: not in SCP's list."),
      "- First check the keys of the pipeline, the account and the regions. Leave the allow list as it is until they are right."
    else empty end),
    (todo | to_entries[] | .key as $kind | .value as [$undo, $allow]
      | $found | say(of($kind) | length; "\(.) \($kind): \($undo)" + if $doubt or $allow == null then "." else ", or, \($allow)." end)),
    (if $doubt then empty else
      say($gone | length; "One image is not in SCP's list: \($gone[0] | [.image_name, .image | code] | join(" ")). It was deleted, or "
        + "it is hidden, and a hidden image is still shared. Before you remove it from the allow list, read its members by its ID: "
        + "Image Not Found means deleted.")
    end),
    say(of("missing") | map([.region, .image]) | unique | length;
      plural(.; "image") + " not shared with each account that the allow list names."),
    say(of("being deleted") | length; plural(.; "image") + " being deleted: its members were not read.");

# What is new, what ends soon, and what the provider says of the API's version.
def news:
  ($report[0] | .since
    | if .not_compared then "- \(.not_compared)"
      else "- Since \(.time): \(.new | length) new, \(.gone | length) no longer.", (.new | items("new")), (.gone | items("no longer")) end),
  ($report[0].ending | group_by(.ended)[]
    | "- \(if .[0].ended then "In `until`, but over" else "Allowed for less than 30 days more" end): "
      + (map([([.image_name, .image, .account_name, .account] | map(code))[], "until \(.until)"] | join(" ")) | .[:10] | join("; ")) + "."),
  ([diagnostics[] | select(.severity == "warning" and (.summary | test("API Version|api_version"))) | "- \(.summary): \(.detail)"
    | gsub("\\s+"; " ") | inert | .[:400]] | unique[]);

def warning: $report[0].warning // empty | ., "";

[inputs]
| $report[0] as $found
| if $code == "1" or $found == null or errors != [] then failure
  elif $found.findings != [] then
    "2", warning, "**Findings.** The images are not shared as the allow list says.", "", $head, ($found | advice), news
  elif $code == "0" then "0", warning, "**As allowed.** The images are shared as the allow list says.", "", $head, news
  else "1", "**Not reviewed.** The plan has changes, but the review has no finding." end
