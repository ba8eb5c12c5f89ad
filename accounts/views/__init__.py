"""Pages of people, teams and signing in; a module per subject."""
