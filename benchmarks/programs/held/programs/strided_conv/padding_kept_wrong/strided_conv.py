import numpy as np


def im2col(x, HH, WW, stride, pad):
    N, C, H, W = x.shape
    img = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)])
    oh = (H + 2 * pad - HH) // stride + 1
    ow = (W + 2 * pad - WW) // stride + 1
    col = np.zeros((N, C, HH, WW, oh, ow))
    for i in range(HH):
        for j in range(WW):
            col[:, :, i, j] = img[:, :, i : i + stride * oh : stride, j : j + stride * ow : stride]
    return col.transpose(0, 4, 5, 1, 2, 3).reshape(N * oh * ow, -1), oh, ow


def col2im(dcol, shape, HH, WW, stride, pad, oh, ow):
    N, C, H, W = shape
    dcol = dcol.reshape(N, oh, ow, C, HH, WW).transpose(0, 3, 4, 5, 1, 2)
    img = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
    for i in range(HH):
        for j in range(WW):
            img[:, :, i : i + stride * oh : stride, j : j + stride * ow : stride] += dcol[:, :, i, j]
    return img[:, :, :H, :W]


def conv_relu_forward(x, w, b, stride, pad):
    F, C, HH, WW = w.shape
    col, oh, ow = im2col(x, HH, WW, stride, pad)
    out = col @ w.reshape(F, -1).T + b
    out = out.reshape(len(x), oh, ow, F).transpose(0, 3, 1, 2)
    mask = out > 0
    return out * mask, (x.shape, w, col, mask, stride, pad, oh, ow)


def conv_relu_backward(dout, cache):
    shape, w, col, mask, stride, pad, oh, ow = cache
    F, C, HH, WW = w.shape
    dz = dout * mask
    flat = dz.transpose(0, 2, 3, 1).reshape(-1, F)
    db = flat.sum(axis=0)
    dw = (flat.T @ col).reshape(w.shape)
    dcol = flat @ w.reshape(F, -1)
    dx = col2im(dcol, shape, HH, WW, stride, pad, oh, ow)
    return dz, dx, dw, db
