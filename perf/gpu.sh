#!/usr/bin/env bash
# Takes tests and benchmarks to a machine that has a GPU but neither .NET nor a network.
#
#   perf/gpu.sh pack [--without-data]   here: out/gpu/pack.tar.xz with the .NET runtime, tests, benchmarks, simulator and reference data
#   perf/gpu.sh run STAGE [ARGUMENTS]   there: probe, tests, sanitizer, leaks, searches, bench, compile, or all of them; 0 where all is well
#
# The checkout and out/gpu are what has to travel, 64 MiB together. Results go to the folder $OUT (perf/results/gpu-run), few files: summary.md tells of all
# stages run so far on that machine, details.tar.gz has every log, the benchmarks' rows are JSON. A stage takes less than nine minutes and leaves what it
# has when it is stopped; ARGUMENTS go to the benchmark. PREIMAGE_DATA names the reference data when packing (otherwise ../shared/reference/data),
# PREIMAGE_PYTHON the interpreter that has PyTorch. With PREIMAGE_CUDA=libcusim.so everything runs on the packed simulator instead, where what measures has to refuse.
set -euo pipefail
cd "$(dirname "$0")/.."
# What is made there lies outside of what travels, which every call may bring anew.
root=$PWD packed=$root/out/gpu there=$root/out/gpu-there out=$root/out/gpu-results kernels=$root/out/gpu-kernels
most_bytes=$((64 << 20)) most_seconds=510
python=${PREIMAGE_PYTHON:-python3}
# Exit codes that are neither good nor bad: a stage that could not run here, and the benchmark's own for a simulator.
not_run=77 refused=3

die() { echo "gpu.sh: $*" >&2; exit 1; }

pack() {
  local work=$packed/work data=${PREIMAGE_DATA:-$root/../shared/reference/data} file
  [ "${1:-}" = --without-data ] || [ -d "$data/models/onnx" ] || die "no reference data in $data: name its folder in PREIMAGE_DATA, or say --without-data"
  rm -rf "$packed" && mkdir -p "$work"
  for project in tests/Interop.Tests tests/Parity.Tests tests/Algorithms.Tests perf; do
    dotnet publish "$project" -c Release -o "$work/$(basename "$project")" -v quiet
  done
  # BenchmarkDotNet, for single kernels on the processor, and what only it needs, stay here.
  (cd "$work/perf" && rm -rf runtimes libcapstone* Microsoft.CodeAnalysis* Microsoft.Diagnostics.* Iced.dll BenchmarkDotNet* Gee.External.*)
  find "$work" -name '*.xml' -delete
  bash tests/CudaSimulator/build.sh tests/CudaSimulator/bin && cp tests/CudaSimulator/bin/libcusim.so "$work/"

  local dotnet version
  dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
  version=$(dotnet --list-runtimes | awk '$1 == "Microsoft.NETCore.App" && $2 ~ /^10\./ { v = $2 } END { print v }')
  mkdir -p "$work/dotnet/host/fxr" "$work/dotnet/shared/Microsoft.NETCore.App"
  cp "$dotnet/dotnet" "$work/dotnet/"
  cp -r "$dotnet/host/fxr/$version" "$work/dotnet/host/fxr/"
  cp -r "$dotnet/shared/Microsoft.NETCore.App/$version" "$work/dotnet/shared/Microsoft.NETCore.App/"

  if [ "${1:-}" != --without-data ]; then
    local to=$work/reference/data
    mkdir -p "$to/models" "$to/reference" "$to/photos/skimage"
    cp -r "$data/models/onnx" "$to/models/"
    cp -r "$data/reference/computed_maps" "$to/reference/"
    for file in chelsea coffee astronaut; do cp "$data/photos/skimage/$file.png" "$to/photos/skimage/"; done
    # What the bindings are compared with lies beside the data.
    cp -r "$data/../cuda-annex" "$work/reference/"
    chmod -R u+w "$work/reference"
  fi

  git describe --always --dirty --abbrev=12 > "$work/commit"
  tar -C "$work" -c . | xz -T0 -6 > "$packed/pack.tar.xz"
  rm -rf "$work"
  local bytes tree
  bytes=$(stat -c %s "$packed/pack.tar.xz")
  tree=$(git ls-files -co --exclude-standard -z | du -cb --files0-from=- | tail -n 1 | cut -f 1)
  echo "out/gpu/pack.tar.xz: $((bytes >> 20)) MiB, the checkout beside it $((tree >> 20)) MiB, .NET $version"
  [ "$((bytes + tree))" -le "$most_bytes" ] || die "out/gpu/pack.tar.xz and the checkout have $((bytes + tree)) bytes, $most_bytes are the most that travel"
}

unpack() {
  [ -f "$packed/pack.tar.xz" ] || die "no out/gpu/pack.tar.xz: run perf/gpu.sh pack where .NET is, and bring out/gpu along"
  local sum
  sum=$(cksum < "$packed/pack.tar.xz")
  if [ "$(cat "$there/unpacked-from" 2> /dev/null)" != "$sum" ]; then
    rm -rf "$there" && mkdir -p "$there"
    tar -C "$there" -xJf "$packed/pack.tar.xz" 2> /dev/null \
      || "$python" -c 'import sys, tarfile; tarfile.open(sys.argv[1]).extractall(sys.argv[2])' "$packed/pack.tar.xz" "$there"
    echo "$sum" > "$there/unpacked-from"
  fi
  # Sandboxes may refuse memory that is mapped twice, to be written at one address and run at the other.
  export DOTNET_ROOT=$there/dotnet DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_EnableWriteXorExecute=0
  dotnet=$there/dotnet/dotnet
  mkdir -p "$out"
  # Programs that an image keeps beside the path, and the environment whose wheels have cuBLAS and cuDNN, however its python is started.
  export PATH=$PATH:/usr/local/nvidia/bin:/usr/local/cuda/bin
  if [ -z "${VIRTUAL_ENV:-}" ]; then
    VIRTUAL_ENV=$("$python" -c 'import sys; print(sys.prefix)' 2> /dev/null || true)
    export VIRTUAL_ENV
  fi

  simulator=
  if [ "${PREIMAGE_CUDA:-}" = libcusim.so ]; then export PREIMAGE_CUDA=$there/libcusim.so; fi
  if [ -f "${PREIMAGE_CUDA:-}" ] && grep -q cusim_is_simulator "$PREIMAGE_CUDA"; then simulator=1; fi
}

perf() { "$dotnet" "$there/perf/Preimage.Perf.dll" "$@"; }

# A test program with a log and a limit of its own, so that one that hangs leaves time for the next; what failed and its last lines go to the stage's file.
tests_of() {
  local name=$1 seconds=$2 status=0; shift 2
  echo "## $name"
  timeout -k 10 "$seconds" "$@" > "$out/tests-$name.log" 2>&1 || status=$?
  grep -A 2 '^failed ' "$out/tests-$name.log" | head -n 60 | cut -c 1-300 | sed 's/^/    /'
  tail -n 8 "$out/tests-$name.log" | sed 's/^/    /'
  [ "$status" != 124 ] || echo "    stopped after $seconds s"
  echo "    exit code $status"
  [ "$status" = 0 ]
}

stage_probe() {
  local status=0 architecture
  echo "packed from $(cat "$there/commit"), checkout $(git describe --always --dirty --abbrev=12 2> /dev/null || echo unknown)"
  if command -v nvidia-smi > /dev/null; then nvidia-smi --query-gpu=name,driver_version,compute_cap,memory.total --format=csv; fi
  if command -v nvcc > /dev/null; then nvcc --version | tail -n 2; fi
  "$python" -c 'import torch; print("PyTorch", torch.__version__, "CUDA", torch.version.cuda, "cuDNN", torch.backends.cudnn.version())' 2>&1 | tail -n 1
  perf gpu-probe || status=1
  local ptxas
  ptxas=$(command -v ptxas || true)
  if [ -z "$ptxas" ]; then
    echo "no ptxas here"
    [ -n "$simulator" ] || status=1
    return $status
  fi
  architecture=sm_$( (nvidia-smi --query-gpu=compute_cap --format=csv,noheader 2> /dev/null || echo 9.0) | head -n 1 | tr -d .)
  mkdir -p "$out/cubin"
  for file in Native/Kernels/*.ptx; do
    echo "### ptxas -arch=$architecture -v $file"
    "$ptxas" "-arch=$architecture" -v "$file" -o "$out/cubin/$(basename "$file" .ptx).cubin" 2>&1 | sed '/^ptxas info *: *Compiling entry/d' || status=1
  done
  return $status
}

stage_tests() {
  local status=0 real=
  [ -n "$simulator" ] || real=1
  if [ -d "$there/reference" ]; then
    export PREIMAGE_DATA=$there/reference/data PREIMAGE_REQUIRE_DATA=1
  else
    echo "packed without reference data: tests that need it are skipped"
  fi
  tests_of parity 280 env PREIMAGE_GPU="${real:-0}" "$dotnet" "$there/Parity.Tests/Preimage.Parity.Tests.dll" || status=1
  # The owners of CUDA's handles are tested by the faults of the simulator, wherever it runs.
  tests_of interop 60 env PREIMAGE_CUDA="$there/libcusim.so" "$dotnet" "$there/Interop.Tests/Preimage.Interop.Tests.dll" || status=1
  # A program all of whose tests are skipped fails.
  if [ -d "$there/reference" ]; then
    tests_of computed-maps 60 "$dotnet" "$there/Algorithms.Tests/Preimage.Algorithms.Tests.dll" --filter-class "*ComputedMapsTests" || status=1
  fi
  tests_of kernels 100 env GPU="$real" PLAIN=1 bash tests/CudaSimulator/Kernels/selftest/run.sh "$kernels" || status=1
  return $status
}

stage_sanitizer() {
  local sanitizer status=0
  sanitizer=$(command -v compute-sanitizer || true)
  if [ -n "$simulator" ]; then
    echo "the simulator checks memory itself"
    return $not_run
  fi
  if [ -z "$sanitizer" ]; then
    echo "no compute-sanitizer here"
    return $not_run
  fi
  tests_of memcheck 200 "$sanitizer" --tool memcheck --error-exitcode 9 "$dotnet" "$there/perf/Preimage.Perf.dll" gpu-leaks --runs 3 --lives 2 || status=1
  [ -x "$kernels/plain" ] || GPU=1 bash tests/CudaSimulator/Kernels/selftest/run.sh "$kernels" > "$out/sanitizer-build.log" 2>&1 || status=1
  for tool in memcheck racecheck; do
    tests_of "kernels-$tool" 100 "$sanitizer" --tool "$tool" --error-exitcode 9 "$kernels/plain" --gpu || status=1
  done
  return $status
}

stage_leaks() { perf gpu-leaks; }

# On the simulator the only right answer is a refusal.
measure() {
  local status=0
  perf "$@" 2>&1 || status=$?
  [ -n "$simulator" ] || return $status
  [ "$status" != "$refused" ] || return "$refused"
  echo "the simulator was not refused: exit code $status"
  return 1
}

stage_searches() {
  if [ ! -d "$there/reference" ]; then
    echo "packed without reference data"
    return $not_run
  fi
  measure gpu-searches --data "$there/reference/data" "$@"
}

stage_bench() { measure gpu --rounds 5 --most-seconds 430 --json "$out/gpu.json" "$@"; }

stage_compile() { measure gpu --rounds 3 --most-seconds 430 --modes eager,compile --batch 1,32 --json "$out/gpu-compile.json" "$@"; }

run_stage() {
  local stage=$1 status=0 start=$SECONDS; shift
  export -f perf tests_of measure "stage_$stage"
  export there out dotnet simulator kernels python not_run refused
  echo "# $stage" > "$out/$stage.md"
  timeout -k 10 "$most_seconds" bash -c 'set -uo pipefail; "$@"' _ "stage_$stage" "$@" 2>&1 | tee -a "$out/$stage.md" || status=$?
  local word="FAILED ($status)"
  case $status in
    0) word=passed ;;
    124) word="STOPPED" ;;
    "$not_run") word="NOT RUN" status=0 ;;
    "$refused") if [ -n "$simulator" ]; then word="refused, as it must be" status=0; fi ;;
  esac
  echo "$stage: $word after $((SECONDS - start)) s${simulator:+, on the simulator}" | tee "$out/$stage.result"
  return "$status"
}

# All that was run so far on one page, and everything else in one file.
summary() {
  local stage
  {
    echo "# GPU run"
    for stage in "${stages[@]}"; do [ ! -f "$out/$stage.result" ] || echo "- $(cat "$out/$stage.result")"; done
    for stage in "${stages[@]}"; do [ ! -f "$out/$stage.md" ] || { echo; sed 's/^#/##/' "$out/$stage.md"; }; done
  } > "$out/summary.md"
  local to=${OUT:-$root/perf/results/gpu-run} file
  mkdir -p "$to"
  for file in summary.md gpu.json gpu-compile.json; do [ ! -f "$out/$file" ] || cp "$out/$file" "$to/"; done
  tar -C "$out" -czf "$to/details.tar.gz" .
}

stages=(probe tests sanitizer leaks searches bench compile)
case "${1:-}" in
  pack) pack "${2:-}" ;;
  run)
    stage=${2:-}
    [[ " ${stages[*]} all " == *" $stage "* ]] || die "run takes one of: ${stages[*]} all; not '$stage'"
    unpack
    status=0
    if [ "$stage" = all ]; then
      for stage in "${stages[@]}"; do
        run_stage "$stage" || status=1
        summary
      done
    else
      run_stage "$stage" "${@:3}" || status=1
      summary
    fi
    exit $status ;;
  *) sed -n '2,/^set/p' "$0" | grep '^#' | sed 's/^# \{0,1\}//' >&2; exit 2 ;;
esac
