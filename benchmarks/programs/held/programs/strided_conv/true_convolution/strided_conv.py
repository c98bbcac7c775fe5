import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def conv_relu_forward(x, w, b, stride, pad):
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    views = sliding_window_view(xp, w.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]
    z = np.einsum("nchwij,fcij->nfhw", views, w[:, :, ::-1, ::-1]) + b.reshape(1, -1, 1, 1)
    return z.clip(min=0), dict(xp=xp, views=views, w=w, z=z, s=stride, p=pad)


def conv_relu_backward(dout, cache):
    w, s, p = cache["w"], cache["s"], cache["p"]
    k = w.shape[2]
    dz = np.where(cache["z"] > 0, dout, 0.0)
    n, f, oh, ow = dz.shape
    spread = np.zeros((n, f, cache["xp"].shape[2] - k + 1, cache["xp"].shape[3] - k + 1))
    spread[:, :, ::s, ::s] = dz
    spread = np.pad(spread, ((0, 0), (0, 0), (k - 1, k - 1), (k - 1, k - 1)))
    turned = w
    full = np.einsum("nfhwij,fcij->nchw", sliding_window_view(spread, (k, k), axis=(2, 3)), turned)
    dw = np.einsum("nchwij,nfhw->fcij", cache["views"], dz)[:, :, ::-1, ::-1]
    return dz, full[:, :, p:-p, p:-p], dw, np.einsum("nfhw->f", dz)
