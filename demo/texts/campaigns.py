"""What the demo company calls its campaigns."""

CAMPAIGNS = {
    "social-pictures": "Small fleets, pictures",
    "social-video": "Small fleets, video",
}
FAIR = "Fleet fair Hanover {year}"
