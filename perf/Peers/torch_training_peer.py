"""Trains a network described as JSON in PyTorch: torch_training_peer.py GRAPH.json BATCH THREADS MOMENTUM.

A step is forward, mean cross-entropy, backward, and PyTorch's own SGD in place, with decay of all weights and biases.
"""
import sys
import time

import torch
import torch.nn.functional as F

from torch_graph import Net

batch, threads, momentum = int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
torch.set_num_threads(threads)
net = Net(sys.argv[1])
x = torch.rand([batch] + net.input[1:]) * 2 - 1
parameters = [w.requires_grad_(True) for weights in net.weights.values() for w in weights]
# A rate so small that weights stay what they are: the work of a step does not depend on it.
descent = torch.optim.SGD(parameters, lr=1e-9, momentum=momentum, weight_decay=0.0005)
labels = None


def once():
    global labels
    descent.zero_grad(set_to_none=True)
    logits = net.run(x)
    if labels is None:
        labels = torch.arange(batch) % logits.shape[1]
    F.cross_entropy(logits, labels).backward()
    descent.step()


once()
once()
print("ready", torch.__version__, flush=True)
for line in sys.stdin:
    words, times = line.split(), []
    clock = time.process_time if words[0] == "cpu" else time.perf_counter
    for _ in range(int(words[1])):
        start = clock()
        once()
        times.append((clock() - start) * 1000)
    print(" ".join(f"{t:.4f}" for t in times), flush=True)
