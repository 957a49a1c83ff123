#!/usr/bin/env bash
# readme.sh runs the commands of the README's section "Try it for real" as they stand there, in one shell, and stops at the
# first that fails. Whatever happens, the control plane is stopped at the end.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
commands=$(awk -v section='Try it for real' -f hack/tools/readme-commands.awk README.md)
if [[ -z $commands ]]; then
  echo 'error: README.md has no commands in a section "## Try it for real": this script has to know the new name' >&2
  exit 1
fi
trap 'make --no-print-directory down >/dev/null' EXIT
bash -euxo pipefail -c "$commands"
