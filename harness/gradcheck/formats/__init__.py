"""What others read: one place for each format."""
