#!/usr/bin/env bash
# Runs every suite on this machine, writes perf/results/<processor>/ and the table of README.md: perf/all.sh [--quick]
# perf/peers.sh installs the peers beforehand; where one is absent its rows say so.
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet build -c Release Cli
dotnet build -c Release perf
perf=perf/bin/Release/net10.0/Preimage.Perf
"$perf" disassembly
folder=perf/results/$("$perf" folder)
mkdir -p "$folder"
for suite in gemm conv network arrays train decode random memory coldstart; do
  "$perf" "$suite" "$@" --json "$folder/$suite.json" | tee "$folder/$suite.md"
done
"$perf" readme
