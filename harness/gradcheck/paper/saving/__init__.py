"""The network that a text defines, as a spec."""
