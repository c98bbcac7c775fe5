import numpy as np


def attention_forward(x, Wq, Wk, Wv, Wo, mask):
    out = np.zeros_like(x)
    saved = {}
    for n in range(len(x)):
        for h in range(len(Wq)):
            Q, K, V = x[n] @ Wq[h], x[n] @ Wk[h], x[n] @ Wv[h]
            S = Q @ K.T / np.sqrt(Q.shape[1]) + (mask - 1) * 30
            P = np.exp(S)
            P = P / P.sum(axis=1, keepdims=True)
            O = P @ V
            out[n] += O @ Wo[h]
            saved[n, h] = Q, K, V, P, O
    return out, (x, saved, Wq, Wk, Wv, Wo)


def softmax_backward(dP, P):
    dS = np.zeros_like(P)
    for t in range(len(P)):
        jac = np.diag(P[t]) - np.outer(P[t], P[t])
        dS[t] = jac @ dP[t]
    return dS


def attention_backward(dout, cache):
    x, saved, Wq, Wk, Wv, Wo = cache
    N, T, D = x.shape
    H = len(Wq)
    dx = np.zeros_like(x)
    dWq, dWk, dWv, dWo = (np.zeros_like(w) for w in (Wq, Wk, Wv, Wo))
    dS_all = np.zeros((N, H, T, T))
    for n in range(N):
        for h in range(H):
            Q, K, V, P, O = saved[n, h]
            dWo[h] += O.T @ dout[n]
            dO = dout[n] @ Wo[h].T
            dV = P.T @ dO
            dP = dO @ V.T
            dS = softmax_backward(dP, P)
            dS_all[n, h] = dS
            dQ = dS @ K / np.sqrt(Q.shape[1])
            dK = dS.T @ Q / np.sqrt(Q.shape[1])
            dWq[h] += x[n].T @ dQ
            dWk[h] += x[n].T @ dK
            dWv[h] += x[n].T @ dV
            dx[n] += dQ @ Wq[h].T + dK @ Wk[h].T + dV @ Wv[h].T
    return dx, dWq, dWk, dWv, dWo, dS_all
