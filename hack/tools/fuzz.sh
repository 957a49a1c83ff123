#!/usr/bin/env bash
# fuzz.sh TIME runs every fuzz target of the functions for TIME each (Go can fuzz only one target at once).
# An input that fails is written to testdata/fuzz beside the target; keep it in the repository as a regression test.
set -euo pipefail

time=${1:?usage: hack/tools/fuzz.sh TIME, for instance 30s}
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# fuzz PACKAGE TARGET. Go sometimes takes the end of the time for a failure (go.dev/issue/48591): it then names no input. That,
# and nothing else, is tried once more.
fuzz() {
  local log status=0
  log=$(mktemp)
  go test "$1" -run '^$' -fuzz "^$2\$" -fuzztime "$time" 2>&1 | tee "$log" || status=$?
  if ((status != 0)) && grep -q 'context deadline exceeded' "$log" && ! grep -q 'Failing input written' "$log"; then
    echo "== $2 again: the time ran out in the middle of an input, and no input failed"
    status=0
    go test "$1" -run '^$' -fuzz "^$2\$" -fuzztime "$time" || status=$?
  fi
  rm -f "$log"
  return "$status"
}

count=0
while IFS=: read -r file target; do
  echo "== $target in ${file%/*}, $time"
  fuzz "./${file%/*}" "$target"
  count=$((count + 1))
done < <(grep -rEo --include='*_test.go' '^func Fuzz[A-Za-z0-9_]+' functions | sed 's/func //' | sort)

if ((count == 0)); then
  echo "error: no fuzz target found below functions" >&2
  exit 1
fi
echo "fuzz: $count targets, $time each, no failure"
