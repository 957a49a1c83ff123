#!/usr/bin/env bash
# fuzz.sh TIME runs every fuzz target of the functions for TIME each (Go can fuzz only one target at once).
# An input that fails is written to testdata/fuzz beside the target; keep it in the repository as a regression test.
set -euo pipefail

time=${1:?usage: hack/tools/fuzz.sh TIME, for instance 30s}
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

count=0
while IFS=: read -r file target; do
  echo "== $target in ${file%/*}, $time"
  go test "./${file%/*}" -run '^$' -fuzz "^$target\$" -fuzztime "$time"
  count=$((count + 1))
done < <(grep -rEo --include='*_test.go' '^func Fuzz[A-Za-z0-9_]+' functions | sed 's/func //' | sort)

if ((count == 0)); then
  echo "error: no fuzz target found below functions" >&2
  exit 1
fi
echo "fuzz: $count targets, $time each, no failure"
