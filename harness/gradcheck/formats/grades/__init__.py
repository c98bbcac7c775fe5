"""Gradebooks for other systems: one file a format, one table of them."""
