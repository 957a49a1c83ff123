#!/usr/bin/env bash
# test.sh DIR... runs the Go tests of the modules in DIR... and prints a summary (test-summary.awk says of what).
#
# Go would serve the last result while the files in the test's own module are the same. Ours read more than that: packages and examples
# outside of a nested module, a repository through links in a temporary directory, what a tool in _output/bin says. So every test runs.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
for dir in "$@"; do
  echo "== go test ./... in $dir"
  (cd "$dir" && go test -v -count=1 ./... 2>&1) | awk -f "$here/test-summary.awk"
done
