"""Derivations on paper: what a formula's letters mean for a spec, and whether each of its steps holds."""
