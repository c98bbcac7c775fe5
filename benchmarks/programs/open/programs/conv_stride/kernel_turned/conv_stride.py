import numpy as np


class Conv:
    def __init__(self, w, b, stride, pad):
        self.w, self.b, self.stride, self.pad = w, b, stride, pad

    def view(self, padded, i, j, oh, ow):
        s = self.stride
        return padded[:, :, i:i + s * (oh - 1) + 1:s, j:j + s * (ow - 1) + 1:s]

    def forward(self, x):
        p, k = self.pad, self.w.shape[-1]
        self.xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        oh = (self.xp.shape[2] - k) // self.stride + 1
        ow = (self.xp.shape[3] - k) // self.stride + 1
        out = np.zeros((len(x), len(self.w), oh, ow)) + self.b[:, None, None]
        for i, j in np.ndindex(k, k):
            out += np.einsum("nchw,fc->nfhw", self.view(self.xp, i, j, oh, ow), self.w[:, :, i, j])
        return out

    def backward(self, dout):
        oh, ow = dout.shape[2:]
        p, k = self.pad, self.w.shape[-1]
        self.db = np.einsum("nfhw->f", dout)
        self.dw = np.zeros_like(self.w)
        dxp = np.zeros_like(self.xp)
        for i, j in np.ndindex(k, k):
            patch = self.view(self.xp, i, j, oh, ow)
            self.dw[:, :, i, j] = np.einsum("nfhw,nchw->fc", dout, patch)
            self.view(dxp, i, j, oh, ow)[...] += np.einsum("nfhw,fc->nchw", dout, self.w[:, :, k - 1 - i, k - 1 - j])
        return dxp[:, :, p:-p, p:-p]


def conv_forward(x, w, b, conv_param):
    layer = Conv(w, b, conv_param["stride"], conv_param["pad"])
    return layer.forward(x), layer


def conv_backward(dout, layer):
    dx = layer.backward(dout)
    return dx, layer.dw, layer.db
