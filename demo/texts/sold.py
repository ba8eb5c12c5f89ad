"""What Fleetlane sells beside its plans, and why money went back."""

PRODUCT, EXTRAS, SERVICES = "Route planning", "Extras", "Services"
ADD_ON = "Live tracking"
BUNDLE = "Team with tracking"
ONE_OFFS = {"Set-up day": 1200, "Driver training": 850}
CREDIT_REASONS = ("Outage", "Seats counted wrong", "Goodwill")
TWICE = "Issued twice"
CHARGEBACK = "Renewal not expected"
