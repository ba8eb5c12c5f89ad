"""What is summed from the ledger: days, months by dimension, cohorts, other conventions.

A range of customers gives `Part`s (part.py), parts add up (`Part.joined`), and the whole
becomes the rows that pages show (whole.py). Arrays throughout; amounts are cents, days
count from 2000-01-01 and months from January 1970.
"""
