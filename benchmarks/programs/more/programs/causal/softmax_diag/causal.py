import numpy as np


def attn_forward(x, Wq, Wk, Wv):
    Q, K, V = x @ Wq, x @ Wk, x @ Wv
    T, d = x.shape[1], Wq.shape[1]
    S = Q @ K.transpose(0, 2, 1) / np.sqrt(d)
    mask = np.tril(np.ones((T, T), dtype=bool))
    S = np.where(mask, S, -np.inf)
    S = S - S.max(axis=-1, keepdims=True)
    A = np.exp(S)
    A = A / A.sum(axis=-1, keepdims=True)
    return A @ V, (x, Q, K, V, A, Wq, Wk, Wv)


def attn_backward(dout, cache):
    x, Q, K, V, A, Wq, Wk, Wv = cache
    d = Wq.shape[1]
    dV = A.transpose(0, 2, 1) @ dout
    dA = dout @ V.transpose(0, 2, 1)
    dS = dA * A * (1 - A)
    dS = dS / np.sqrt(d)
    dQ = dS @ K
    dK = dS.transpose(0, 2, 1) @ Q
    dWq = np.einsum("btd,btu->du", x, dQ)
    dWk = np.einsum("btd,btu->du", x, dK)
    dWv = np.einsum("btd,btu->du", x, dV)
    dx = dQ @ Wq.T + dK @ Wk.T + dV @ Wv.T
    return dx, dWq, dWk, dWv
