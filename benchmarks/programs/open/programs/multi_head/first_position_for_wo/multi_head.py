import numpy as np


def heads_forward(q, k, v, Wo, bo):
    scale = q.shape[-1] ** -0.5
    scores = np.einsum("nthe,nshe->nhts", q, k) * scale
    scores = scores - scores.max(axis=-1, keepdims=True)
    probs = np.exp(scores)
    probs = probs / probs.sum(axis=-1, keepdims=True)
    ctx = np.einsum("nhts,nshe->nthe", probs, v)
    out = np.einsum("nthe,hed->ntd", ctx, Wo) + bo
    return out, dict(q=q, k=k, v=v, Wo=Wo, probs=probs, ctx=ctx, scale=scale)


def heads_backward(dout, cache):
    q, k, v, Wo = cache["q"], cache["k"], cache["v"], cache["Wo"]
    probs, ctx, scale = cache["probs"], cache["ctx"], cache["scale"]
    grads = {}
    grads["bo"] = dout.sum(axis=(0, 1))
    grads["Wo"] = np.einsum("nhe,nd->hed", ctx[:, 0], dout[:, 0])
    dctx = np.einsum("ntd,hed->nthe", dout, Wo)
    grads["v"] = np.einsum("nhts,nthe->nshe", probs, dctx)
    dprobs = np.einsum("nthe,nshe->nhts", dctx, v)
    dscores = probs * (dprobs - (dprobs * probs).sum(axis=-1, keepdims=True))
    grads["q"] = np.einsum("nhts,nshe->nthe", dscores, k) * scale
    grads["k"] = np.einsum("nhts,nthe->nshe", dscores, q) * scale
    return grads
