import numpy as np


def conv(x, K, kb):
    n, c, h, w = x.shape
    f, _, kh, kw = K.shape
    out = np.zeros((n, f, h - kh + 1, w - kw + 1))
    for r in range(out.shape[2]):
        for s in range(out.shape[3]):
            patch = x[:, :, r : r + kh, s : s + kw].reshape(n, -1)
            out[:, :, r, s] = patch @ K.reshape(f, -1).T + kb
    return out


def avgpool(a):
    return (a[:, :, ::2, ::2] + a[:, :, 1::2, ::2] + a[:, :, ::2, 1::2] + a[:, :, 1::2, 1::2]) / 4


def train_step(x, y, K, kb, W, wb):
    n = x.shape[0]
    Z = conv(x, K, kb)
    A = np.maximum(Z, 0)
    pooled = avgpool(A)
    v = pooled.reshape(n, -1)
    scores = v @ W + wb
    probs = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)

    dS = (probs - y) / n
    dW = v.T @ dS
    dwb = dS.sum(axis=0)
    dP = (dS @ W.T).reshape(pooled.shape)
    dA = np.zeros_like(A)
    for r in range(A.shape[2]):
        for s in range(A.shape[3]):
            if r % 2 == 0 and s % 2 == 0:
                dA[:, :, r, s] = dP[:, :, r // 2, s // 2]
    dZ = dA * (Z > 0)
    dK = np.zeros_like(K)
    for i in range(K.shape[2]):
        for j in range(K.shape[3]):
            for f in range(K.shape[0]):
                for c in range(K.shape[1]):
                    part = x[:, c, i : i + Z.shape[2], j : j + Z.shape[3]]
                    dK[f, c, i, j] = np.sum(part * dZ[:, f])
    dkb = dZ.sum(axis=(0, 2, 3))
    return {"S": dS, "W": dW, "wb": dwb, "P": dP, "Z": dZ, "K": dK, "kb": dkb}
