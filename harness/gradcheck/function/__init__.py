"""Checking one function of NumPy arrays by differences alone: no spec, no autograd."""
