#!/usr/bin/env bash
# check-generate.sh runs `make generate` and `make law`, and fails when that changes, adds or removes a generated file. It compares with
# copies made before, so other uncommitted work in the tree does not matter.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
before=_output/check-generate

# generated lists every file that `make generate` owns.
generated() {
  { find apis functions internal package hack -type f \( -name 'zz_generated*' -o -name definition.yaml -path 'apis/*' \
    -o -path 'package/*/input/*.yaml' -o -path 'internal/cloud/law/law.json' -o -path 'package/*/activation-policy.yaml' -o -path 'hack/schemas/*' \) 2>/dev/null || true; } | sort
}

rm -rf "$before"
mkdir -p "$before"
generated >"$before/list"
tar -cf - -T "$before/list" | tar -xf - -C "$before"

"${MAKE:-make}" --no-print-directory generate law

drift=$(sort -u "$before/list" <(generated) | while IFS= read -r file; do
  cmp -s "$before/$file" "$file" || echo "  $file"
done)
if [[ -n $drift ]]; then
  printf '%s\n' "error: generated files do not match their sources:" "$drift" \
    "They are right now in your working tree: look at them with git diff, then commit them." >&2
  exit 1
fi
echo "generated files: $(generated | wc -l | tr -d ' ') checked, none differs"
