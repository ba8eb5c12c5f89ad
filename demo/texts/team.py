"""The people of the company that uses Keepwell: Fleetlane, which plans routes."""

from dataclasses import dataclass

COMPANY = "Fleetlane"
COMPANY_ZONE = "Europe/Berlin"


@dataclass(frozen=True)
class Member:
    """Somebody who signs in to the demo."""

    email: str
    name: str
    role: str
    language: str
    time_zone: str


ANA = "ana@demo.example"
JONAS = "jonas@demo.example"
ROISIN = "roisin@demo.example"
MIHAI = "mihai@demo.example"
LENA = "lena@demo.example"

TEAM = (
    Member(ANA, "Ana Popescu", "csm", "en", "Europe/Bucharest"),
    Member(JONAS, "Jonas Weber", "csm", "de", "Europe/Berlin"),
    Member(ROISIN, "Róisín Byrne", "csm", "en", "Europe/Dublin"),
    Member(MIHAI, "Mihai Stan", "csm", "ro", "Europe/Bucharest"),
    Member(LENA, "Lena Hofmann", "csm", "de", "Europe/Vienna"),
    Member("mara@demo.example", "Mara Lindqvist", "manager", "en", "Europe/Berlin"),
    Member("admin@demo.example", "Sam Okoye", "admin", "en", "Europe/Berlin"),
    Member("viewer@demo.example", "Viktor Brenner", "viewer", "de", "Europe/Berlin"),
)

SPEAKS = {
    ANA: ("en", "ro"),
    JONAS: ("de", "en"),
    ROISIN: ("en",),
    MIHAI: ("ro", "en"),
    LENA: ("de", "en"),
}

# Who looks after whom, by country.
OWNERS: dict[str, dict[str, float]] = {
    "DE": {JONAS: 0.5, LENA: 0.38, ANA: 0.12},
    "AT": {LENA: 0.7, JONAS: 0.3},
    "CH": {JONAS: 1.0},
    "RO": {ANA: 0.5, MIHAI: 0.5},
    "GB": {ROISIN: 0.6, ANA: 0.4},
    "IE": {ROISIN: 0.8, MIHAI: 0.2},
    "NL": {LENA: 0.5, ANA: 0.25, MIHAI: 0.25},
    "BE": {MIHAI: 1.0},
    "DK": {JONAS: 0.5, ROISIN: 0.5},
    "SE": {ROISIN: 1.0},
}
