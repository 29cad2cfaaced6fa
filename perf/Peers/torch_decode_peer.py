"""Decodes filters in PyTorch: torch_decode_peer.py STEPS.json THREADS. The steps are those of DecodeCase.cs; weights are random, times do not depend on them.

Maps that differ in more than their size by the two libraries' interpolation at borders are the same work.
"""
import json
import sys
import time

import torch
import torch.nn.functional as F

torch.set_num_threads(int(sys.argv[2]))
torch.manual_seed(0)
description = json.load(open(sys.argv[1]))
x = torch.randn(description["input"])
steps = [(s, torch.randn(s["weight"]).mul_(0.01) if s["op"] == "stamp" else None) for s in description["steps"]]


def once():
    # Eight filters at a time: all at once would be gigabytes of maps.
    for part in x.split(8):
        for s, w in steps:
            if s["op"] == "stamp":
                part = F.conv_transpose2d(part, w, stride=s["stride"], groups=s["groups"])
            else:
                mode = s["mode"].lower()
                part = F.interpolate(part, s["size"], mode=mode, **({} if mode == "nearest" else {"align_corners": False}))


with torch.no_grad():
    once()
    print("ready", torch.__version__, flush=True)
    for line in sys.stdin:
        times = []
        for _ in range(int(line.split()[1])):
            start = time.perf_counter()
            once()
            times.append((time.perf_counter() - start) * 1000)
        print(" ".join(f"{t:.5f}" for t in times), flush=True)
