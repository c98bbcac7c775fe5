import numpy as np


class Embeddings:
    def __init__(self, E, U):
        self.inside, self.outside = E, U

    @staticmethod
    def squash(t):
        return 1.0 / (1.0 + np.exp(-t))

    def forward(self, ctx, w, neg):
        self.batch = list(zip(ctx, w, neg))
        loss = 0.0
        for words, target, others in self.batch:
            h = sum(self.inside[i] for i in words) / len(words)
            loss -= np.log(self.squash(self.outside[target] @ h))
            for o in others:
                loss -= np.log(self.squash(-self.outside[o] @ h))
        return loss

    def backward(self):
        grad_in = np.zeros(self.inside.shape)
        grad_out = np.zeros(self.outside.shape)
        all_h = []
        for words, target, others in self.batch:
            h = sum(self.inside[i] for i in words) / len(words)
            err = self.squash(self.outside[target] @ h) - 1
            grad_h = err * self.outside[target]
            grad_out[target] += err * h
            for o in others[1:]:
                err = self.squash(self.outside[o] @ h)
                grad_h = grad_h + err * self.outside[o]
                grad_out[o] += err * h
            for i in words:
                grad_in[i] += grad_h / len(words)
            all_h.append(grad_h)
        return np.array(all_h), grad_in, grad_out
