"""Runs convolutions in PyTorch: torch_conv_peer.py THREADS. Answers as PeerProcess.cs says, after a line

conv BATCH C H W FILTERS ROWS COLUMNS STRIDEY STRIDEX TOP LEFT BOTTOM RIGHT GROUPS forward|backward

backward is the gradient with respect to the input alone.
"""
import sys
import time

import torch
import torch.nn.functional as F

torch.set_num_threads(int(sys.argv[1]))
torch.manual_seed(0)
print("ready", torch.__version__, flush=True)
once = None
for line in sys.stdin:
    words = line.split()
    if words[0] == "conv":
        n, c, h, w, k, r, s, sy, sx, top, left, bottom, right, groups = map(int, words[1:15])
        x, weight, bias = torch.randn(n, c, h, w), torch.randn(k, c // groups, r, s), torch.randn(k)
        if (top, left) != (bottom, right):
            # conv2d pads both sides alike; the frame is added before the clock starts.
            x, top, left = F.pad(x, (left, right, top, bottom)), 0, 0
        stride, pads = [sy, sx], [top, left]
        if words[15] == "forward":
            def once(x=x, weight=weight, bias=bias, stride=stride, pads=pads, groups=groups):
                return F.conv2d(x, weight, bias, stride, pads, 1, groups)
        else:
            signal = torch.randn_like(F.conv2d(x, weight, bias, stride, pads, 1, groups))

            def once(x=x, weight=weight, signal=signal, stride=stride, pads=pads, groups=groups):
                return torch.ops.aten.convolution_backward(
                    signal, x, weight, None, stride, pads, [1, 1], False, [0, 0], groups, [True, False, False])
        print("ok", flush=True)
        continue
    times = []
    with torch.no_grad():
        for _ in range(int(words[1])):
            start = time.perf_counter()
            once()
            times.append((time.perf_counter() - start) * 1000)
    print(" ".join(f"{t:.5f}" for t in times), flush=True)
