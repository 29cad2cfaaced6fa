"""Trains LeNet by the recipe of the reference specification (5.1) and measures filter decoding (5.2 to 5.5) in PyTorch and numpy, from the text
alone: an independent run beside which ours is put.

    python3 perf/Peers/filter_decoding.py MNIST_DIR [--model LENET.onnx] [--seed N] [--epochs N]

With --model nothing is trained: the weights of an ONNX file with nodes L1, L3, L5, L7 are taken; the mean image is that of the training set.
"""
import argparse
import glob
import gzip
import time

import numpy as np
import torch
import torch.nn.functional as functional

from network_preimages import read


def idx(folder, pattern):
    path = sorted(glob.glob(f"{folder}/{pattern}"))[0]
    data = (gzip.open if path.endswith(".gz") else open)(path, "rb").read()
    extents = [int.from_bytes(data[4 + 4 * i:8 + 4 * i], "big") for i in range(data[3])]
    return np.frombuffer(data, np.uint8, offset=4 + 4 * len(extents)).reshape(extents)


SHAPES = [("L1", (20, 1, 5, 5)), ("L3", (50, 20, 5, 5)), ("L5", (500, 50, 4, 4)), ("L7", (10, 500, 1, 1))]


def layers(x, w):
    l1 = functional.conv2d(x, w[0], w[1])
    l3 = functional.conv2d(functional.max_pool2d(l1, 2), w[2], w[3])
    l5 = functional.conv2d(functional.max_pool2d(l3, 2), w[4], w[5])
    return l1, l3, l5, functional.conv2d(functional.relu(l5), w[6], w[7])


def error(x, labels, w):
    with torch.no_grad():
        logits = torch.cat([layers(x[i:i + 1000], w)[3].flatten(1) for i in range(0, len(x), 1000)])
    return (logits.argmax(1) != labels).float().mean().item()


def train(x, labels, test, test_labels, epochs, seed):
    torch.manual_seed(seed)
    w = []
    for _, shape in SHAPES:
        w += [0.01 * torch.randn(shape), torch.zeros(shape[0])]
    momentum = [torch.zeros_like(v) for v in w]
    for v in w:
        v.requires_grad_(True)
    for epoch in range(epochs):
        start, order = time.time(), torch.randperm(len(x))
        for at in range(0, len(x), 100):
            pick = order[at:at + 100]
            loss = functional.cross_entropy(layers(x[pick], w)[3].flatten(1), labels[pick])
            gradients = torch.autograd.grad(loss, w)
            with torch.no_grad():
                for v, m, g in zip(w, momentum, gradients):
                    m.mul_(0.9).sub_(0.0005 * v).sub_(g)
                    v.add_(0.001 * m)
        print(f"epoch {epoch + 1}: test error {100 * error(test, test_labels, w):.2f} %, {time.time() - start:.1f} s", flush=True)
    return [v.detach() for v in w]


def resize(n, kind):
    """MATLAB's imresize from n to 2 n, as a matrix (2.3); None puts zeros between."""
    table = np.zeros((2 * n, n))
    if kind == "zeros":
        table[np.arange(n) * 2, np.arange(n)] = 1
        return table
    width = {"nearest": 1, "bilinear": 2, "bicubic": 4}[kind]
    for out in range(1, 2 * n + 1):
        u = out / 2 + 0.5 * (1 - 0.5)
        left = int(np.floor(u - width / 2))
        taps = np.arange(left, left + width + 2)
        t = u - taps
        a = np.abs(t)
        if kind == "nearest":
            weights = ((t >= -0.5) & (t < 0.5)).astype(float)
        elif kind == "bilinear":
            weights = np.maximum(0, 1 - a)
        else:
            weights = np.where(a <= 1, 1.5 * a ** 3 - 2.5 * a ** 2 + 1, np.where(a <= 2, -0.5 * a ** 3 + 2.5 * a ** 2 - 4 * a + 2, 0))
        weights = weights / weights.sum()
        for tap, weight in zip(taps, weights):
            period = (tap - 1) % (2 * n)
            table[out - 1, period if period < n else 2 * n - 1 - period] += weight
    return table


def unpool(maps, kind):
    table = torch.tensor(resize(maps.shape[-1], kind), dtype=maps.dtype)
    return table @ maps @ table.T


def substitute(maps, filters):
    """Filters [K][C][h][w] stamped at every pixel of maps [n][K][H][W]."""
    n, _, height, width = maps.shape
    k, c, h, w = filters.shape
    out = torch.zeros(n, c, height + h - 1, width + w - 1, dtype=maps.dtype)
    for y in range(height):
        for x in range(width):
            out[:, :, y:y + h, x:x + w] += torch.einsum("nk,kcab->ncab", maps[:, :, y, x], filters)
    return out


def decode(w, layer, kind):
    maps = w[2 * layer].double()
    for below in range(layer - 1, -1, -1):
        if below <= 1:
            maps = unpool(maps, kind)
        maps = substitute(maps, w[2 * below].double())
    return maps


def normal(values):
    flat = values.flatten(1)
    low, high = flat.min(1, keepdim=True)[0], flat.max(1, keepdim=True)[0]
    return (flat - low) / (high - low)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--model")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--epochs", type=int, default=20)
    given = parser.parse_args()
    pictures = idx(given.folder, "train-images*").astype(np.float32)
    mean = pictures.mean(0)
    x = torch.tensor(pictures - mean)[:, None]
    labels = torch.tensor(idx(given.folder, "train-labels*").astype(np.int64))
    test = torch.tensor(idx(given.folder, "t10k-images*").astype(np.float32) - mean)[:, None]
    test_labels = torch.tensor(idx(given.folder, "t10k-labels*").astype(np.int64))
    if given.model:
        nodes, weights = read(given.model)
        by_name = {name: inputs for _, name, inputs, _, _ in nodes}
        w = []
        for name, shape in SHAPES:
            w += [weights[by_name[name][1]].reshape(shape), weights[by_name[name][2]]]
        print(f"{given.model}: test error {100 * error(test, test_labels, w):.2f} %")
    else:
        w = train(x, labels, test, test_labels, given.epochs, given.seed)

    with torch.no_grad():
        responses = [torch.cat(part).double() for part in zip(*(layers(test[i:i + 1000], w) for i in range(0, len(test), 1000)))]
        for layer, (name, stride) in enumerate([("L1", 1), ("L3", 2), ("L5", 4), ("L7", 4)]):
            if layer == 0:
                continue
            for kind in ("bicubic", "nearest", "bilinear", "zeros"):
                bank = decode(w, layer, kind)
                found = torch.cat([functional.conv2d(test[i:i + 1000].double(), bank, stride=stride) for i in range(0, len(test), 1000)])
                errors = ((normal(responses[layer]) - normal(found)) ** 2).mean(1)
                print(f"{name} {kind:9} {errors.mean():.5f} +- {errors.std():.5f}", flush=True)
        for kind in ("bicubic", "nearest", "bilinear", "zeros"):
            bank = decode(w, 3, kind)
            scores = functional.conv2d(test.double(), bank).flatten(1)
            alone = (scores.argmax(1) == test_labels).double().mean().item()
            best = scores.argmax(0)
            matrix = scores[best].T
            print(f"{kind:9} decoded alone {100 * alone:.2f} %, label of the strongest picture right {(test_labels[best] == torch.arange(10)).sum().item()} of 10, "
                  f"diagonal strongest in {(matrix.argmax(0) == torch.arange(10)).sum().item()} columns")


if __name__ == "__main__":
    main()
