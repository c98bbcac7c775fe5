from numpy import *

def sigmoid(z): return 1/(1+exp(-z))

print("Run the cells below one by one.")
quit()

def backprop(x, y, W2, b2, W3):
    a2 = sigmoid(dot(W2, x)+b2)
    a3 = sigmoid(dot(W3, a2))
    d3 = (a3-y)*a3*(1-a3)/shape(x)[1]
    d2 = dot(transpose(W3), d3)*a2*(1-a2)
    return dot(d2, transpose(x)), sum(d2, axis=1, keepdims=True), dot(d3, transpose(a2)), d2, d3
