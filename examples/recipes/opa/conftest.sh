#!/usr/bin/env bash
# The same as check.sh, with conftest in place of opa:
#
#   ./conftest.sh IMAGES.JSON [ARGUMENTS OF TERRAFORM PLAN]
#
# A conftest.toml in the configuration's folder could replace the policy, or look for another package: an empty one is used.
set -euo pipefail
unset "${!CONFTEST_@}" "${!TF_CLI_ARGS@}" # both programs take options from there
verdict=DENIED own=$(mktemp -d)
trap 'rm -r "$own"; echo "$verdict"' EXIT
[ $# -gt 0 ] || { echo "usage: $0 IMAGES.JSON [ARGUMENTS OF TERRAFORM PLAN]" >&2; exit 1; }
here=$(dirname "$0") images=$1
shift

: >"$own/conftest.toml"
judge() { # POLICY ARGUMENTS; conftest passes if there was nothing to test
  conftest test --no-color --config-file "$own/conftest.toml" --policy "$here/$1" "${@:2}" | tee "$own/output"
  grep -q '^\([1-9][0-9]*\) tests\?, \1 passed,' "$own/output"
}

engine=${TF_ACC_TERRAFORM_PATH:-$(command -v terraform || echo tofu)}
rm -f plan.bin plan.json
"$engine" plan -input=false -out=plan.bin "$@"
"$engine" show -json plan.bin >plan.json
judge list.rego --namespace list --parser json "$images"
judge policy.rego --data "$images" plan.json
verdict=ALLOWED
