#!/usr/bin/env bash
# build.sh builds provider-aws for the kinds that we compose into _output/bin/provider-aws, from source and without Docker: about 8 minutes
# with an empty build cache on two cores, and seconds when only the list of kinds has changed. It is built once: a stamp beside the binary says
# from what. With --pin it makes hack/aws/mini/go.mod anew, which a new API group needs (its client library is a module of its own).
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
bin=$root/_output/bin
# The build cache knows packages by the directory of their module, unless -trimpath is given: always below _output, always with it.
source=$root/_output/aws/source
log=$root/_output/aws/build.log

fail() {
  printf '\n%s\n' "error: $*" >&2
  exit 1
}

command -v go >/dev/null || fail "Go is not on PATH. Install Go (https://go.dev/dl), then run this again."
export GOWORK=off CGO_ENABLED=0 GOFLAGS='-buildvcs=false -trimpath'
mkdir -p "$bin" "$root/_output/aws"
stamp="$(go run -C "$here" . stamp --root "$root") $(go env GOVERSION)"
if [[ ${1:-} != --pin && -x $bin/provider-aws && -f $bin/.provider-aws.stamp && $(<"$bin/.provider-aws.stamp") == "$stamp" ]]; then
  exit 0
fi

start=$SECONDS
echo "provider-aws ${stamp%% *}: building from source into _output/bin/provider-aws (once; a first build takes minutes)"
go run -C "$here" . assemble --root "$root" --out "$source"
cd "$source/provider-aws"
if [[ ${1:-} == --pin ]]; then
  go mod tidy
  cp go.mod go.sum "$here/mini/"
  echo "hack/aws/mini/go.mod is pinned anew: look at it with git diff, then commit it"
  stamp="$(go run -C "$here" . stamp --root "$root") $(go env GOVERSION)"
fi
echo "  sources ready after $((SECONDS - start)) s"

# One line every twenty seconds while it builds.
(
  while kill -0 $$ 2>/dev/null; do
    sleep 20 </dev/null >/dev/null 2>&1
    echo "  ... $((SECONDS - start)) s, $(wc -l <"$log") packages compiled"
  done
) &
ticker=$!
# shellcheck disable=SC2064 # the process id of now is the one to end
trap "kill $ticker 2>/dev/null || true" EXIT
go build -v -mod=readonly -ldflags '-s -w' -o "$bin/.provider-aws.new" ./cmd/mini >"$log" 2>&1 || {
  grep -v '^[a-zA-Z0-9./_-]*$' "$log" | tail -n 15 >&2 || true
  fail "provider-aws did not build; the whole log is in $log. After a new API group, run hack/aws/build.sh --pin first."
}
mv -f "$bin/.provider-aws.new" "$bin/provider-aws"
echo "$stamp" >"$bin/.provider-aws.stamp"
echo "  provider-aws: done in $((SECONDS - start)) s"
