import numpy as np


def conv_relu_forward(x, w, b, stride, pad):
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    H_out = 1 + (H + 2 * pad - HH) // stride
    W_out = 1 + (W + 2 * pad - WW) // stride
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="constant")
    z = np.zeros((N, F, H_out, W_out))
    for n in range(N):
        for f in range(F):
            for i in range(H_out):
                for j in range(W_out):
                    window = x_pad[n, :, i * stride : i * stride + HH, j * stride : j * stride + WW]
                    z[n, f, i, j] = np.sum(window * w[f]) + b[f]
    return np.maximum(0, z), (x, x_pad, w, z, stride, pad)


def conv_relu_backward(dout, cache):
    x, x_pad, w, z, stride, pad = cache
    N, F, H_out, W_out = dout.shape
    HH, WW = w.shape[2:]
    dz = dout * (dout > 0)
    dx_pad = np.zeros_like(x_pad)
    dw = np.zeros_like(w)
    db = np.zeros(F)
    for n in range(N):
        for f in range(F):
            for i in range(H_out):
                for j in range(W_out):
                    r, c = i * stride, j * stride
                    window = x_pad[n, :, r : r + HH, c : c + WW]
                    db[f] += dz[n, f, i, j]
                    dw[f] += window * dz[n, f, i, j]
                    dx_pad[n, :, r : r + HH, c : c + WW] += w[f] * dz[n, f, i, j]
    dx = dx_pad[:, :, pad:-pad, pad:-pad]
    return dz, dx, dw, db
