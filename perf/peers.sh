#!/usr/bin/env bash
# Installs the peers the suites measure against: PyTorch and OpenBLAS from Debian, ONNX Runtime from npm. Run once, as root.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
apt-get update -qq
apt-get install -y -qq python3-torch libopenblas-dev
# The package's install script only looks for GPU libraries; the CPU library is in the package itself.
npm install --silent --no-save --ignore-scripts --prefix "$here/Peers" onnxruntime-node@1.30.0 \
  || npm install --silent --no-save --ignore-scripts --prefix "$here/Peers" onnxruntime-node
