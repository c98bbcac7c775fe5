"""Formulas without a spec: the text's own definitions are the network."""
