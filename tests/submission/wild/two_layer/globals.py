import numpy as np
cache = {}
count = 0

def sigmoid(z):
    return 1/(1+np.exp(-z))

def forward():
    global count
    count += 1
    cache['A2'] = sigmoid(cache['W2'].dot(cache['X']) + cache['b2'])
    cache['A3'] = sigmoid(cache['W3'].dot(cache['A2']))

def backward():
    m = cache['X'].shape[1]
    cache['d3'] = (cache['A3'] - cache['Y'])*cache['A3']*(1 - cache['A3'])/m
    cache['d2'] = cache['W3'].T.dot(cache['d3'])*cache['A2']*(1 - cache['A2'])

def backprop(x, y, W2, b2, W3):
    cache.update(X=x, Y=y, W2=W2, b2=b2, W3=W3)
    forward()
    backward()
    return (cache['d2'].dot(x.T), cache['d2'].sum(axis=1, keepdims=True),
            cache['d3'].dot(cache['A2'].T), cache['d2'], cache['d3'])
