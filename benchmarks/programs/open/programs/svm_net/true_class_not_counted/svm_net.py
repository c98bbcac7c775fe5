import numpy as np


def svm_scores_grad(scores, y):
    num_train = scores.shape[0]
    correct = scores[np.arange(num_train), y][:, np.newaxis]
    margins = np.maximum(0, scores - correct + 1.0)
    margins[np.arange(num_train), y] = 0
    mask = (margins > 0).astype(float)
    row_sum = np.sum(mask, axis=1)
    return np.sum(margins) / num_train, mask / num_train


def svm_loss(W1, b1, W2, b2, X, y, reg):
    hidden = np.maximum(0, X.dot(W1) + b1)
    scores = hidden.dot(W2) + b2
    loss, dscores = svm_scores_grad(scores, y)
    loss += 0.5 * reg * (np.sum(W1 * W1) + np.sum(W2 * W2))

    dW2 = hidden.T.dot(dscores)
    db2 = np.sum(dscores, axis=0)
    dhidden = dscores.dot(W2.T)
    dhidden[hidden <= 0] = 0
    dW1 = X.T.dot(dhidden)
    db1 = np.sum(dhidden, axis=0)
    dW2 += reg * W2
    dW1 += reg * W1
    return dW1, db1, dW2, db2
