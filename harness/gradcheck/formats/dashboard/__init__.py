"""The dashboard of a class: what it says (`survey.py`), and how that looks (`page.py`)."""
