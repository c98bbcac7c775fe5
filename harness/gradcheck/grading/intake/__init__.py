"""Submissions as course systems name their files: one file a system."""
