import numpy as np

sigma = lambda z: 1 / (1 + np.exp(-z))
sigma_prime = lambda z: sigma(z) * (1 - sigma(z))


def backprop(x, y, W2, b2, W3):
    m = x.shape[-1]
    z2 = W2 @ x + b2
    a2 = sigma(z2)
    z3 = W3 @ a2
    delta3 = (sigma(z3) - y) * sigma_prime(z3)
    delta2 = W3.T @ delta3 * sigma_prime(z2)
    nabla_b2 = delta2.sum(axis=1).reshape(-1, 1) / m
    return delta2 @ x.T / m, nabla_b2, delta3 @ a2.T / m, delta2 / m, delta3 / m


rng = np.random.RandomState(42)
x, y = rng.rand(2, 20), rng.rand(1, 20)
W2, b2, W3 = rng.randn(3, 2), rng.randn(3, 1), rng.randn(1, 3)
losses = []
for i in range(200):
    dW2, db2, dW3, _, _ = backprop(x, y, W2, b2, W3)
    W2 -= dW2
    b2 -= db2
    W3 -= dW3
    losses.append(float(((sigma(W3 @ sigma(W2 @ x + b2)) - y) ** 2).sum()))
assert losses[-1] < losses[0]
print("loss went from %.3f to %.3f" % (losses[0], losses[-1]))
