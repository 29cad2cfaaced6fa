"""Runs a network described as JSON in PyTorch: torch_peer.py GRAPH.json BATCH THREADS PASS.

PASS is forward, saliency or guided; the last two run forward and back to the input; a line "pass PASS" changes it.
"""
import sys
import time

import torch

from torch_graph import Net

batch, threads, kind = int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
torch.set_num_threads(threads)
net = Net(sys.argv[1])
x = torch.randn([batch] + net.input[1:])


def once():
    if kind == "forward":
        with torch.no_grad():
            net.run(x)
    else:
        t = x.detach().requires_grad_(True)
        net.run(t, kind == "guided")[:, 0].sum().backward()


once()
once()
print("ready", torch.__version__, flush=True)
for line in sys.stdin:
    words = line.split()
    if words[0] == "pass":
        kind = words[1]
        print("ok", flush=True)
        continue
    if words[0] == "memory":
        # The most that was ever resident, in kilobytes; getrusage would start from what the parent held.
        print(next(l.split()[1] for l in open("/proc/self/status") if l.startswith("VmHWM:")), flush=True)
        continue
    times = []
    for _ in range(int(words[1])):
        start = time.perf_counter()
        once()
        times.append((time.perf_counter() - start) * 1000)
    print(" ".join(f"{t:.4f}" for t in times), flush=True)
