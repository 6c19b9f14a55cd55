#!/bin/sh
# Writes one summary of several accounts, in Markdown: all.sh IMAGES REPORTS. For each IMAGES/ACCOUNT.json it looks for what review.sh
# wrote into REPORTS/ACCOUNT. The exit code is 1 if an account was not reviewed, else 2 if there are findings, else 0.
set -u
worst=0
for list in "$1"/*.json; do
  account=$(basename "$list" .json)
  said=$(jq -r --slurpfile list "$list" 'select(.account == $list[0].account) | "\(.findings | length) \(.result)"' \
    "$2/$account/report.json" 2>/dev/null) || said=''
  case $said in
    '') worst=1 && echo "- **$account: not reviewed**" ;;
    0\ *) echo "- $account: ${said#* }" ;;
    *) worst=$((worst == 1 ? 1 : 2)) && echo "- **$account**: ${said#* }" ;;
  esac
done
exit "$worst"
