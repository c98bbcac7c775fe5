"""Expressions written: a walk that decides where everything stands, and dialects that say how it looks."""
