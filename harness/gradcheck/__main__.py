"""`python -m gradcheck` is the command `gradcheck`."""

from gradcheck.entry import command

if __name__ == "__main__":
    raise SystemExit(command())
