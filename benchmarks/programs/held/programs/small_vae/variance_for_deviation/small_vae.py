import numpy as np


def sigmoid(t):
    return 1 / (1 + np.exp(-t))


def vae_step(x, eps, P):
    N = x.shape[0]
    e = np.tanh(x @ P["We"] + P["be"])
    mu, logv = e @ P["Wm"], e @ P["Ws"]
    std = np.exp(logv)
    z = mu + std * eps
    xhat = sigmoid(z @ P["Wd"] + P["bd"])
    bce = -np.sum(x * np.log(xhat) + (1 - x) * np.log(1 - xhat))
    kld = -0.5 * np.sum(1 + logv - mu ** 2 - np.exp(logv))
    loss = (bce + kld) / N

    grads = {}
    dout = (xhat - x) / N
    grads["Wd"] = z.T @ dout
    grads["bd"] = dout.sum(axis=0)
    dz = dout @ P["Wd"].T
    dmu = dz + mu / N
    dlogv = dz * eps * std + 0.5 * (np.exp(logv) - 1) / N
    grads["mu"], grads["logv"] = dmu, dlogv
    grads["Wm"] = e.T @ dmu
    grads["Ws"] = e.T @ dlogv
    de = dmu @ P["Wm"].T + dlogv @ P["Ws"].T
    dpre = de * (1 - e ** 2)
    grads["We"] = x.T @ dpre
    grads["be"] = dpre.sum(axis=0)
    return loss, grads
