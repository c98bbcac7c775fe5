"""What points become: overrides, late days, extra credit, rounding, letters."""
