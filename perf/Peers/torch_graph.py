"""A network described as JSON (GraphDescription) in PyTorch, with random weights: times do not depend on them."""
import json

import torch
import torch.nn.functional as F


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


class Net:
    def __init__(self, path, device="cpu"):
        graph = json.load(open(path))
        torch.manual_seed(0)
        self.nodes, self.input = graph["nodes"], graph["input"]
        # In place: a second copy of the largest layer would be the peak of the process's memory.
        self.weights = {n["name"]: [torch.randn(w, device=device).mul_((2.0 / max(1, torch.Size(w[1:]).numel())) ** 0.5) for w in n["weights"]]
                        for n in self.nodes}

    def run(self, x, guided=False):
        relu = Guided.apply if guided else torch.relu
        values = {}
        for n in self.nodes:
            a = [values[i] for i in n["inputs"]]
            w, op = self.weights[n["name"]], n["op"]
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
