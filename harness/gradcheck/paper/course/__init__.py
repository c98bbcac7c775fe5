"""Texts beside a spec: what they don't define themselves is the spec's network."""
