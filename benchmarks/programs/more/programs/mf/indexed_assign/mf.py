import numpy as np


def mf_grad(u, i, r, P, Q, bu, bi, lam=0.05):
    n = len(r)
    hat = np.sum(P[u] * Q[i], axis=1) + bu[u] + bi[i]
    g = 2 * (hat - r) / n
    M = np.zeros((len(P), len(Q)))
    np.add.at(M, (u, i), g)
    dP = M @ Q + 2 * lam * P
    dQ = M.T @ P + 2 * lam * Q
    dbu = np.zeros_like(bu)
    dbu[u] += g
    dbi = M.sum(axis=0)
    return dP, dQ, dbu, dbi
