"""Pure functions of the revenue ledger, of renewals and of offers."""
