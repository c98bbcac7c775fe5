import argparse
import sys

import numpy as np

ap = argparse.ArgumentParser()
ap.add_argument("data", help="path of the training data")
ap.add_argument("-e", "--epochs", required=True, type=int)
opts = ap.parse_args()

if opts.epochs < 1:
    sys.exit("at least one epoch, please")


def act(z):
    return 0.5 * (1 + np.tanh(z / 2))


def backprop(x, y, W2, b2, W3):
    hidden = act(W2 @ x + b2)
    output = act(W3 @ hidden)
    delta3 = (output - y) * output * (1 - output) / x.shape[1]
    delta2 = W3.T @ delta3 * hidden * (1 - hidden)
    return delta2 @ x.T, delta2 @ np.ones((x.shape[1], 1)), delta3 @ hidden.T, delta2, delta3
