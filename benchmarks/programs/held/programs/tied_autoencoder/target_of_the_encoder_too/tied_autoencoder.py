import numpy as np


def autoencoder(x, W, b, c):
    logistic = lambda t: 1.0 / (1.0 + np.exp(-t))
    code = logistic(np.einsum("ni,ij->nj", x, W) + b)
    recon = np.einsum("nj,ij->ni", code, W) + c
    diff = recon - x
    cost = np.einsum("ni,ni->", diff, diff) / (2 * len(x))
    g_recon = diff / len(x)
    g_code = np.einsum("ni,ij->nj", g_recon, W)
    g_pre = g_code * code * (1 - code)
    g_W = np.einsum("ni,nj->ij", g_recon, code)
    g_W += np.einsum("ni,nj->ij", recon, g_pre)
    return cost, {"r": g_recon, "z": g_pre, "W": g_W, "b": g_pre.sum(axis=0), "c": g_recon.sum(axis=0)}
