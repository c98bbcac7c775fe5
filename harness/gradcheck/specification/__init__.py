"""Specs: YAML text to a validated question, in the notation of its source."""
