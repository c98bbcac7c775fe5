import numpy as np


def mf_grad(u, i, r, P, Q, bu, bi, lam=0.05):
    n = len(r)
    dP, dQ = lam * P, 2 * lam * Q
    dbu, dbi = np.zeros_like(bu), np.zeros_like(bi)
    for user, item, rating in zip(u, i, r):
        e = P[user] @ Q[item] + bu[user] + bi[item] - rating
        g = 2 * e / n
        dP[user] += g * Q[item]
        dQ[item] += g * P[user]
        dbu[user] += g
        dbi[item] = g
    return dP, dQ, dbu, dbi
