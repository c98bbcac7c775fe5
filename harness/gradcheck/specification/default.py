"""What is taken where nobody chooses."""

NOTATION = "nielsen"
"""The notation where there is no spec."""
