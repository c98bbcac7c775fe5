import os
import struct

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))


def read_idx(name):
    with open(os.path.join(HERE, name), "rb") as file:
        magic, count, rows, columns = struct.unpack(">IIII", file.read(16))
        assert magic == 2051
        return np.frombuffer(file.read(), np.uint8).reshape(count, rows * columns)


images = read_idx("train-images-idx3-ubyte") / 255.0
mean = images.mean(axis=0)


def _squash(t): return 1 / (1 + np.exp(-t))


def backprop(x, y, W2, b2, W3):
    o2 = _squash(W2 @ x + b2); o3 = _squash(W3 @ o2)
    e3 = (o3 - y) * o3 * (1 - o3) / len(y[0])
    e2 = (W3.T @ e3) * o2 * (1 - o2)
    return e2 @ x.T, np.c_[e2.sum(axis=1)], e3 @ o2.T, e2, e3
