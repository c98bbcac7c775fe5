import numpy as np


def loss_and_grads(X, y, params, reg):
    W1, b1 = params["W1"], params["b1"]
    W2, b2 = params["W2"], params["b2"]
    N = X.shape[0]

    hidden = np.maximum(0, X.dot(W1) + b1)
    scores = hidden.dot(W2) + b2

    correct = scores[np.arange(N), y]
    margins = np.maximum(0, scores - correct[:, np.newaxis] + 1.0)
    margins[np.arange(N), y] = 0
    loss = margins.sum() / N
    loss += reg * (np.sum(W1 * W1) + np.sum(W2 * W2))

    margins[margins > 0] = 1
    dscores = margins
    num_pos = dscores.sum(axis=1)
    dscores[np.arange(N), y] -= num_pos
    dscores /= N

    grads = {"scores": dscores}
    grads["W2"] = hidden.T.dot(dscores) + 2 * reg * W2
    grads["b2"] = dscores.sum(axis=0)
    dhidden = dscores.dot(W2.T)
    dhidden[hidden <= 0] = 0
    grads["W1"] = X.T.dot(dhidden) + 2 * reg * W1
    grads["b1"] = dhidden.sum(axis=0)
    return loss, grads
