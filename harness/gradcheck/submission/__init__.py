"""Finding a student's code and running it in a process of its own: arrays in, arrays out."""
