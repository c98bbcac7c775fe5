"""A course's folder: where its specs and submissions are, what a new one is made of, what editors need."""
