"""What a wrong side should be."""
