"""One verdict in many forms: terminal text, JSON, HTML."""
