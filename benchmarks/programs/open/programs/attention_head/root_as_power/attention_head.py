import numpy as np


class Attention:
    def __init__(self, wq, wk, wv):
        self.w = {"q": wq, "k": wk, "v": wv}
        self.grad = {}

    def forward(self, x):
        self.x = x
        self.h = {c: np.einsum("btd,de->bte", x, w) for c, w in self.w.items()}
        self.root = self.w["q"].shape[1] ** 0.5
        logits = np.einsum("bte,bse->bts", self.h["q"], self.h["k"]) / self.root
        weights = np.exp(logits - logits.max(2)[:, :, None])
        self.p = weights / np.einsum("bts->bt", weights)[..., None]
        return np.einsum("bts,bse->bte", self.p, self.h["v"])

    def backward(self, dout):
        dp = np.einsum("bte,bse->bts", dout, self.h["v"])
        dlogits = self.p * dp - self.p * np.einsum("bts,bts->bt", self.p, dp)[..., None]
        dlogits = dlogits * self.root
        dh = {"v": np.einsum("bts,bte->bse", self.p, dout),
              "q": np.einsum("bts,bse->bte", dlogits, self.h["k"]),
              "k": np.einsum("bts,bte->bse", dlogits, self.h["q"])}
        dx = np.zeros_like(self.x)
        for c, g in dh.items():
            self.grad[c] = np.einsum("btd,bte->de", self.x, g)
            dx += np.einsum("bte,de->btd", g, self.w[c])
        return dx


def attention_forward(x, Wq, Wk, Wv):
    layer = Attention(Wq, Wk, Wv)
    return layer.forward(x), layer


def attention_backward(dout, layer):
    dx = layer.backward(dout)
    return dx, layer.grad["q"], layer.grad["k"], layer.grad["v"]
