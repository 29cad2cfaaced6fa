"""Goes back from a class through the dense layers of an ONNX network and reconstructs by the mirrored network, in PyTorch, from the pseudo code of the
reference specification (4.2 to 4.4) alone: an independent run beside which ours is put.

    python3 perf/Peers/backtracking.py MODEL.onnx INPUT.npy [FEATURES.npy]

The network is a chain of convolutions with padding 1 and stride 1, rectifiers, 2 x 2 max pooling, then dense layers (Tiny VGG); INPUT.npy is 1 x 3 x H x W
in BGR. The feature image goes to FEATURES.npy, H x W.
"""
import sys

import numpy as np
import torch
import torch.nn.functional as functional

from network_preimages import read


def main():
    nodes, weights = read(sys.argv[1])
    x = torch.tensor(np.load(sys.argv[2])).double()
    weights = {name: value.double() for name, value in weights.items()}
    convolutions, dense, switches = [], [], []
    value, below = x, {}
    for operator, name, inputs, output, _ in nodes:
        if operator in ("Sub", "Add"):
            constant = next(weights[i] for i in inputs if i in weights)
            value = value - constant if operator == "Sub" else value + constant
        elif operator == "Conv":
            w, b = weights[inputs[1]], weights[inputs[2]]
            convolutions.append((w, b))
            value = functional.conv2d(value, w, b, padding=1)
        elif operator == "Relu":
            value = value.clamp(min=0)
        elif operator == "MaxPool":
            size = value.shape[2:]
            value, where = functional.max_pool2d(value, 2, 2, return_indices=True)
            switches.append((len(convolutions), where, size))
            maps = value
        elif operator in ("Flatten", "Reshape"):
            value = value.flatten(1)
        elif operator == "Gemm":
            w, b = weights[inputs[1]], weights[inputs[2]]
            w = w if w.shape[0] == value.shape[1] and w.shape[1] == b.shape[0] else w.T
            dense.append((value[0], w))
            value = value @ w + b
        elif operator not in ("Constant", "Softmax", "Dropout"):
            raise SystemExit(f"operator {operator} of {name} is not understood")
    probabilities = torch.softmax(value[0], 0)
    k = int(probabilities.argmax())
    chosen = [k]
    sizes = []
    for a, w in reversed(dense[1:]):
        chosen = sorted({int(i) for u in chosen for i in torch.nonzero(a * w[:, u] > 0)[:, 0]})
        sizes.append(len(chosen))
    a, w = dense[0]
    products = a[:, None] * w[:, chosen]
    strong = products[products > 0.05]
    literal = (products > 0).any(1).sum().item()
    limit = float(np.percentile(strong.numpy(), 90)) if len(strong) else float("nan")
    traced = (products > limit).any(1)
    print(f"class {k} at {probabilities[k]:.6f}; sets {sizes[::-1]}; pairs {len(strong)}, limit {limit:.6f}; traced {int(traced.sum())}, literal {literal}, positive {int((a > 0).sum())}")
    left = torch.where(traced, torch.zeros_like(a), a)[None]
    for layer, (_, w) in enumerate(dense):
        bias = [weights[i[2]] for o, _, i, _, _ in nodes if o == "Gemm"][layer]
        left = left @ w + bias
        left = left.clamp(min=0) if layer + 1 < len(dense) else left
    print(f"without them {torch.softmax(left[0], 0)[k]:.3e}")

    def reconstruct(m):
        r = m
        for layer in range(len(convolutions) - 1, -1, -1):
            for after, where, size in switches:
                if after == layer + 1:
                    r = functional.max_unpool2d(r, where, 2, 2, output_size=size)
            bias = convolutions[layer - 1][1] if layer > 0 else None
            r = functional.conv_transpose2d(r, convolutions[layer][0], bias, padding=1).clamp(min=0)
        return 0.114 * r[0, 0] + 0.587 * r[0, 1] + 0.299 * r[0, 2]

    suppressed = torch.where(traced.reshape(maps.shape), torch.zeros_like(maps), maps)
    image = (reconstruct(suppressed) - reconstruct(maps)).abs()
    print(f"feature image: sum {image.sum():.6f}, largest {image.max():.6f} at {np.unravel_index(int(image.argmax()), image.shape)}")
    if len(sys.argv) > 3:
        np.save(sys.argv[3], image.numpy().astype(np.float32))


main()
