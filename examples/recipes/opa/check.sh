#!/usr/bin/env bash
# Plans the configuration in this folder, with the arguments given, and puts the plan to policy.rego. Any step that fails
# ends it: without a plan nothing passes.
set -euo pipefail
unset "${!OPA_@}" # opa takes options from there

rm -f plan.bin plan.json
terraform plan -input=false -out=plan.bin "$@"
terraform show -json plan.bin >plan.json
opa eval --format pretty --data policy.rego --data images.json --input plan.json data.main.deny
opa eval --fail --data policy.rego --data images.json --input plan.json data.main.allow >/dev/null
