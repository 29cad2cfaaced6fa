#!/usr/bin/env bash
# Builds the kernels for the host and runs their tests: run.sh [OUT], plain and with the address and undefined-behaviour sanitizers.
# Then the same tests from the committed PTX, in the simulator's executor (SIMULATOR names a folder that build.sh has built it in, or may).
# PLAIN=1 leaves the sanitizers and the executor out; GPU=1 runs the committed PTX on the first GPU instead.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=${1:-$(mktemp -d)}
mkdir -p "$out"
[ $# -gt 0 ] || trap 'rm -rf "$out"' EXIT
# Another machine's compiler may warn of more.
flags="-std=c++17 -O2 -ffp-contract=off -Wall -Wextra $([ -n "${GPU:-}" ] || echo -Werror)"
kernels=$(cd "$here/../../../../Native/Kernels" && pwd)

build() {
  local to=$1; shift
  # shellcheck disable=SC2016,SC2086
  printf '%s\0' "$here"/*.cpp "$here"/../*.cpp | xargs -0 -P "$(nproc)" -I{} sh -c \
    'source=$1 to=$2 kernels=$3; shift 3; exec "${CXX:-g++}" "$@" -DKERNELS="\"$kernels\"" -c "$source" -o "$to-$(basename "$source").o"' _ {} "$to" "$kernels" $flags "$@"
  # shellcheck disable=SC2086
  "${CXX:-g++}" $flags "$@" "$to"-*.o -o "$to" -ldl
}

build "$out/plain"
if [ -n "${GPU:-}" ]; then
  "$out/plain" --gpu
  exit 0
fi

"$out/plain"
[ -z "${PLAIN:-}" ] || exit 0
build "$out/sanitized" -g -fsanitize=address,undefined -fno-sanitize-recover=all
# Fibers make the address sanitizer say that it cannot follow longjmp; what it says is shown where it stops the run.
if ! "$out/sanitized" > "$out/sanitized.log" 2>&1; then
  cat "$out/sanitized.log"
  exit 1
fi

simulator=${SIMULATOR:-$out/simulator}
"$here/../../build.sh" "$simulator"
if ! "$out/plain" --ptx "$simulator/libcusim.so" > "$out/ptx.log" 2>&1; then
  cat "$out/ptx.log"
  exit 1
fi

echo "sanitized, and from PTX: $(tail -n 2 "$out/ptx.log" | head -n 1); $(tail -n 1 "$out/ptx.log")"
