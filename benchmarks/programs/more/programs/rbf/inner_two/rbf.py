import numpy as np
from math import exp


def rbf_gradients(x, y, C, beta, w, b):
    N, K = len(x), len(C)
    dw, dC, dbeta = np.zeros(K), np.zeros(C.shape), np.zeros(K)
    db = 0.0
    for n in range(N):
        phi = [exp(-beta[k] * sum((x[n] - C[k]) ** 2) / 4) for k in range(K)]
        out = b + sum(w[k] * phi[k] for k in range(K))
        e = (out - y[n]) / N
        db += e
        for k in range(K):
            dist = np.dot(x[n] - C[k], x[n] - C[k])
            dw[k] += e * phi[k]
            dbeta[k] -= e * w[k] * phi[k] * dist / 4
            dC[k] += e * w[k] * phi[k] * beta[k] * (x[n] - C[k]) / 4
    return dw, db, dC, dbeta
