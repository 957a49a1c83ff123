#!/usr/bin/env bash
# newcomer.sh runs the README's first commands as they stand there, as somebody does who has just cloned the repository: in a clone of
# what is committed, in an empty directory, with nothing of ours beside it and nothing of ours in the environment. What passes in the
# checkout of who works on it may rest on a file that is not committed, on a directory beside it, or on a result of yesterday.
#
# Tools that _output/bin has already are linked, because building them takes minutes and proves nothing new.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
clone=$root/_output/newcomer/goldenpath

if [[ -n $(git -C "$root" status --porcelain) ]]; then
  git -C "$root" status --short >&2
  echo 'error: a newcomer gets what is committed, and this is not: commit or stash it, then run this again' >&2
  exit 1
fi
commands=$(awk -v section='' -f "$root/hack/tools/readme-commands.awk" "$root/README.md")
if [[ -z $commands ]]; then
  echo 'error: README.md has no commands before its first section: this script has to know where they are' >&2
  exit 1
fi

rm -rf "${clone%/*}"
mkdir -p "${clone%/*}"
git clone --quiet "$root" "$clone"
mkdir -p "$clone/_output/bin"
for stamp in "$root"/_output/bin/.*.stamp; do
  [[ -f $stamp ]] || continue
  name=${stamp##*/.}
  ln "$root/_output/bin/${name%.stamp}" "$stamp" "$clone/_output/bin/"
done

cd "$clone"
SECONDS=0
# Each command is printed with the second at which it begins.
# shellcheck disable=SC2016 # the inner shell counts
env -u PROVIDER_SCHEMAS -u GOFLAGS -u CGO_ENABLED -u MAKEFLAGS -u MAKELEVEL bash -euo pipefail -c \
  'PS4="+ after \$SECONDS s: "; set -x; '"$commands"
echo "newcomer: done after $SECONDS s"
rm -rf "${clone%/*}"
