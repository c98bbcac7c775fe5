import numpy as np


def softmax(s):
    e = np.exp(s - s.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def attention_forward(x, Wq, Wk, Wv, Wo, mask):
    q = np.einsum("ntd,hde->nhte", x, Wq)
    k = np.einsum("nsd,hde->nhse", x, Wk)
    v = np.einsum("nsd,hde->nhse", x, Wv)
    scale = 1 / np.sqrt(q.shape[-1])
    s = np.einsum("nhte,nhse->nhts", q, k) * scale
    p = softmax(s + (mask - 1) * 30)
    o = np.einsum("nhts,nhse->nhte", p, v)
    out = np.einsum("nhte,hed->ntd", o, Wo)
    return out, (x, q, k, v, p, o, scale, Wq, Wk, Wv, Wo)


def attention_backward(dout, cache):
    x, q, k, v, p, o, scale, Wq, Wk, Wv, Wo = cache
    dWo = np.einsum("nhte,ntd->hed", o, dout)
    do = np.einsum("ntd,hed->nhte", dout, Wo)
    dv = np.einsum("nhts,nhse->nhse", p, do)
    dp = np.einsum("nhte,nhse->nhts", do, v)
    ds = p * (dp - np.sum(dp * p, axis=-1, keepdims=True))
    dq = np.einsum("nhts,nhse->nhte", ds, k) * scale
    dk = np.einsum("nhts,nhte->nhse", ds, q) * scale
    dWq = np.einsum("ntd,nhte->hde", x, dq)
    dWk = np.einsum("nsd,nhse->hde", x, dk)
    dWv = np.einsum("nsd,nhse->hde", x, dv)
    dx = np.einsum("nhte,hde->ntd", dq, Wq)
    dx += np.einsum("nhse,hde->nsd", dk, Wk)
    dx += np.einsum("nhse,hde->nsd", dv, Wv)
    return dx, dWq, dWk, dWv, dWo, ds
