#!/bin/sh
# Reviews the images of one account with the recipe in this folder, and says what the result means:
#
#   review.sh IMAGES.JSON REPORTS
#
#   exit code 0   the images are shared as the allow list says
#   exit code 2   there are findings
#   exit code 1   not reviewed: SCP gave no usable response, or the review itself failed
#
# It needs jq, the keys in SCP_TF_ACCESS_KEY and SCP_TF_SECRET_KEY, and what TF_ACC_TERRAFORM_PATH names, or terraform, or tofu. It
# writes junit.xml, report.json, line.txt, last-report.json (which the next review is compared with) and, last of all, summary.md into
# the folder REPORTS. Until then summary.md says "Not reviewed", and if nothing was reviewed, the first three do not exist.
#
# The review is alone: it initialises and plans a copy of main.tf in an empty folder. Of Terraform's variables, only those count that name
# its configuration and its log. OpenTofu's TF_ENCRYPTION works, but not with a passphrase in a TF_VAR_ variable: these are taken away.
#
# If HEARTBEAT_URL is set, each completed review sends its line there. Configure that system to raise an alarm if it receives
# nothing for a day.
set -u
verdict=1 work='' reports='' # whatever stops this script, nothing is known
forget() { [ -z "$reports" ] || rm -rf "$reports/.run" "$reports/junit.xml" "$reports/report.json" "$reports/line.txt"; }
trap 'rm -rf "$work"; [ "$verdict" != 1 ] || forget; exit "$verdict"' EXIT
trap 'exit 1' HUP INT TERM
trap '' PIPE # whoever reads the output may stop reading
unset CDPATH
set -e

fail() {
  [ -z "$reports" ] || printf '**Not reviewed.** %s\n' "$1" >"$reports/summary.md"
  echo "$1" >&2
  exit 1
}
[ $# = 2 ] || fail 'usage: review.sh IMAGES.JSON REPORTS'
mkdir -p "$2"
reports=$(cd "$2" && pwd)
if kill -0 "$(cat "$reports/.run/pid" 2>/dev/null)" 2>/dev/null; then
  forget() { :; } # the files of two runs would disagree
  fail 'Another review is writing into this folder.'
fi
rm -f "$reports/summary.md"
forget
echo '**Not reviewed.** The review has not finished, or something stopped it: see what it printed.' >"$reports/summary.md"
run=$reports/.run work=$(mktemp -d)
mkdir "$run" "$work/images" "$work/plan"
echo $$ >"$run/pid"
list=$work/images/$(basename "$1")
cp "$1" "$list" || fail 'The allow list cannot be read.'

engine=${TF_ACC_TERRAFORM_PATH:-$(command -v terraform || echo tofu)}
engine=$(command -v "$engine") || fail 'There is no terraform and no tofu: put one on PATH, or name one in TF_ACC_TERRAFORM_PATH.'
case $engine in /*) ;; *) engine=$PWD/$engine ;; esac
case ${TF_CLI_CONFIG_FILE:-/} in /*) ;; *) export TF_CLI_CONFIG_FILE="$PWD/$TF_CLI_CONFIG_FILE" ;; esac

# Terraform installs plugins from these places, so they may not belong to whoever can write to the repository of the allow list.
tree=$(cd "$(dirname "$1")" && pwd -P)
while [ ! -e "$tree/.git" ] && [ "$tree" != / ]; do tree=$(dirname "$tree"); done
set -f
IFS=: # XDG_DATA_DIRS is a list
for name in HOME TF_CLI_CONFIG_FILE TERRAFORM_CONFIG XDG_DATA_HOME XDG_DATA_DIRS XDG_CONFIG_HOME TF_PLUGIN_CACHE_DIR; do
  for place in $(eval "printf %s \"\${$name:-}\""); do
    [ -d "$place" ] || place=$(dirname "$place")
    case $(cd "$place" 2>/dev/null && pwd -P)/ in "$tree"/*)
      fail "$name is in the repository of the allow list. A plugin in it would run with the keys: set $name to another place." ;;
    esac
  done
done
set +f && unset IFS

here=$(cd "$(dirname "$0")" && pwd)
report=$here/../report.jq
[ -e "$report" ] || report=$here/report.jq
cp "$here/main.tf" "$work/plan/"
lock=''
if [ -e "$here/.terraform.lock.hcl" ]; then cp "$here/.terraform.lock.hcl" "$work/plan/"; lock=-lockfile=readonly; fi
cd "$work/plan"
# The allow list alone decides.
# shellcheck disable=SC2046 # names have no spaces
unset $(env | sed -nE 's/^(TF_VAR_[0-9A-Za-z_]+|TF_CLI_ARGS[0-9A-Za-z_]*|TF_WORKSPACE|TF_DATA_DIR|TF_REATTACH_PROVIDERS)=.*/\1/p')

# The plan decides whether an init that failed was needed: with dev_overrides it is not.
if "$engine" init -input=false -no-color $lock >"$work/init" 2>&1; then : >"$work/init"; fi
code=0
"$engine" plan -var-file="$list" -detailed-exitcode -input=false -json -out="$work/plan.bin" >"$work/plan.jsonl" 2>&1 || code=$?

jq . "$reports/last-report.json" >"$work/last.json" 2>/dev/null || : >"$work/last.json"
render() { jq -rf "$report" --arg as "$1" --slurpfile last "$work/last.json" "$work/plan.json" >"$2"; }
: >"$work/table"
if [ "$code" != 1 ]; then "$engine" show -json "$work/plan.bin" >"$work/plan.json"; fi
if [ "$code" = 1 ] || ! { render json "$run/report.json" && render junit "$run/junit.xml" && render line "$run/line.txt" &&
  render table "$work/table" && render accounts "$work/accounts" && render matrix "$work/matrix"; }; then
  : >"$run/report.json" # there is no report of a plan that failed
fi
sed -n 1,3p "$work/table" >"$work/head"
jq -Rrn --arg code "$code" --slurpfile report "$run/report.json" --rawfile head "$work/head" --rawfile list "$list" \
  --rawfile init "$work/init" -f "$here/verdict.jq" "$work/plan.jsonl" >"$work/verdict"
said=$(sed -n 1p "$work/verdict")
case $said in [012]) ;; *) fail 'There is no verdict.' ;; esac

# What is printed, and the rest. The head of each table is in the verdict already.
order='table accounts matrix'
[ "$(grep -c '^| ' "$work/table")" -le 12 ] || order='accounts table matrix'
{
  printf '## %s\n\n' "$(basename "$1" .json)"
  sed 1d "$work/verdict"
  [ "$said" = 1 ] || sed 1,3d "$work/${order%% *}"
} >"$work/shown"
{
  cat "$work/shown"
  for form in ${order#* }; do [ "$said" = 1 ] || sed 1,3d "$work/$form"; done
} >"$run/summary.md"

trap '' HUP INT TERM
if [ "$said" != 1 ]; then
  cp "$run/report.json" "$run/last-report.json"
  mv "$run/junit.xml" "$run/report.json" "$run/line.txt" "$run/last-report.json" "$reports/"
fi
mv "$run/summary.md" "$reports/"
verdict=$said
trap 'exit "$verdict"' HUP INT TERM
rm -rf "$run" || :

cat "$work/shown" || :
if [ "$said" = 1 ]; then
  :
elif [ -z "${HEARTBEAT_URL:-}" ]; then
  echo 'HEARTBEAT_URL is not set: nothing will notice if the reviews stop.' || :
elif ! curl -fsS -m 20 --retry 3 -o /dev/null --data-binary "@$reports/line.txt" "$HEARTBEAT_URL"; then
  echo 'The heartbeat could not be sent.' || :
fi
