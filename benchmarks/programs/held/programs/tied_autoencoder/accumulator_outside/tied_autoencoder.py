import numpy as np


def autoencoder(x, W, b, c):
    n, d = x.shape
    u = W.shape[1]
    J = 0
    dr, dz = np.zeros((n, d)), np.zeros((n, u))
    dW, db, dc = np.zeros_like(W), np.zeros_like(b), np.zeros_like(c)
    for k in range(n):
        h = np.array([1 / (1 + np.exp(-(W[:, j] @ x[k] + b[j]))) for j in range(u)])
        r = np.array([W[i, :] @ h + c[i] for i in range(d)])
        for i in range(d):
            e = r[i] - x[k, i]
            J += e * e / (2 * n)
            dr[k, i] = e / n
            dc[i] += dr[k, i]
        back = 0
        for j in range(u):
            for i in range(d):
                back += dr[k, i] * W[i, j]
                dW[i, j] += dr[k, i] * h[j]
            dz[k, j] = back * h[j] * (1 - h[j])
            db[j] += dz[k, j]
            for i in range(d):
                dW[i, j] += dz[k, j] * x[k, i]
    return J, {"r": dr, "z": dz, "W": dW, "b": db, "c": dc}
