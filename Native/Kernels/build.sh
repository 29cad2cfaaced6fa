#!/usr/bin/env bash
# Makes the committed .ptx of each .cu with Debian's clang-16; `build.sh --check` compares instead and changes nothing.
# Target: sm_75 and PTX 6.3, the oldest that CUDA 13 takes; the driver compiles it further for newer devices.
set -euo pipefail
cd "$(dirname "$0")"
compiler=${CLANG:-clang-16}
command -v "$compiler" > /dev/null || { echo "build.sh: no $compiler (apt-get install --no-install-recommends clang-16)" >&2; exit 3; }

to=.
if [ "${1:-}" = --check ]; then
  to=$(mktemp -d)
  trap 'rm -rf "$to"' EXIT
fi

status=0
for source in *.cu; do
  name=${source%.cu}.ptx
  # Without the comment that names the compiler's own build.
  "$compiler" -std=c++17 -x cuda --cuda-device-only -nocudainc -nocudalib --cuda-gpu-arch=sm_75 --cuda-feature=+ptx63 \
    -O3 -ffp-contract=off -Wall -Wextra -Werror -S -o - "$source" | grep -v '^//' > "$to/$name"
  if [ "$to" != . ] && ! cmp -s "$to/$name" "$name"; then
    echo "build.sh: $name is not what $source gives" >&2
    status=1
  fi
done
exit $status
