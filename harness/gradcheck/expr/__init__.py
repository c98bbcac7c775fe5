"""The one language of formulas: expressions over arrays whose axes have names."""
