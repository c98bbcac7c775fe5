#!/usr/bin/env python3
import argparse
import numpy as np

parser = argparse.ArgumentParser(description="train a small network")
parser.add_argument("--epochs", type=int, default=0)
parser.add_argument("--lr", type=float, default=1e-2)
args = parser.parse_args()


def logistic(z):
    return 1 / (1 + np.exp(-z))


def backprop(x, y, W2, b2, W3):
    a2 = logistic(W2 @ x + b2)
    a3 = logistic(W3 @ a2)
    delta3 = (a3 - y) * a3 * (1 - a3) / x.shape[1]
    delta2 = (W3.T @ delta3) * a2 * (1 - a2)
    return delta2 @ x.T, delta2.sum(1, keepdims=True), delta3 @ a2.T, delta2, delta3


def main():
    data = np.load("train.npz")
    for _ in range(args.epochs):
        backprop(data["x"], data["y"], *[data[k] for k in ("W2", "b2", "W3")])


if __name__ == "__main__":
    main()
