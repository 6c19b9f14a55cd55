#!/usr/bin/env bash
# The same as check.sh, with conftest in place of opa.
set -euo pipefail

rm -f plan.bin plan.json
terraform plan -input=false -out=plan.bin "$@"
terraform show -json plan.bin >plan.json
conftest test --policy policy.rego --data images.json plan.json
