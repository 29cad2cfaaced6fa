"""Runs a network described as JSON in PyTorch: torch_peer.py GRAPH.json BATCH THREADS PASS.

PASS is forward, saliency or guided; the last two run forward and back to the input; a line "pass PASS" changes it. Weights are random: times do not
depend on them.
"""
import json
import sys
import time

import torch
import torch.nn.functional as F

graph = json.load(open(sys.argv[1]))
batch, threads, kind = int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
torch.set_num_threads(threads)
torch.manual_seed(0)


class Guided(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        y = x.clamp(min=0)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, r):
        y, = ctx.saved_tensors
        return r.clamp(min=0) * (y > 0)


# In place: a second copy of the largest layer would be the peak of the process's memory.
weights = {n["name"]: [torch.randn(w).mul_((2.0 / max(1, torch.Size(w[1:]).numel())) ** 0.5) for w in n["weights"]] for n in graph["nodes"]}


def run(x):
    relu = Guided.apply if kind == "guided" else torch.relu
    values = {}
    for n in graph["nodes"]:
        a = [values[i] for i in n["inputs"]]
        w, op = weights[n["name"]], n["op"]
        if op == "Input":
            y = x
        elif op == "Conv":
            p = n["pads"]
            t = a[0] if p[0] == p[2] and p[1] == p[3] else F.pad(a[0], (p[1], p[3], p[0], p[2]))
            y = F.conv2d(t, w[0], w[1] if len(w) > 1 else None, n["stride"], p[:2] if t is a[0] else 0, 1, n["groups"])
        elif op == "Relu":
            y = relu(a[0])
        elif op == "MaxPool":
            p = n["pads"]
            t = a[0] if p[0] == p[2] and p[1] == p[3] else F.pad(a[0], (p[1], p[3], p[0], p[2]), value=float("-inf"))
            y = F.max_pool2d(t, n["kernel"], n["stride"], p[:2] if t is a[0] else 0)
        elif op == "LRN":
            y = F.local_response_norm(a[0], n["size"], n["alpha"], n["beta"], n["kappa"])
        elif op == "BatchNormalization":
            y = F.batch_norm(a[0], w[2], w[3].abs() + 1, w[0], w[1])
        elif op == "Gemm":
            y = F.linear(a[0], w[0], w[1])
        elif op == "GlobalAveragePool":
            y = a[0].mean((2, 3), keepdim=True)
        elif op == "Flatten":
            y = a[0].flatten(1)
        elif op == "Concat":
            y = torch.cat(a, 1)
        elif op == "Add":
            y = a[0] + a[1]
        else:
            raise SystemExit(f"operator {op} is not known here")
        values[n["name"]] = y
    return y


x = torch.randn([batch] + graph["input"][1:])


def once():
    if kind == "forward":
        with torch.no_grad():
            run(x)
    else:
        t = x.detach().requires_grad_(True)
        run(t)[:, 0].sum().backward()


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
