import numpy as np


def lossFun(x, y, h0, Wxh, Whh, Why, bh, by):
    """The net is laid out in time; the deltas of all times are found first, the gradients afterwards."""
    T = x.shape[1]
    h = [h0]
    for t in range(T):
        h.append(np.tanh(np.einsum("nv,vu->nu", x[:, t], Wxh) + np.einsum("nk,ku->nu", h[-1], Whh) + bh))
    H = np.stack(h, axis=1)
    o = np.einsum("ntu,uv->ntv", H[:, 1:], Why) + by
    logp = o - np.log(np.exp(o).sum(-1, keepdims=True))
    do = np.exp(logp) - y
    inject = np.einsum("ntv,uv->ntu", do, Why)
    delta = np.zeros_like(inject)
    for t in range(T):
        carry = inject[:, t] * (1 - H[:, t + 1] ** 2)
        delta[:, t] += carry
        for back in range(t - 1, -1, -1):
            carry = (carry @ Whh.T) * (1 - H[:, back + 1] ** 2)
            delta[:, back] += carry
    return (-np.sum(logp * y), np.einsum("ntv,ntu->vu", x, delta), np.einsum("ntk,ntu->ku", H[:, :-1], delta),
            np.einsum("ntu,ntv->uv", H[:, 1:], do), delta.sum((0, 1)), do.sum((0, 1)), delta[:, 0] @ Whh.T, do)
