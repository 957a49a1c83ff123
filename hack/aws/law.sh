#!/usr/bin/env bash
# law.sh writes what the provider does with each kind that we compose, as its own configuration and Terraform's schema have it, to
# internal/cloud/law/law.json. The simulated clouds obey it.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
law=$root/internal/cloud/law/law.json
log=$root/_output/aws/law.log
mkdir -p "${law%/*}" "${log%/*}"
"$root/_output/bin/provider-aws" -laws >"$law.new" 2>"$log" || {
  rm -f "$law.new"
  tail -n 15 "$log" >&2
  exit 1
}
mv -f "$law.new" "$law"
