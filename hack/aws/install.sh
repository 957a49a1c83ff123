#!/usr/bin/env bash
# install.sh puts moto_server, the AWS API server that the real provider is tried on, into _output/bin: a link to the one on PATH, or else one of
# a virtual environment of its own below _output.
set -euo pipefail

version=5.2.1
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
server=$root/_output/bin/moto_server
mkdir -p "${server%/*}"

# right says that a moto_server is there and has what it needs: without its extra it does not start. It cannot be asked for its version.
right() { [[ -x $1 ]] && "$1" --help >/dev/null 2>&1; }

right "$server" && exit 0
found=$(command -v moto_server || true)
if [[ -n $found ]] && right "$found"; then
  ln -sf "$found" "$server"
  exit 0
fi

asked="install it with: pip install 'moto[server]==$version' (Python 3.9 or later), so that moto_server is on PATH, then run this again"
command -v python3 >/dev/null || {
  echo "error: moto_server $version is missing, and there is no python3 to install it with: $asked" >&2
  exit 1
}
venv=$root/_output/aws/venv
echo "installing moto $version with its server into _output/aws/venv"
{ python3 -m venv "$venv" && "$venv/bin/pip" install --quiet "moto[server]==$version"; } >"$root/_output/aws/venv.log" 2>&1 || {
  tail -n 5 "$root/_output/aws/venv.log" >&2
  echo "error: moto_server $version is missing and could not be installed: $asked" >&2
  exit 1
}
ln -sf "$venv/bin/moto_server" "$server"
