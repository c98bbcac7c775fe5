from ..common.layers import affine, sigmoid, sigmoid_backward


def backprop(x, y, W2, b2, W3):
    a2 = sigmoid(affine(W2, x, b2))
    a3 = sigmoid(affine(W3, a2))
    delta3 = sigmoid_backward((a3 - y) / x.shape[1], a3)
    delta2 = sigmoid_backward(W3.T @ delta3, a2)
    return delta2 @ x.T, delta2.sum(axis=1, keepdims=True), delta3 @ a2.T, delta2, delta3
