import numpy as np
from functools import reduce


def sig(v):
    return np.where(v >= 0, 1 / (1 + np.exp(-np.abs(v))), np.exp(-np.abs(v)) / (1 + np.exp(-np.abs(v))))


def one(t1, t2, xi, yi):
    bias = np.array([1.0])
    hid = sig(t1 @ np.r_[bias, xi])
    e3 = sig(t2 @ np.r_[bias, hid]) - yi
    e2 = (t2[:, 1:].T @ e3) * hid * (1 - hid)
    return np.r_[np.kron(e2, np.r_[bias, xi]), np.kron(e3, np.r_[bias, hid])]


def nn_gradient(Theta1, Theta2, X, Y, lam):
    m, cut = len(X), Theta1.size
    flat = reduce(np.add, [one(Theta1, Theta2, xi, yi) for xi, yi in zip(X, Y)])
    keep = np.r_[np.ones_like(Theta1).ravel(), np.ones_like(Theta2).ravel()]
    keep[: cut : Theta1.shape[1]] = 0
    keep[cut :: Theta2.shape[1]] = 0
    flat = (flat + lam * keep * np.r_[Theta1.ravel(), Theta2.ravel()]) / m
    return flat[:cut].reshape(Theta1.shape), flat[cut:].reshape(Theta2.shape)
