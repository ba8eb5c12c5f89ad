"""Loading folders of CSV files: read and checked row by row, written set by set.

A file goes through four steps: `source` finds and opens it, `plan` binds its columns to
the table's layout, `staging` copies the checked rows into a temporary table, and the
table's own importer (customers/importers and the apps above) writes them by SQL.
"""
