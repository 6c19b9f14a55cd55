# Says what a run of the review means: the exit code, then text in Markdown. review.sh calls it:
#
#   jq -Rrn --arg code CODE --slurpfile report report.json -f verdict.jq plan.jsonl
#
# CODE is terraform's exit code, plan.jsonl what "terraform plan -json" printed, and report.json the report as json, or an empty
# file if there is none.

# Each cause of a failed read, and the titles of the errors that have it.
def causes: [
  {
    titles: ["Authentication Failed"],
    says: "SCP rejected the keys. Check that the access key and the secret key of this account are a pair and have not expired."
  },
  {
    titles: ["Missing access_key", "Missing secret_key", "Invalid access_key", "Invalid secret_key", "Invalid auth_token"],
    says: "The keys are not set, or contain characters that no key has. Check the secrets of this account."
  },
  {
    titles: ["Permission Denied"],
    says: "The keys lack a permission that the error names. SCP can also restrict the addresses that requests may come from."
  },
  {
    titles: ["Clock Is Wrong"],
    says: "The clock of this machine is wrong, so SCP rejects its requests."
  },
  {
    titles: ["Endpoint Not Found", "Not Found", "Host Name Not Found", "Missing Region", "Region Has No Effect",
      "Invalid default_region", "Invalid environment", "Invalid auth_url", "Invalid endpoint_override"],
    says: "There is no SCP at this address. Check regions in the allow list, and the environment."
  },
  {
    titles: ["Connection Failed", "Name Resolution Failed", "TLS Connection Failed", "Proxy Did Not Connect",
      "Invalid Proxy Variable", "Redirect Not Followed", "Response Not From SCP"],
    says: "SCP could not be reached from this machine. Check the network and the proxy between them."
  },
  {
    titles: ["SCP Server Error", "Request Timed Out", "Read Timed Out", "Read Timed Out While Rate Limited", "Too Many Requests"],
    says: "SCP, or a proxy in front of it, failed or was too slow. Run again later."
  },
  {
    titles: ["Unusable Response", "Unexpected Status", "Cached Response", "Filter Ignored", "List Is Not Complete",
      "Member Listed Twice"],
    says: "A response was not clear. It was not read as \"shared with no one\"."
  },
  {
    titles: ["Image Not Found", "Image Is Not Shared"],
    says: "An image changed while the review ran. Run again."
  },
  {
    titles: ["API Version Not Accepted"],
    says: "SCP no longer accepts the API version that the provider is pinned to."
  }
];
def other: "The review itself failed.";

# Errors in the allow list are terraform's own.
def in_allow_list:
  (.range.filename // "" | endswith(".json"))
  or (.summary | IN("Invalid value for variable", "Invalid value for input variable", "No value for required variable",
    "Failed to read variables file"));

# A key that the review does not declare. Terraform only warns of it, but "Regions" in place of "regions" is a review of other images.
def unknown_key: .summary | IN("Value for undeclared variable", "Values for undeclared variables");

# The errors in terraform's output, with unknown keys. Terraform itself adds one that says no more to each of the provider's configuration.
def errors:
  [.[] | fromjson? | select(.type? == "diagnostic") | .diagnostic | select(.severity == "error" or unknown_key)]
  | (map(select(.summary != "Invalid provider configuration")) | select(. != [])) // .;

# Text that cannot end a block of code, or be a command to a pipeline.
def inert: gsub("[^\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}\n ]"; " ") | gsub("`"; "'") | gsub("::"; ": :") | gsub("##\\["; "## [") | .[:20000];

# Where several images failed, the detail has a title and a count for each reason.
def titles:
  if .summary == "Images Could Not Be Read" then .detail | match("(?:^|\n)([A-Z][^\n]*) \\([0-9]+ of [0-9]+\\):"; "g").captures[0].string
  else .summary end;

# Terraform names two unknown keys. The warning that counts the others is no cause of its own.
def cause:
  if in_allow_list then "The allow list has an error."
  elif unknown_key then .detail | capture("named \"(?<name>.*)\" but a value")
    | "The allow list has a key that the review does not know: `\(.name | inert | .[:80])`"
  else titles as $title | first((causes[] | select(.titles | index($title)) | .says), other) end;

def failure:
  errors as $errors
  | ([$errors[] | cause] | unique) as $causes
  | "1",
    "**Not reviewed.** Nothing is known about the images of this account, neither good nor bad.", "",
    if $causes | length > 1 then "There are several causes:", "" else empty end,
    (if $causes == [] then [other] else $causes end | map("- " + .)[]), "",
    "```text",
    (if $errors == [] then map(fromjson? // .) | map(if type == "object" then .["@message"] // "" else tostring end)
      else $errors | map("\([.summary, .address] | map(select(. != null)) | join(": "))\n\n\(.detail)\n") end | join("\n") | inert),
    "```";

def plural($n; $what): "\($n) \($what)" + if $n == 1 then "" else "s" end;

# What the findings mean together. Images that are not in SCP's list are no reason to edit the allow list: with wrong keys or in a
# wrong region, none is in it.
def advice:
  .regions as $regions
  | def of($kind): .findings | map(select(.kind == $kind));
    def say($n; says): if $n == 0 then empty else "- " + ($n | says) end;
    (of("owns no image here") | map(.region)) as $empty | (of("belongs to account") | length) as $foreign
  | of("not in SCP's list") as $gone | (of("missing") | map(.image) | unique | length) as $missing
  | (.findings | map(select(.kind | IN("owns no image here", "belongs to account", "not in SCP's list", "missing", "being deleted") | not))
      | length) as $access
  | ($empty != [] or $foreign > 0 or ($gone | length) > 1) as $doubt
  | say($empty | length;
      "The account owns no image in \(if . == ($regions | length) then "any of the regions" else $empty | join(", ") end)."),
    say($foreign; plural(.; "image") + " in the allow list: the owner is another account."),
    (if $doubt then
      say($gone | length; plural(.; "image") + " in the allow list: not in SCP's list."),
      "- First check the keys of the pipeline, the account and the regions. Leave the allow list as it is until they are right.",
      say($access; plural(.; "finding") + " about who can use an image: undo the sharing in SCP.")
    else
      say($access;
        plural(.; "finding") + " about who can use an image: undo the sharing in SCP, or, if it is right, add it to the allow list."),
      say($gone | length; "One image is not in SCP's list: \($gone[0].image). If it was deleted on purpose, remove it from the allow list.")
    end),
    say($missing; plural(.; "image") + " not shared with each account that the allow list names."),
    say(of("being deleted") | length; plural(.; "image") + " being deleted.");

[inputs] | . as $lines
| $report[0] as $found
| if $code == "1" or $found == null or errors != [] then failure
  elif $found.findings != [] then "2", "**Findings.** The images are not shared as the allow list says.", "", ($found | advice)
  elif $code == "0" then "0", "**As allowed.** The images are shared as the allow list says."
  else
    "1", "**Not reviewed.** The plan has changes, but the review has no finding: use the recipe in a folder of its own, with a new state."
  end
