"""The commands of `gradcheck`, one file each: arguments in, text out, an exit status."""
