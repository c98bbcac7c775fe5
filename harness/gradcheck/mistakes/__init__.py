"""Mistakes: the reverse pass with one rule replaced, as data."""
