"""The truth: PyTorch autograd, central differences, and the answer key they agree on."""
