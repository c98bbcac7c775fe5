"""What other programs take: verdicts, grades of a class, and what other systems need to run gradcheck."""
