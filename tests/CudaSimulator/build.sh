#!/bin/bash
# Builds the CUDA simulator: build.sh OUT writes OUT/libcusim.so, objects in OUT/objects.
# Only what changed is compiled again; EXTRA_FLAGS (say, -fsanitize=address) goes to compiler and linker.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
out="${1:?usage: build.sh OUT}"
mkdir -p "$out/objects"
out="$(cd "$out" && pwd)"
flags="-std=c++17 -O2 -ftree-vectorize -fvect-cost-model=dynamic -fPIC -fvisibility=hidden -ffp-contract=off -Wall -Wextra -Werror -MMD ${EXTRA_FLAGS:-}"

compile() {
    local source="$1" name object
    name="${source#"$here"/}"
    object="$out/objects/${name//\//_}.o"
    if [ -f "$object" ] && [ -f "${object%.o}.d" ]; then
        local stale=0 part
        for part in $(sed -e 's/^[^:]*://' -e 's/\\$//' "${object%.o}.d"); do
            if [ ! -f "$part" ] || [ "$part" -nt "$object" ]; then stale=1; break; fi
        done
        if [ "$stale" = 0 ] && [ "$out/flags" -ot "$object" ]; then return 0; fi
    fi
    # shellcheck disable=SC2086
    "${CXX:-g++}" $flags -I "$here" -c "$source" -o "$object"
}
export -f compile
export here out flags

if [ ! -f "$out/flags" ] || [ "$(cat "$out/flags")" != "$flags" ]; then echo "$flags" > "$out/flags"; fi
sources=()
for source in "$here"/*.cpp "$here"/*/*.cpp; do
    case "$source" in "$here"/selftest/*) ;; *) [ -f "$source" ] && sources+=("$source") ;; esac
done
printf '%s\0' "${sources[@]}" | xargs -0 -P "$(nproc)" -I{} bash -c 'compile "$1"' _ {}
objects=()
for source in "${sources[@]}"; do name="${source#"$here"/}"; objects+=("$out/objects/${name//\//_}.o"); done
# shellcheck disable=SC2086
"${CXX:-g++}" -shared -Wl,--no-undefined ${EXTRA_FLAGS:-} "${objects[@]}" -o "$out/libcusim.so" -lpthread
