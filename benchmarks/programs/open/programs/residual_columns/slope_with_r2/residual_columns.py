import numpy as np


def gradients(X, Y, W1, W2, W3, b3, W4):
    n = X.shape[1]
    Z1 = W1 @ X
    A1 = np.maximum(Z1, 0)
    R1 = X + W2 @ A1
    T = np.tanh(W3 @ R1 + b3)
    R2 = R1 + T
    S = W4 @ R2
    E = np.exp(S - S.max(axis=0))
    P = E / E.sum(axis=0)

    dS = (P - Y) / n
    dW4 = dS @ R2.T
    dR2 = W4.T @ dS
    dZ3 = dR2 * (1 - R2 ** 2)
    dW3 = dZ3 @ R1.T
    db3 = dZ3.sum(axis=1, keepdims=True)
    dR1 = dR2 + W3.T @ dZ3
    dW2 = dR1 @ A1.T
    dZ1 = (W2.T @ dR1) * (Z1 > 0)
    dW1 = dZ1 @ X.T
    dX = dR1 + W1.T @ dZ1
    return {"W1": dW1, "W2": dW2, "W3": dW3, "b3": db3, "W4": dW4, "X": dX, "R1": dR1}
