import numpy as np


def loss_and_grads(X, y, model, reg):
    W1, b1, W2, b2 = model["W1"], model["b1"], model["W2"], model["b2"]
    num_train, num_classes = X.shape[0], W2.shape[1]
    dW1, dW2 = np.zeros(W1.shape), np.zeros(W2.shape)
    db1, db2 = np.zeros(b1.shape), np.zeros(b2.shape)
    all_ds = np.zeros((num_train, num_classes))
    loss = 0.0
    for i in range(num_train):
        pre = X[i] @ W1 + b1
        h = pre * (pre > 0)
        s = h @ W2 + b2
        ds = np.zeros(num_classes)
        for j in range(num_classes):
            if j == y[i]:
                continue
            margin = s[j] - s[y[i]] + 1
            if margin > 0:
                loss += margin
                ds[j] += 1
                ds[y[i]] -= 1
        all_ds[i] = ds
        dW2 += np.outer(h, ds)
        db2 += ds
        dh = W2 @ ds
        dpre = dh * (dh > 0)
        dW1 += np.outer(X[i], dpre)
        db1 += dpre
    loss /= num_train
    dW1 /= num_train
    db1 /= num_train
    dW2 /= num_train
    db2 /= num_train
    all_ds /= num_train
    dW1 += 2 * reg * W1
    dW2 += 2 * reg * W2
    return loss, {"scores": all_ds, "W1": dW1, "b1": db1, "W2": dW2, "b2": db2}
