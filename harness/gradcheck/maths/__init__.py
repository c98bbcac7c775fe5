"""The mathematics, in NumPy alone: activations, losses, layers and the chain that joins them."""
