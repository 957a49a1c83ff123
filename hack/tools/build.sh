#!/usr/bin/env bash
# build.sh TOOL... puts pinned tools into _output/bin, without Docker and without touching anything outside _output.
#
# TOOL is one of: crossplane-core, crossplane-cli, controller-gen, golangci-lint, kube-apiserver, kube-controller-manager,
# kubectl, etcd, vault. The folders beside this script are Go modules of their own, because their dependencies cannot be brought
# together in one; a go.mod is the only place that names a version. A tool is built once. The stamp beside the binary says
# what it was built from; when that changes, the tool is built again. A binary of the same version that is on PATH already is
# linked to instead.
set -euo pipefail

tools=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bin=$(cd "$tools/../.." && pwd)/_output/bin

fail() {
  printf '\n%s\n' "error: $*" >&2
  exit 1
}

# describe TOOL sets what the rest needs to know about it:
# dir (its module), out (file name in _output/bin), names (on PATH), module, version_var (set by the linker), version, package,
# stamp.
describe() {
  dir=$tools/$1 package='' settings=''
  case $1 in
    crossplane-core)
      # Its RBAC manager serves metrics on port 8080 of all interfaces and has no flag for it, so two control planes could not
      # run side by side. No binary on PATH has this setting.
      out=crossplane-core names='' module=github.com/crossplane/crossplane/v2
      settings='-X sigs.k8s.io/controller-runtime/pkg/metrics/server.DefaultBindAddress=127.0.0.1:0'
      version_var=github.com/crossplane/crossplane-runtime/v2/pkg/version.version ;;
    crossplane-cli)
      out=crossplane names='crossplane' module=github.com/crossplane/cli/v2
      version_var=github.com/crossplane/crossplane-runtime/v2/pkg/version.version ;;
    controller-gen)
      out=controller-gen names='controller-gen' module=sigs.k8s.io/controller-tools
      version_var=sigs.k8s.io/controller-tools/pkg/version.version ;;
    golangci-lint)
      out=golangci-lint names='golangci-lint' module=github.com/golangci/golangci-lint/v2
      version_var=main.version ;;
    kube-apiserver | kube-controller-manager | kubectl)
      dir=$tools/kubernetes out=$1 names=$1 module=k8s.io/kubernetes package=k8s.io/kubernetes/cmd/$1
      version_var=k8s.io/component-base/version.gitVersion ;;
    etcd)
      out=etcd names='' module=go.etcd.io/etcd/server/v3 package=. version_var=main.version ;;
    vault)
      out=vault names='vault' module=github.com/hashicorp/vault version_var=github.com/hashicorp/vault/version.GitDescribe ;;
    *) fail "unknown tool \"$1\": choose from $known" ;;
  esac
  version=$(awk -v m="$module" '$1 == m { print $2 } $1 == "require" && $2 == m { print $3 }' "$dir/go.mod")
  case $1 in golangci-lint | vault) version=${version#v} ;; esac # they write the v themselves, or none
  package=${package:-$(awk '$1 == "tool" { print $2 }' "$dir/go.mod")}
  ldflags="-s -w -X $version_var=$version${settings:+ $settings}"
  stamp="$version $(cat "$dir"/go.mod "$dir"/go.sum $(find "$dir" -name '*.go') | git hash-object --stdin) $ldflags"
}

# right_version TOOL FILE tells whether FILE is that tool in the pinned version. Core and the CLI are both called
# crossplane: only core has `--version` together with `core`, only the CLI has `version --client`.
right_version() {
  case $1 in
    crossplane-core) [[ $("$2" --version 2>/dev/null) == "$version" ]] && "$2" core --help >/dev/null 2>&1 ;;
    crossplane-cli) [[ $("$2" version --client 2>/dev/null) == "Client Version: $version" ]] ;;
    controller-gen) [[ $("$2" --version 2>/dev/null) == "Version: $version" ]] ;;
    golangci-lint) [[ $("$2" version --short 2>/dev/null) == "$version" ]] ;;
    kube-apiserver | kube-controller-manager) [[ $("$2" --version 2>/dev/null) == "Kubernetes $version" ]] ;;
    kubectl) [[ $("$2" version --client 2>/dev/null) == *"Client Version: $version"* ]] ;;
    etcd) [[ $("$2" --version 2>/dev/null) == "$version" ]] ;;
    vault) [[ "$("$2" version 2>/dev/null) " == "Vault v$version"[,\ ]* ]] ;;
  esac
}

# in_place TOOL tells whether _output/bin has it: a link is asked for its version, a binary of ours has its stamp.
in_place() {
  [[ -x $bin/$out ]] || return 1
  if [[ -L $bin/$out ]]; then
    right_version "$1" "$bin/$out"
  else
    [[ -f $bin/.$out.stamp && $(<"$bin/.$out.stamp") == "$stamp" ]]
  fi
}

# from_path TOOL links _output/bin to a binary on PATH of the right version.
from_path() {
  local name candidate
  for name in $names; do
    while IFS= read -r candidate; do
      [[ -n $candidate && ! $candidate -ef $bin/$out && ${candidate%/*} != "$bin" ]] || continue
      if right_version "$1" "$candidate"; then
        rm -f "$bin/$out" "$bin/.$out.stamp"
        ln -s "$candidate" "$bin/$out"
        echo "$1 $version: using $candidate"
        return 0
      fi
    done < <(type -aP "$name")
  done
  return 1
}

# need_go fails with a sentence when Go is missing or older than the tool's go.mod asks for.
need_go() {
  local want answer
  want=$(awk '$1 == "go" { print $2 }' "$dir/go.mod")
  command -v go >/dev/null ||
    fail "Go is not on PATH. Install Go $want or newer (https://go.dev/dl), then run this again."
  answer=$(cd "$dir" && GOWORK=off go list -mod=readonly -m 2>&1) ||
    fail "$(go version) cannot build $1, which needs Go $want or newer. Install it (https://go.dev/dl), then run this again.
$answer"
}

# tick LOG TOTAL prints one line every ten seconds while the parent builds.
tick() {
  local second=0
  while kill -0 $$ 2>/dev/null; do
    sleep 1 </dev/null >/dev/null 2>&1
    second=$((second + 1))
    if ((second % 10 == 0)); then
      echo "  ... $second s, $(grep -cv '^go: ' "$1") of at most $2 packages compiled"
    fi
  done
}

# build TOOL compiles it for this machine. GOFLAGS of the caller stay, but -mod is ours: a pinned tool is never re-pinned.
build() {
  local log=$bin/.$out.log start=$SECONDS total ticker
  need_go "$1"
  echo "$1 $version: building from source into _output/bin/$out (once; a first build takes minutes)"
  cd "$dir"
  export GOWORK=off GOOS='' GOARCH='' CGO_ENABLED=0
  total=$(go list -mod=readonly -deps "$package" 2>"$log" | wc -l | tr -d ' ') || {
    tail -n 15 "$log" >&2
    fail "the source of $1 $version could not be downloaded. Check the network and GOPROXY ($(go env GOPROXY)), then run this again."
  }
  echo "  sources ready after $((SECONDS - start)) s"
  tick "$log" "$total" &
  ticker=$!
  # shellcheck disable=SC2064 # the process id of now is the one to end
  trap "kill $ticker 2>/dev/null || true" EXIT
  go build -v -mod=readonly -buildvcs=false -trimpath -ldflags "$ldflags" -o "$bin/.$out.new" "$package" 2>"$log" || {
    grep -v '^[a-zA-Z0-9./_-]*$' "$log" | tail -n 15 >&2 || true
    fail "$1 $version did not build; the whole log is in $log"
  }
  kill $ticker 2>/dev/null || true
  trap - EXIT
  mv -f "$bin/.$out.new" "$bin/$out"
  right_version "$1" "$bin/$out" || fail "_output/bin/$out was built but does not say that it is $1 $version"
  echo "$stamp" >"$bin/.$out.stamp"
  rm -f "$log"
  echo "  $1 $version: done in $((SECONDS - start)) s"
}

known='crossplane-core, crossplane-cli, controller-gen, golangci-lint, kube-apiserver, kube-controller-manager, kubectl, etcd, vault'
(($# > 0)) || fail "usage: hack/tools/build.sh TOOL... ($known)"
mkdir -p "$bin"
for tool in "$@"; do
  describe "$tool"
  in_place "$tool" || from_path "$tool" || (build "$tool")
done
