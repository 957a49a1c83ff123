#!/usr/bin/env bash
# install.sh installs PostgreSQL and MariaDB from Debian's packages where they are missing. Neither is started.
set -euo pipefail

missing=()
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
command -v mariadbd >/dev/null || [[ -x /usr/sbin/mariadbd ]] || missing+=(mariadb-server)
((${#missing[@]} > 0)) || exit 0

sudo=''
((EUID == 0)) || sudo=sudo
command -v apt-get >/dev/null || {
  echo "error: install ${missing[*]} (PostgreSQL 15 or later, MariaDB 10.11 or later), then run this again." >&2
  exit 1
}
# A package starts its service unless this file forbids it; one that is there already stays as it is.
policy=/usr/sbin/policy-rc.d
if [[ ! -e $policy ]]; then
  printf '#!/bin/sh\nexit 101\n' | $sudo tee "$policy" >/dev/null
  $sudo chmod +x "$policy"
  trap '$sudo rm -f "$policy"' EXIT
fi
echo "installing ${missing[*]}"
$sudo apt-get update -qq
$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
