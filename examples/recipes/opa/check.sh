#!/usr/bin/env bash
# Plans the configuration in the current folder, and checks the plan with the policy next to this script:
#
#   ./check.sh IMAGES.JSON [ARGUMENTS OF TERRAFORM PLAN]
#
# It stops at the first step that fails: without a plan, nothing is allowed.
set -euo pipefail
unset "${!OPA_@}" "${!TF_CLI_ARGS@}" # both programs take options from there
verdict=
trap '[ "$verdict" = ALLOWED ] || echo DENIED' EXIT
[ $# -gt 0 ] || { echo "usage: $0 IMAGES.JSON [ARGUMENTS OF TERRAFORM PLAN]" >&2; exit 1; }
here=$(dirname "$0") images=$1
shift

engine=${TF_ACC_TERRAFORM_PATH:-$(command -v terraform || echo tofu)}
rm -f plan.bin plan.json
"$engine" plan -input=false -out=plan.bin "$@"
"$engine" show -json plan.bin >plan.json
said=$(opa eval --format raw --data "$here/list.rego" --input "$images" data.list.verdict)
[ "$said" = ALLOWED ] || { echo "$said"; exit 1; }
verdict=$(opa eval --format raw --data "$here/policy.rego" --data "$images" --input plan.json data.main.verdict)
echo "$verdict"
[ "$verdict" = ALLOWED ]
