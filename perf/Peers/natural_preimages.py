"""Inverts HOG, HOGb and dense SIFT of photographs in PyTorch: natural_preimages.py PHOTOS [--photo NAME] [--method NAME] [--seed N] [--iterations N] [--csv FILE] [--check] [--device cuda]

The modes of the paper's code, energy and optimiser of Mahendran and Vedaldi, "Visualizing Deep Convolutional Neural Networks Using
Natural Pre-Images" (IJCV 2016), Table 4: C = 100, 300 iterations, no jitter, cells of 8, grey photographs of native size. Gradients are
PyTorch's own (autograd), but for the two priors; --check holds all of them against finite differences in double.

PHOTOS holds the ten below: all natural photographs of the collection whose width and height are at most 600 pixels, one of those that show
the same (cat_gray.jpg is cat.jpg), no drawings (horse.png). The list is older than any of its numbers.
"""
import argparse
import csv
import math
import os
import time

import numpy as np
import torch
from PIL import Image

PHOTOS = [
    "caffe/cat.jpg", "caffe/fish-bike.jpg", "deep_goggle/img.png", "deep_goggle/stock_fish.jpg", "skimage/astronaut.png",
    "skimage/camera.png", "skimage/chelsea.png", "skimage/coffee.png", "skimage/coins.png", "vlfeat/box.pgm",
]
METHODS = ["HOG", "HOGb", "DSIFT"]
WEIGHT, ALPHA, B, TOP, RHO, RATE = 100.0, 6, 80.0, 160.0, 0.9, 0.05
V = B / 6.5


def grey(path):
    """The photograph as [H, W] of whole numbers 0..255."""
    image = Image.open(path)
    if image.mode == "L":
        return np.asarray(image, np.float64)
    red, green, blue = np.moveaxis(np.asarray(image.convert("RGB"), np.float64), 2, 0)
    return np.floor(0.2989 * red + 0.5870 * green + 0.1140 * blue + 0.5)


def gradient(x, pad):
    """Central differences of [H, W]: zero beyond the border where pad, else without the border."""
    if pad:
        x = torch.nn.functional.pad(x, (1, 1, 1, 1))
    return (x[1:-1, 2:] - x[1:-1, :-2]) / 2, (x[2:, 1:-1] - x[:-2, 1:-1]) / 2


def orientations(gx, gy, count, hard):
    """Length shared by direction: [count, H, W]."""
    square = gx * gx + gy * gy
    flat = square == 0
    # Where there is no gradient nothing flows back either.
    gx, gy = torch.where(flat, torch.ones_like(gx), gx), torch.where(flat, torch.zeros_like(gy), gy)
    length = torch.where(flat, torch.zeros_like(gx), torch.sqrt(gx * gx + gy * gy))
    if hard:
        angles = torch.arange(count, dtype=torch.float64) * (2 * math.pi / count)
        cosines, sines = torch.cos(angles).to(gx.dtype), torch.sin(angles).to(gx.dtype)
        with torch.no_grad():
            projections = cosines[:, None, None] * gx + sines[:, None, None] * gy
            best = projections.argmax(0)
        return torch.zeros((count,) + gx.shape, dtype=gx.dtype).scatter(0, best[None], length[None])
    position = torch.atan2(gy, gx) * (count / (2 * math.pi))
    with torch.no_grad():
        below = torch.floor(position)
        lower = below.long() % count
        upper = (lower + 1) % count
    share = position - below
    bins = torch.zeros((count,) + gx.shape, dtype=gx.dtype)
    return bins.scatter(0, lower[None], (length * (1 - share))[None]).scatter(0, upper[None], (length * share)[None])


def weights_to_cells(size, cell, pad):
    """[cells, size]: how much of each pixel of an axis goes to each cell."""
    t = np.arange(2 * cell)
    tent = 1 - np.abs(t + 0.5 - cell) / cell
    cells = (size + 2 * pad - 2 * cell) // cell + 1
    table = np.zeros((cells, size))
    for i in range(cells):
        pixel = i * cell - pad + t
        inside = (pixel >= 0) & (pixel < size)
        table[i, pixel[inside]] = tent[inside]
    return table


class Hog:
    """27 values a cell: 18 directed, 9 undirected; zeros stand for blocks that the border cuts off."""

    def __init__(self, height, width, hard, dtype):
        self.hard = hard
        self.rows, self.columns = (torch.tensor(weights_to_cells(s, 8, 4), dtype=dtype) for s in (height, width))

    def __call__(self, x):
        bins = orientations(*gradient(x, True), 18, self.hard)
        directed = self.rows @ bins @ self.columns.T
        cells = torch.cat([directed, directed[:9] + directed[9:]])
        squares = (cells[18:] ** 2).sum(0)
        squares = squares[:-1, :-1] + squares[1:, :-1] + squares[:-1, 1:] + squares[1:, 1:]
        norm = torch.sqrt(torch.clamp(squares, min=1e-12))
        result = torch.zeros_like(cells)
        rows, columns = cells.shape[1] - 1, cells.shape[2] - 1
        for v in (0, 1):
            for u in (0, 1):
                share = torch.clamp(cells[:, v:v + rows, u:u + columns] / norm, max=0.2) / 2
                result = result + torch.nn.functional.pad(share, (u, 1 - u, v, 1 - v))
        return result


class DenseSift:
    """128 values a block of 4x4 cells, a block every three cells."""

    def __init__(self, height, width, dtype):
        self.rows, self.columns = (torch.tensor(weights_to_cells(s - 2, 8, 0), dtype=dtype) for s in (height, width))
        bell = np.exp(-(np.arange(4) - 1.5) ** 2 / (2 * 1.5 ** 2))
        self.bell = torch.tensor(np.outer(bell, bell), dtype=dtype)

    def __call__(self, x):
        bins = orientations(*gradient(x, False), 8, False)
        cells = self.rows @ bins @ self.columns.T
        blocks = cells.unfold(1, 4, 3).unfold(2, 4, 3) * self.bell
        blocks = blocks.permute(3, 4, 0, 1, 2).reshape(128, blocks.shape[1], blocks.shape[2])
        return torch.clamp(blocks / torch.sqrt(1e-6 + (blocks ** 2).sum(0)), max=0.2)


def descriptor(method, height, width, dtype=torch.float32):
    return DenseSift(height, width, dtype) if method == "DSIFT" else Hog(height, width, method == "HOG", dtype)


def priors(x):
    """Bounded range and total variation (beta 2) of [H, W], and their gradient."""
    pixels = x.numel()
    right, down = torch.zeros_like(x), torch.zeros_like(x)
    right[:, :-1], down[:-1] = x[:, 1:] - x[:, :-1], x[1:] - x[:-1]
    scaled = x / B
    energy = (scaled ** ALPHA).sum() / pixels + (right ** 2 + down ** 2).sum() / (pixels * V * V)
    slope = ALPHA / (pixels * B) * scaled ** (ALPHA - 1)
    q = 2 / (pixels * V * V)
    slope -= q * (right + down)
    slope[:, 1:] += q * right[:, :-1]
    slope[1:] += q * down[:-1]
    return energy, slope


def start(height, width, seed):
    noise = np.random.RandomState(seed).uniform(-1, 1, (height, width))
    ordered = np.sort(noise.ravel())
    quantile = np.interp(0.95, (np.arange(ordered.size) + 0.5) / ordered.size, ordered)
    return torch.tensor(noise / quantile * (B / math.sqrt(3)), dtype=torch.float32)


def invert(photo, method, seed, iterations):
    """The error at the last iterate that was looked at, and that iterate."""
    height, width = photo.shape
    phi = descriptor(method, height, width)
    with torch.no_grad():
        target = phi(torch.tensor(photo, dtype=torch.float32))
    size = float((target.double() ** 2).sum())
    rate = height * width * RATE * B ** 2 / ALPHA
    x = start(height, width, seed)
    squares, momentum = torch.zeros_like(x), torch.zeros_like(x)
    for iteration in range(iterations):
        x.requires_grad_(True)
        difference = ((phi(x) - target) ** 2).sum()
        slope, = torch.autograd.grad(difference, x)
        x = x.detach()
        error = math.sqrt(float(difference) / size)
        if iteration == iterations - 1:
            return error, x
        slope = slope * (WEIGHT / size) + priors(x)[1]
        squares = RHO * squares + slope ** 2
        momentum = RHO * momentum - slope / (1 / rate + torch.sqrt(squares))
        x = torch.clamp(x + momentum, -TOP, TOP)


def golden():
    y, x = np.mgrid[0:64, 0:80].astype(np.float64)
    return 128 + 60 * np.sin(0.37 * x + 0.11 * y) + 50 * np.cos(0.23 * y - 0.05 * x ** 2 / 16) + (7 * x + 13 * y) % 11 - 5


def check():
    """Published values of a drawn image, and directional derivatives in double."""
    image = torch.tensor(golden(), dtype=torch.float64)
    print("HOG  cell 3, 4:", [round(float(v), 6) for v in descriptor("HOG", 64, 80, torch.float64)(image)[:5, 3, 4]], "0.220857 0.027886 0.013584 0.006314 0.007711")
    print("HOGb cell 3, 4:", [round(float(v), 6) for v in descriptor("HOGb", 64, 80, torch.float64)(image)[:5, 3, 4]], "0.233686 0.037044 0.010575 0.007845 0.008770")
    sift = descriptor("DSIFT", 64, 80, torch.float64)(image)
    print("DSIFT block 0, 0:", [round(float(v), 6) for v in sift[:5, 0, 0]], "0.055625 0.003641 0.000159 0.000186 0.031033; norm", round(float(sift[:, 0, 0].norm()), 6), "0.920124")
    random = np.random.RandomState(1)
    direction = torch.tensor(random.standard_normal((64, 80)))
    step = 1e-6
    for method in METHODS:
        phi = descriptor(method, 64, 80, torch.float64)
        target = torch.tensor(random.uniform(0, 0.2, phi(image).shape))
        x = image.clone().requires_grad_(True)
        analytic = float((torch.autograd.grad(((phi(x) - target) ** 2).sum(), x)[0] * direction).sum())
        with torch.no_grad():
            ahead, behind = (((phi(image + s * direction) - target) ** 2).sum() for s in (step, -step))
        print(method, analytic, float(ahead - behind) / (2 * step))
    analytic = float((priors(image)[1] * direction).sum())
    print("priors", analytic, float(priors(image + step * direction)[0] - priors(image - step * direction)[0]) / (2 * step))


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("photos")
    arguments.add_argument("--photo", action="append")
    arguments.add_argument("--method", action="append", choices=METHODS)
    arguments.add_argument("--seed", type=int, action="append")
    arguments.add_argument("--iterations", type=int, default=300)
    arguments.add_argument("--csv")
    arguments.add_argument("--check", action="store_true")
    arguments.add_argument("--device")
    given = arguments.parse_args()
    if given.device:
        torch.set_default_device(given.device)
    torch.set_num_threads(1)
    if given.check:
        check()
        return
    rows = []
    for name in given.photo or PHOTOS:
        photo = grey(os.path.join(given.photos, name))
        for method in given.method or METHODS:
            for seed in given.seed or [0]:
                began = time.perf_counter()
                error, x = invert(photo, method, seed, given.iterations)
                rows.append([name, photo.shape[1], photo.shape[0], method, seed, given.iterations, f"{100 * error:.2f}",
                             f"{photo.mean():.2f}", f"{float(x.mean()):.2f}", f"{float(x.std()):.2f}"])
                print(*rows[-1], f"{time.perf_counter() - began:.2f} s", flush=True)
                if given.csv:
                    with open(given.csv, "w", newline="") as file:
                        writer = csv.writer(file, lineterminator="\n")
                        writer.writerow(["photo", "width", "height", "method", "seed", "iterations", "error_percent",
                                         "photo_mean", "inverse_mean", "inverse_deviation"])
                        writer.writerows(rows)


main()
