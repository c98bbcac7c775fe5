"""The backward pass of a convolution, window by window."""

import numpy as np


def conv_backward(dout, x, w, b, pad):
    F, _, HH, WW = w.shape
    N, _, H, W = dout.shape
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dpadded, dw = np.zeros_like(padded), np.zeros_like(w)
    for n in range(N):
        for f in range(F):
            for i in range(H):
                for j in range(W):
                    window = np.s_[n, :, i : i + HH, j : j + WW]
                    dw[f] += dout[n, f, i, j] * padded[window]
                    dpadded[window] += dout[n, f, i, j] * w[f]
    dx = dpadded[:, :, pad:-pad, pad:-pad]
    return dx, dw, dout.sum(axis=(0, 2, 3))
