from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Matrix: TypeAlias = "NDArray[np.float64]"


class Gradients(NamedTuple):
    dW2: Matrix
    db2: Matrix
    dW3: Matrix
    delta2: Matrix
    delta3: Matrix


@dataclass(frozen=True)
class Network:
    W2: Matrix
    b2: Matrix
    W3: Matrix
    trace: list[Matrix] = field(default_factory=list)

    @staticmethod
    def activation(z: Matrix) -> Matrix:
        return 1 / (1 + np.exp(-z))

    def gradients(self, x: Matrix, y: Matrix) -> Gradients:
        a2 = self.activation(self.W2 @ x + self.b2)
        a3 = self.activation(self.W3 @ a2)
        delta3 = (a3 - y) * a3 * (1 - a3) / x.shape[1]
        delta2 = (self.W3.T @ delta3) * a2 * (1 - a2)
        return Gradients(delta2 @ x.T, delta2.sum(1, keepdims=True), delta3 @ a2.T, delta2, delta3)


def backprop(x: Matrix, y: Matrix, W2: Matrix, b2: Matrix, W3: Matrix) -> Gradients:
    return Network(W2, b2, W3).gradients(x, y)
