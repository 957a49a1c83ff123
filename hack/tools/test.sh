#!/usr/bin/env bash
# test.sh DIR... runs the Go tests of the modules in DIR... and prints a summary (test-summary.awk says of what).
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
for dir in "$@"; do
  echo "== go test ./... in $dir"
  (cd "$dir" && go test -v ./... 2>&1) | awk -f "$here/test-summary.awk"
done
