"""Formulas of the catalogue put on paper: turned into a layout, then written by one of two hands."""
