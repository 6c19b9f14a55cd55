#!/bin/sh
# Reviews the images of one account with the recipe in this folder, and says what the result means:
#
#   review.sh IMAGES.JSON REPORTS
#
#   exit code 0   the images are shared as the allow list says
#   exit code 2   there are findings
#   exit code 1   nothing is known: SCP gave no usable response, or the review itself failed
#
# It needs jq, the keys in SCP_TF_ACCESS_KEY and SCP_TF_SECRET_KEY, and a "terraform init" in this folder before. It writes summary.md
# (for people), junit.xml, report.json and line.txt into the folder REPORTS. The last three exist only if the images were reviewed.
#
# If HEARTBEAT_URL is set, the line is sent there after each review. Have the system behind it raise an alarm if that stops.
set -u
verdict=1 # whatever stops this script, nothing is known
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"; exit "$verdict"' EXIT
trap 'exit 1' HUP INT TERM
set -e

if [ $# != 2 ]; then
  echo 'usage: review.sh IMAGES.JSON REPORTS' >&2
  exit 1
fi
absolute() { case $1 in /*) echo "$1" ;; *) echo "$PWD/$1" ;; esac; }
images=$(absolute "$1") reports=$(absolute "$2")
cd "$(dirname "$0")"
report=../report.jq
[ -e "$report" ] || report=report.jq
mkdir -p "$reports"
rm -f "$reports/summary.md" "$reports/junit.xml" "$reports/report.json" "$reports/line.txt"

# The allow list alone decides.
# shellcheck disable=SC2046 # names have no spaces
unset $(env | sed -nE 's/^(TF_VAR_[0-9A-Za-z_]+|TF_CLI_ARGS[0-9A-Za-z_]*)=.*/\1/p')

code=0
terraform plan -var-file="$images" -state="$work/none.tfstate" -detailed-exitcode -input=false -json -out="$work/plan.bin" \
  >"$work/plan.jsonl" 2>&1 || code=$?

render() { jq -rf "$report" --arg as "$1" "$work/plan.json"; }
: >"$work/report.json"
if [ "$code" = 0 ] || [ "$code" = 2 ]; then
  terraform show -json "$work/plan.bin" >"$work/plan.json"
  render json >"$work/report.json" || : >"$work/report.json" # there is no report of a plan that failed
fi
jq -Rrn --arg code "$code" --slurpfile report "$work/report.json" -f verdict.jq "$work/plan.jsonl" >"$work/verdict"
said=$(sed -n 1p "$work/verdict")

{
  printf '## %s\n\n' "$(basename "$images" .json)"
  sed 1d "$work/verdict"
} >"$reports/summary.md"
if [ "$said" = 1 ]; then
  cat "$reports/summary.md"
  exit
fi

mv "$work/report.json" "$reports/"
render junit >"$reports/junit.xml"
render line >"$reports/line.txt"
{
  echo
  render table
} >>"$reports/summary.md"
cat "$reports/summary.md"
{
  echo
  render accounts
  echo
  render matrix
} >>"$reports/summary.md"

if [ -z "${HEARTBEAT_URL:-}" ]; then
  echo 'HEARTBEAT_URL is not set: nothing will notice if the reviews stop.'
elif ! curl -fsS -m 20 --retry 3 -o /dev/null --data-binary "@$reports/line.txt" "$HEARTBEAT_URL"; then
  echo 'The heartbeat could not be sent.'
fi
verdict=$said
