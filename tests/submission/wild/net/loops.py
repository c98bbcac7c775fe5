import math
import numpy as np

class TwoLayerNet:
    # no NumPy inside but for the result: everything entry by entry
    def __init__(self, W1, b1, W2, b2):
        self.W1 = W1.tolist(); self.b1 = b1.tolist()
        self.W2 = W2.tolist(); self.b2 = b2.tolist()

    def loss(self, X, y):
        n = len(X); D = len(self.W1); H = len(self.b1); C = len(self.b2)
        gW1 = [[0.0]*H for _ in range(D)]; gb1 = [0.0]*H
        gW2 = [[0.0]*C for _ in range(H)]; gb2 = [0.0]*C
        total = 0.0
        for x, t in zip(X.tolist(), y.tolist()):
            h = [max(0.0, sum(x[i]*self.W1[i][j] for i in range(D)) + self.b1[j]) for j in range(H)]
            s = [sum(h[j]*self.W2[j][k] for j in range(H)) + self.b2[k] for k in range(C)]
            top = max(s); e = [math.exp(v - top) for v in s]; Z = sum(e)
            p = [v/Z for v in e]
            total -= sum(t[k]*math.log(p[k]) for k in range(C))/n
            d = [(p[k] - t[k])/n for k in range(C)]
            for k in range(C):
                gb2[k] += d[k]
                for j in range(H):
                    gW2[j][k] += h[j]*d[k]
            for j in range(H):
                if h[j] > 0:
                    dh = sum(self.W2[j][k]*d[k] for k in range(C))
                    gb1[j] += dh
                    for i in range(D):
                        gW1[i][j] += x[i]*dh
        return total, {"W1": np.array(gW1), "b1": gb1, "W2": gW2, "b2": gb2}
