"""What formulas are worked out to: shapes first, then expressions, then numbers."""
