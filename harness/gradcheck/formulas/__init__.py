"""Formulas as people write them: text to syntax trees, which know nothing of networks."""
