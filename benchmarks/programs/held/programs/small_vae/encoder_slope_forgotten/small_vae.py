import numpy as np


class VAE:
    def __init__(self, params):
        self.p = params
        self.g = {}

    def encode(self, x):
        self.x = x
        self.e = np.tanh(np.dot(x, self.p["We"]) + self.p["be"])
        self.mu = np.dot(self.e, self.p["Wm"])
        self.logv = np.dot(self.e, self.p["Ws"])

    def decode(self, eps):
        self.eps = eps
        self.sigma = np.sqrt(np.exp(self.logv))
        self.z = self.mu + self.sigma * eps
        self.logits = np.dot(self.z, self.p["Wd"]) + self.p["bd"]

    def loss(self):
        n = len(self.x)
        rec = np.maximum(self.logits, 0) - self.logits * self.x + np.log1p(np.exp(-np.abs(self.logits)))
        kl = 0.5 * (self.mu ** 2 + self.sigma ** 2 - 1 - self.logv)
        return (rec.sum() + kl.sum()) / n

    def backward_decoder(self):
        n = len(self.x)
        dlogits = (1 / (1 + np.exp(-self.logits)) - self.x) / n
        self.g["Wd"] = np.dot(self.z.T, dlogits)
        self.g["bd"] = np.sum(dlogits, axis=0)
        return np.dot(dlogits, self.p["Wd"].T)

    def backward_latent(self, dz):
        n = len(self.x)
        dmu = dz.copy()
        dsigma = dz * self.eps
        dlogv = dsigma * self.sigma / 2
        dmu += self.mu / n
        dlogv += (self.sigma ** 2 - 1) / (2 * n)
        self.g["mu"], self.g["logv"] = dmu, dlogv
        return dmu, dlogv

    def backward_encoder(self, dmu, dlogv):
        self.g["Wm"] = np.dot(self.e.T, dmu)
        self.g["Ws"] = np.dot(self.e.T, dlogv)
        de = np.dot(dmu, self.p["Wm"].T)
        de += np.dot(dlogv, self.p["Ws"].T)
        da = de
        self.g["We"] = np.dot(self.x.T, da)
        self.g["be"] = np.sum(da, axis=0)


def vae_step(x, eps, params):
    net = VAE(params)
    net.encode(x)
    net.decode(eps)
    J = net.loss()
    net.backward_encoder(*net.backward_latent(net.backward_decoder()))
    return J, net.g
