"""Where a wrong answer goes wrong, and by which mistake."""
