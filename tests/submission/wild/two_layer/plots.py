import matplotlib
matplotlib.use("TkAgg")
import matplotlib.pyplot as plt
import numpy as np
from mpl_toolkits.mplot3d import Axes3D

plt.style.use("seaborn-darkgrid")
z = np.linspace(-6, 6, 200)


def f(z):
    return 1 / (1 + np.exp(-z))


fig, (left, right) = plt.subplots(1, 2, figsize=(8, 3))
left.plot(z, f(z), label="sigmoid")
right.plot(z, f(z) * (1 - f(z)), "r--", label="its derivative")
for ax in (left, right):
    ax.legend()
    ax.set_xlabel("z")
fig.savefig("sigmoid.png")
plt.show()


def backprop(x, y, W2, b2, W3):
    a2 = f(W2 @ x + b2)
    a3 = f(W3 @ a2)
    d3 = (a3 - y) * a3 * (1 - a3) / x.shape[1]
    d2 = W3.T @ d3 * a2 * (1 - a2)
    return d2 @ x.T, d2.sum(axis=1, keepdims=True), d3 @ a2.T, d2, d3
