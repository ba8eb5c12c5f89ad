"""The countries customers come from."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Country:
    """A country: share of the customers, language of its people, cities, phone code."""

    name: str
    share: float
    language: str
    time_zone: str
    naming: str
    phone: str
    cities: tuple[str, ...]


COUNTRIES: dict[str, Country] = {
    "DE": Country(
        "Germany", 0.25, "de", "Europe/Berlin", "de", "+49 {} 555 {}",
        ("Kassel", "Münster", "Leipzig", "Nürnberg", "Lübeck", "Ulm", "Göttingen",
         "Bremen", "Würzburg", "Köln", "Dresden", "Paderborn", "Saarbrücken", "Hannover"),
    ),
    "AT": Country(
        "Austria", 0.08, "de", "Europe/Vienna", "de", "+43 {} 555 {}",
        ("Linz", "Graz", "Wels", "Sankt Pölten", "Innsbruck", "Wien", "Dornbirn"),
    ),
    "CH": Country(
        "Switzerland", 0.03, "de", "Europe/Zurich", "de", "+41 {} 555 {}",
        ("Winterthur", "Zürich", "Aarau", "Luzern", "Thun"),
    ),
    "RO": Country(
        "Romania", 0.24, "ro", "Europe/Bucharest", "ro", "+40 {} 555 {}",
        ("Cluj-Napoca", "Timișoara", "Iași", "Brașov", "Oradea", "Sibiu", "Constanța",
         "București", "Târgu Mureș", "Craiova", "Galați", "Baia Mare", "Bistrița"),
    ),
    "GB": Country(
        "United Kingdom", 0.14, "en", "Europe/London", "en", "+44 {} 496 {}",
        ("Leeds", "Bristol", "Norwich", "Sheffield", "Cardiff", "Glasgow", "Exeter",
         "Nottingham", "Preston"),
    ),
    "IE": Country(
        "Ireland", 0.08, "en", "Europe/Dublin", "ie", "+353 {} 555 {}",
        ("Cork", "Galway", "Limerick", "Dublin", "Sligo", "Kilkenny", "Waterford"),
    ),
    "NL": Country(
        "Netherlands", 0.08, "en", "Europe/Amsterdam", "nl", "+31 {} 555 {}",
        ("Rotterdam", "Utrecht", "Zwolle", "Eindhoven", "Groningen", "Breda", "Arnhem"),
    ),
    "BE": Country(
        "Belgium", 0.04, "en", "Europe/Brussels", "nl", "+32 {} 555 {}",
        ("Gent", "Antwerpen", "Leuven", "Hasselt"),
    ),
    "DK": Country(
        "Denmark", 0.03, "en", "Europe/Copenhagen", "da", "+45 {} 55 {}",
        ("Aarhus", "Odense", "Vejle", "København"),
    ),
    "SE": Country(
        "Sweden", 0.03, "en", "Europe/Stockholm", "sv", "+46 {} 555 {}",
        ("Malmö", "Göteborg", "Örebro", "Växjö"),
    ),
}  # fmt: skip
