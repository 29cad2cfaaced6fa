#!/bin/bash
# Builds the simulator and its own tests, runs them, then both again under the address and undefined-behaviour
# sanitizers: selftest.sh [OUT [TEST]].
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
out="${1:-}"
if [ -z "$out" ]; then
    out="$(mktemp -d)"
    trap 'rm -rf "$out"' EXIT
fi
filter="${2:-}"

run() {
    local to="$1" sanitize="$2"
    EXTRA_FLAGS="$sanitize" "$here/build.sh" "$to"
    mkdir -p "$to/selftest"
    local objects=() source
    # shellcheck disable=SC2086
    printf '%s\0' "$here"/selftest/*.cpp | xargs -0 -P "$(nproc)" -I{} bash -c \
        'object="$2/selftest/$(basename "$1").o"; [ "$object" -nt "$1" ] && [ "$object" -nt "$3/selftest/check.h" ] && [ "$object" -nt "$3/selftest/driver.h" ] \
         || "${CXX:-g++}" -std=c++17 -O1 -g -Wall -Wextra -Werror $4 -DKERNELS="\"$3/../../Native/Kernels\"" -I "$3" -c "$1" -o "$object"' _ {} "$to" "$here" "$sanitize"
    for source in "$here"/selftest/*.cpp; do objects+=("$to/selftest/$(basename "$source").o"); done
    # shellcheck disable=SC2086
    "${CXX:-g++}" $sanitize "${objects[@]}" -L "$to" -lcusim -Wl,-rpath,"$to" -lpthread -o "$to/selftest/selftest"
    "$to/selftest/selftest" $filter
}

mkdir -p "$out/plain" "$out/sanitized"
out="$(cd "$out" && pwd)"
run "$out/plain" ""
UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 run "$out/sanitized" "-fsanitize=address,undefined -fno-sanitize=vptr"
