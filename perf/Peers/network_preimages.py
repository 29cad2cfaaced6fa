"""Inverts a node of a feed-forward ONNX network in PyTorch, from the formulas of the reference specification (6.1 to 6.5) alone: an independent
run beside which ours is put. Convolution, ReLU, max pooling, concatenation and dropout are understood, which is SqueezeNet up to its last block.

    python3 perf/Peers/network_preimages.py MODEL.onnx NODE C SEED INPUT.npy [INPUT.npy ...] [--device cuda]

INPUT.npy is the network's input, 1 x 3 x H x W, of pixels less a mean colour; what is printed is the error after each phase, and the time.
"""
import sys
import time

import numpy as np
import torch
import torch.nn.functional as functional


def varint(data, at):
    value, shift = 0, 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7


def fields(data):
    """The fields of a protobuf message: numbers and what they hold."""
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        kind = key & 7
        if kind == 0:
            value, at = varint(data, at)
        else:
            if kind == 2:
                length, at = varint(data, at)
            else:
                length = {1: 8, 5: 4}[kind]
            value, at = data[at:at + length], at + length
        yield key >> 3, value


def numbers(value):
    return [value] if isinstance(value, int) else [v for v in packed(value)]


def packed(data):
    at = 0
    while at < len(data):
        value, at = varint(data, at)
        yield value


def read(path):
    """Nodes as (operator, name, inputs, output, attributes), and weights by name."""
    nodes, weights = [], {}
    data = memoryview(open(path, "rb").read())
    graph = next(value for field, value in fields(data) if field == 7)
    for field, value in fields(graph):
        if field == 5:
            dims, name, raw = [], "", None
            for f, v in fields(value):
                if f == 1:
                    dims += numbers(v)
                elif f == 8:
                    name = bytes(v).decode()
                elif f in (4, 9):
                    raw = np.frombuffer(v, np.float32)
            if raw is not None:
                weights[name] = torch.tensor(raw.copy()).reshape(dims)
        elif field == 1:
            inputs, output, name, operator, attributes = [], "", "", "", {}
            for f, v in fields(value):
                if f == 1:
                    inputs.append(bytes(v).decode())
                elif f == 2:
                    output = output or bytes(v).decode()
                elif f == 3:
                    name = bytes(v).decode()
                elif f == 4:
                    operator = bytes(v).decode()
                elif f == 5:
                    key, values = "", []
                    for a, x in fields(v):
                        if a == 1:
                            key = bytes(x).decode()
                        elif a in (3, 8):
                            values += numbers(x)
                    attributes[key] = values
            nodes.append((operator, name, inputs, output, attributes))
    return nodes, weights


def evaluate(nodes, weights, x, node):
    """The value of a node, and the stride of its units."""
    values, strides = {}, {}
    for operator, name, inputs, output, attributes in nodes:
        first = values.get(inputs[0], x)
        stride = strides.get(inputs[0], 1)
        step = attributes.get("strides", [1])[0]
        pads = attributes.get("pads", [0, 0, 0, 0])
        if operator == "Conv":
            y = functional.conv2d(first, weights[inputs[1]], weights[inputs[2]], step, pads[:2])
        elif operator == "Relu":
            y = functional.relu(first)
        elif operator == "MaxPool":
            y = functional.max_pool2d(functional.pad(first, (pads[1], pads[3], pads[0], pads[2]), value=-float("inf")), attributes["kernel_shape"][0], step,
                                      ceil_mode=attributes.get("ceil_mode", [0])[0] == 1)
        elif operator == "Concat":
            y = torch.cat([values[i] for i in inputs], 1)
        elif operator == "Dropout":
            y = first
        else:
            raise SystemExit(f"operator {operator} is not understood before node {node}")
        values[output], strides[output] = y, stride * (step if operator in ("Conv", "MaxPool") else 1)
        if node in (name, output):
            return y, strides[output]
    raise SystemExit(f"there is no node {node}")


def search(phi, target, shape, c, jitter, seed, alpha=6, b=80.0, ball=160.0, rho=0.9, c0=0.05):
    height, width = shape[2:]
    random = np.random.default_rng(seed)
    canvas = [1, shape[1], height + jitter - 1, width + jitter - 1]
    noise = random.uniform(-1, 1, canvas)
    x = torch.tensor(noise / np.quantile(noise, 0.95) * b / np.sqrt(3), dtype=torch.float32)
    norm = (target ** 2).sum()
    errors = []
    for iterations, factor, places in ((300, 1.0, jitter), (50, 0.1, 1)):
        if places == 1 and x.shape[2] > height:
            top = (jitter - 1) // 2
            x = x[:, :, top:top + height, top:top + width].clone()
        pixels = x.shape[2] * x.shape[3]
        rate = height * width * c0 * b * b / alpha * factor
        squares, momentum = torch.zeros_like(x), torch.zeros_like(x)
        for _ in range(iterations):
            x.requires_grad_(True)
            top, left = random.integers(0, places, 2)
            difference = ((phi(x[:, :, top:top + height, left:left + width]) - target) ** 2).sum() / norm
            right = functional.pad(x[..., 1:] - x[..., :-1], (0, 1))
            down = functional.pad(x[:, :, 1:] - x[:, :, :-1], (0, 0, 0, 1))
            energy = c * difference + ((x ** 2).sum(1) ** (alpha / 2)).sum() / (pixels * b ** alpha) + (right ** 2 + down ** 2).sum() / (pixels * (b / 6.5) ** 2)
            gradient, = torch.autograd.grad(energy, x)
            with torch.no_grad():
                x = x.detach()
                squares = rho * squares + gradient ** 2
                momentum = rho * momentum - gradient / (1 / rate + squares.sqrt())
                x = x + momentum
                length = (x ** 2).sum(1, keepdim=True).sqrt()
                x = torch.where(length > ball, x * ball / length, x)
        errors.append(100 * difference.item() ** 0.5)
    return errors


def main():
    torch.set_num_threads(1)
    arguments = sys.argv[1:]
    if "--device" in arguments:
        at = arguments.index("--device")
        torch.set_default_device(arguments[at + 1])
        del arguments[at:at + 2]
    model, node, c, seed = arguments[0], arguments[1], float(arguments[2]), int(arguments[3])
    nodes, weights = read(model)
    for path in arguments[4:]:
        began = time.perf_counter()
        x = torch.tensor(np.load(path)).float()
        with torch.no_grad():
            target, stride = evaluate(nodes, weights, x, node)
        jitter = max(int(stride / 4 + 0.5), 1)
        errors = search(lambda v: evaluate(nodes, weights, v, node)[0], target, x.shape, c, jitter, seed)
        print(f"{path}: {node}, C {c:g}, seed {seed}, jitter {jitter}: {errors[0]:.2f} % with jitter, {errors[1]:.2f} % without, {time.perf_counter() - began:.2f} s", flush=True)


if __name__ == "__main__":
    main()
