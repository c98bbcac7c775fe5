"""Files that course systems write and read: their cells, their tables, and whose line is whose."""
