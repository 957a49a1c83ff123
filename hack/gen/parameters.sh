#!/usr/bin/env bash
# Writes what is known of the engines' parameters into functions/appdatabase/parameters/data: names, whether a change needs
# a restart, and what values they take, as the servers themselves tell. Run by hand when a new major version of an engine
# is offered, on a machine that has the servers; CI only tests the files.
#
#   hack/gen/parameters.sh postgres BIN...     every BIN is the directory of one version's initdb and postgres
#   hack/gen/parameters.sh mariadb  BIN...     every BIN is the directory of one version's mariadbd, mariadb, mariadb-install-db
#
# Several versions are merged: a parameter that needs a restart in one of them is static, ranges and choices are united, and
# one that changed its type takes any text. EXTENSION_PATH is a directory with the modules pgaudit and pg_cron of one version;
# an empty file for-15 in it says which.
# PostgreSQL refuses to run as root, so run it as another user. The files of this repository were made with PostgreSQL
# 14.23, 15.18, 16.14, 17.10, 18.4 with pgaudit 1.7 and pg_cron 1.4, and with MariaDB 10.11.19. What the servers cannot tell,
# RDS's own parameters and those of newer MariaDB versions, is written by hand in data/*.hand.txt.
set -euo pipefail

data=$(cd "$(dirname "$0")/../.." && pwd)/functions/appdatabase/parameters/data
engine=${1:?postgres or mariadb}
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# One row of a version: name, d|s|x, type, minimum, maximum, choices or unit.
postgres_rows() {
  local bin=$1 modules=auto_explain,pg_prewarm,pg_stat_statements,plpgsql
  [ -z "${EXTENSION_PATH:-}" ] || [ ! -e "$EXTENSION_PATH/for-$("$bin/postgres" --version | grep -o '[0-9]*' | head -1)" ] || modules+=,pgaudit,pg_cron
  "$bin/initdb" -D "$work/data" -A trust >/dev/null
  cat >"$work/query" <<SQL
COPY (SELECT lower(name), CASE context WHEN 'postmaster' THEN 's' WHEN 'internal' THEN 'x' ELSE 'd' END, vartype, coalesce(min_val, ''), coalesce(max_val, ''), coalesce(array_to_string(enumvals, '|'), unit, '') FROM pg_settings ORDER BY 1) TO '$work/rows';
SQL
  "$bin/postgres" --single -D "$work/data" -c shared_preload_libraries=$modules \
    -c dynamic_library_path="\$libdir${EXTENSION_PATH:+:$EXTENSION_PATH}" postgres <"$work/query" >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
  rm -rf "$work/data"
  cat "$work/rows"
}

# A variable without an option of the command line can be set in a parameter group all the same, unless it is read-only or
# belongs to a session. Options that are no variable are static.
mariadb_rows() {
  local bin=$1
  "$bin/mariadb-install-db" --no-defaults --user="$(id -un)" --datadir="$work/data" --auth-root-authentication-method=normal --skip-test-db >/dev/null
  "$bin/mariadbd" --no-defaults --user="$(id -un)" --datadir="$work/data" --socket="$work/s" --skip-networking --pid-file="$work/pid" >"$work/log" 2>&1 &
  local server=$!
  for _ in $(seq 100); do [ -S "$work/s" ] && break; sleep 0.1; done
  "$bin/mariadb" --no-defaults -uroot -S "$work/s" -N -B <<'SQL'
SELECT LOWER(VARIABLE_NAME),
  CASE WHEN VARIABLE_SCOPE = 'SESSION ONLY' OR (READ_ONLY = 'YES' AND COMMAND_LINE_ARGUMENT IS NULL) THEN 'x' WHEN READ_ONLY = 'YES' THEN 's' ELSE 'd' END,
  CASE WHEN VARIABLE_TYPE = 'BOOLEAN' THEN 'bool' WHEN VARIABLE_TYPE LIKE '%INT%' THEN 'integer' WHEN VARIABLE_TYPE = 'DOUBLE' THEN 'real' ELSE 'string' END,
  IFNULL(NUMERIC_MIN_VALUE, ''), IFNULL(NUMERIC_MAX_VALUE, ''), ''
FROM information_schema.SYSTEM_VARIABLES;
SQL
  kill "$server"
  wait "$server" || true
  rm -rf "$work/data"
  "$bin/mariadbd" --no-defaults --help --verbose 2>/dev/null |
    sed -n '/^Variables (--variable-name/,$p' | awk '/^----/ { on = 1; next } on && $1 == "" { exit } on { print tolower($1) }' |
    tr - _ | grep -E '^[a-z][a-z0-9_]*$' | awk '{ print $1 "\to\tstring\t\t\t" }'
}

# Merge the rows of all versions into lines "name d|s|x type".
merge() {
  awk -F '\t' -v OFS=' ' '
    function wider(a, b, sign) { return a == "" || b == "" ? "" : (sign * (b - a) > 0 ? b : a) }
    {
      if ($2 == "o") { if ($1 in flag) next; $2 = "s" }
      if (!($1 in flag)) { flag[$1] = $2; type[$1] = $3; min[$1] = $4; max[$1] = $5; last[$1] = $6; next }
      if ($2 == "s" || flag[$1] == "x") flag[$1] = $2
      if (type[$1] != $3) type[$1] = "string"
      min[$1] = wider(min[$1], $4, -1); max[$1] = wider(max[$1], $5, 1)
      if ($3 != "enum") { last[$1] = $6; next }
      n = split($6, more, "|")
      for (i = 1; i <= n; i++) if (index("|" last[$1] "|", "|" more[i] "|") == 0) last[$1] = last[$1] "|" more[i]
    }
    END {
      for (name in flag) {
        kind = type[name]
        line = name " " flag[name]
        if (kind == "bool") line = line " bool"
        else if (kind == "enum") line = line " enum " last[name]
        else if ((kind == "integer" || kind == "real") && min[name] != "")
          line = line " " (kind == "real" ? "real" : "int") " " min[name] " " max[name] (last[name] == "" ? "" : " " last[name])
        print line
      }
    }' | LC_ALL=C sort
}

case $engine in postgres | mariadb) ;; *) echo "unknown engine $engine: postgres or mariadb" >&2; exit 1 ;; esac
for bin in "$@"; do "${engine}_rows" "$bin" >>"$work/all"; done
merge <"$work/all" >"$data/$engine.txt"
wc -l "$data/$engine.txt"
