"""Claims with one way to write each thing: what people write otherwise is rewritten."""
