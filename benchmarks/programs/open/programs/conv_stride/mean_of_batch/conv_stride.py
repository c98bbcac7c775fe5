import numpy as np


def im2col(x, size, stride, pad):
    n, c, h, w = x.shape
    img = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)], "constant")
    oh = (h + 2 * pad - size) // stride + 1
    ow = (w + 2 * pad - size) // stride + 1
    col = np.zeros((n, c, size, size, oh, ow))
    for y in range(size):
        for z in range(size):
            col[:, :, y, z] = img[:, :, y:y + stride * oh:stride, z:z + stride * ow:stride]
    return col.transpose(0, 4, 5, 1, 2, 3).reshape(n * oh * ow, -1)


def col2im(col, shape, size, stride, pad):
    n, c, h, w = shape
    oh = (h + 2 * pad - size) // stride + 1
    ow = (w + 2 * pad - size) // stride + 1
    col = col.reshape(n, oh, ow, c, size, size).transpose(0, 3, 4, 5, 1, 2)
    img = np.zeros((n, c, h + 2 * pad, w + 2 * pad))
    for y in range(size):
        for z in range(size):
            img[:, :, y:y + stride * oh:stride, z:z + stride * ow:stride] += col[:, :, y, z]
    return img[:, :, pad:pad + h, pad:pad + w]


def conv_forward(x, w, b, conv_param):
    s, p, k = conv_param["stride"], conv_param["pad"], w.shape[2]
    col = im2col(x, k, s, p)
    col_w = w.reshape(len(w), -1).T
    oh = (x.shape[2] + 2 * p - k) // s + 1
    out = (col @ col_w + b).reshape(len(x), oh, -1, len(w)).transpose(0, 3, 1, 2)
    return out, (x.shape, w.shape, col, col_w, s, p)


def conv_backward(dout, cache):
    x_shape, w_shape, col, col_w, s, p = cache
    flat = dout.transpose(0, 2, 3, 1).reshape(-1, w_shape[0])
    db = flat.sum(axis=0)
    dw = (col.T @ flat / x_shape[0]).T.reshape(w_shape)
    dcol = flat @ col_w.T
    dx = col2im(dcol, x_shape, w_shape[2], s, p)
    return dx, dw, db
