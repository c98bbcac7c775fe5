"""Files looked at while somebody works on them, and what a save has changed in the verdict."""
