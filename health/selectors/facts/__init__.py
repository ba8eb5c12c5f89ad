"""The facts of a day: one file per table of facts, one statement per table and range."""
