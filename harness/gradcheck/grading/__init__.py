"""A class: every submission against every spec, nothing lost."""
