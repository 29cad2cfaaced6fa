"""Runs a network described as JSON in PyTorch on a GPU: torch_gpu_peer.py GRAPH.json DEVICE. Lines it answers:

case BATCH PASS PRECISION   forgets the case before; PASS is forward, saliency or guided, PRECISION fp32 or tf32
prepare MODE                eager, channels_last, graph or compile; "ok", or "absent: why"; graph and compile are channels-last too
run MODE N                  N times the milliseconds of a run, of N runs in a row that are waited for once
"""
import copy
import gc
import sys
import time

import torch

from torch_graph import Net

device = torch.device(sys.argv[2])
is_cuda = device.type == "cuda"
if is_cuda and not torch.cuda.is_available():
    raise SystemExit("RuntimeError: PyTorch sees no GPU")
torch.backends.cudnn.benchmark = True
net = Net(sys.argv[1], device)
plain = net.weights
# Dense layers have no layout.
last = {k: [w.to(memory_format=torch.channels_last) if w.dim() == 4 else w for w in ws] for k, ws in plain.items()}
kind, x, prepared = "forward", None, {}


def finish():
    if is_cuda:
        torch.cuda.synchronize()


def case(batch, name, precision):
    global kind, x
    prepared.clear()
    x = None
    if hasattr(torch, "_dynamo"):
        torch._dynamo.reset()
    gc.collect()
    if is_cuda:
        torch.cuda.empty_cache()
    kind = name
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = precision == "tf32"
    x = torch.randn([int(batch)] + net.input[1:], device=device)


def prepare(mode):
    own = copy.copy(net)
    own.weights = plain if mode == "eager" else last
    t = x.clone() if mode == "eager" else x.contiguous(memory_format=torch.channels_last)
    guided, back = kind == "guided", kind != "forward"
    forward = lambda v: own.run(v, guided)
    if mode == "compile":
        forward = torch.compile(forward)
    t.requires_grad_(back)

    def once():
        if not back:
            with torch.no_grad():
                return forward(t)
        return torch.autograd.grad(forward(t)[:, 0].sum(), t)[0]

    if mode == "graph":
        # Before it is captured, a pass has run on a stream other than the default one, with its algorithms searched for.
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(3):
                once()
        torch.cuda.current_stream().wait_stream(side)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            kept = once()
        # What the graph writes to lives as long as it does.
        prepared[mode] = lambda kept=kept: graph.replay()
    else:
        prepared[mode] = once
    for _ in range(3):
        prepared[mode]()
    finish()


def run(mode, runs):
    once = prepared[mode]
    finish()
    start = time.perf_counter()
    for _ in range(runs):
        once()
    finish()
    return (time.perf_counter() - start) * 1000 / runs


print("ready", torch.__version__, f"CUDA {torch.version.cuda} cuDNN {torch.backends.cudnn.version()}", flush=True)
for line in sys.stdin:
    words = line.split()
    if words[0] == "case":
        case(*words[1:])
        print("ok", flush=True)
    elif words[0] == "prepare":
        try:
            prepare(words[1])
            print("ok", flush=True)
        except Exception as e:
            prepared.pop(words[1], None)
            print("absent:", type(e).__name__, " ".join(str(e).split())[:200], flush=True)
    else:
        times = int(words[2])
        print(" ".join([f"{run(words[1], times):.5f}"] * times), flush=True)
