"""What the demo's survey programme says beyond the questions themselves."""

from dataclasses import dataclass

SURVEY = "How are we doing?"

RESOLUTIONS = {
    "en": (
        "Called, showed the import again, they go on with it.",
        "The fault was ours. Explained what happened and when it is fixed.",
        "Went through the invoice together, nothing left open.",
    ),
    "de": (
        "Angerufen und den Import noch einmal gezeigt, es geht weiter.",
        "Der Fehler lag bei uns. Erklärt, was passiert ist und bis wann es behoben ist.",
        "Rechnung gemeinsam durchgesehen, nichts mehr offen.",
    ),
    "ro": (
        "Am sunat și am arătat din nou importul, merg mai departe.",
        "Greșeala a fost a noastră. Am explicat ce s-a întâmplat și când se repară.",
        "Am parcurs factura împreună, nu a rămas nimic deschis.",
    ),
}


@dataclass(frozen=True)
class DemoTheme:
    """A pain point, who is to act on it, and the words that belong to it."""

    name: str
    department: str
    description: str
    phrases: tuple[tuple[str, str], ...]


THEMES = (
    DemoTheme(
        "Exports and outages",
        "Product",
        "Exports that break off, errors that come back, hours without the service.",
        (
            ("en", "export*"), ("en", "outage*"), ("en", "errors"), ("en", "signatures"),
            ("de", "Export*"), ("de", "Ausfall"), ("de", "Fehler*"),
            ("de", "Unterschriften"),
            ("ro", "export*"), ("ro", "cădere"), ("ro", "erorile"), ("ro", "semnături"),
        ),
    ),
    DemoTheme(
        "Price",
        "Sales",
        "What it costs, and what came with the last increase.",
        (
            ("en", "price*"), ("en", "expensive"), ("en", "for that money"),
            ("de", "Preis*"), ("de", "teurer"), ("de", "für das Geld"),
            ("ro", "preț*"), ("ro", "scump*"), ("ro", "banii ăștia"),
        ),
    ),
    DemoTheme(
        "Getting started takes too long",
        "Support",
        "Set-up, import and connecting the depots.",
        (
            ("en", "setup"), ("en", "import"), ("en", "not connected"),
            ("en", "got going"),
            ("de", "Einrichtung"), ("de", "Import"), ("de", "angebunden"),
            ("de", "in Gang"),
            ("ro", "configurarea"), ("ro", "import"), ("ro", "conectate"),
        ),
    ),
    DemoTheme(
        "Nobody there who knows it",
        "Support",
        "The person who set it up has left, and nobody took over.",
        (
            ("en", "nobody knows"), ("en", "is gone"), ("en", "no longer works here"),
            ("en", "handover"), ("en", "responsible"),
            ("de", "Übergabe"), ("de", "nicht mehr hier"), ("de", "zuständig"),
            ("de", "steh* allein"),
            ("ro", "predarea"), ("ro", "nu mai lucrează"), ("ro", "responsabil"),
        ),
    ),
    DemoTheme(
        "Too complicated and slow",
        "",
        "People go back to their spreadsheets.",
        (
            ("en", "complicated"), ("en", "slow*"), ("en", "Excel"),
            ("de", "kompliziert"), ("de", "langsam*"), ("de", "Excel"),
            ("ro", "complicat"), ("ro", "lent"), ("ro", "Excel"),
        ),
    ),
)  # fmt: skip

DEPARTMENTS = {
    "Product": (("Noor Haddad", "product@demo.example", "en"),),
    "Sales": (("Felix Brandt", "sales@demo.example", "de"),),
    "Support": (
        ("Ioana Dumitru", "support@demo.example", "ro"),
        ("Sean Doyle", "second-line@demo.example", "en"),
    ),
}

# Source, language, words.
FEEDBACK = (
    ("review", "en", "Good planning, but the export breaks when we need it most."),
    ("review", "en", "Support answers quickly. The app on older phones is slow."),
    ("social", "en", "Another outage on a Monday morning. Drivers waiting."),
    ("call", "en", "They ask for the toll report every time we talk."),
    ("review", "de", "Spart uns jeden Tag eine Stunde. Die Einrichtung war zäh."),
    ("call", "de", "Fragen nach einem Rabatt, der Preis sei kaum noch zu erklären."),
    ("email", "de", "Die Fahrer kommen mit der App besser zurecht als gedacht."),
    ("review", "ro", "Util, dar prea complicat pentru o echipă mică."),
    ("call", "ro", "Exportul pentru contabilitate pică la sfârșit de lună."),
)
