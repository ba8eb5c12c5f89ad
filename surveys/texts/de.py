"""The first words of a survey, in German."""

from typing import Any

TEXTS: dict[str, dict[str, Any]] = {
    "nps": {
        "subject": "Eine Frage zu {company.name}",
        "intro": (
            "Guten Tag {contact.name|aus unserem Team}, ein Tipp auf eine Zahl genügt."
            " Am meisten hilft uns ein Satz zu Ihrem Grund."
        ),
        "question": (
            "Wie wahrscheinlich ist es, dass Sie {company.name} Bekannten oder im"
            " Kollegenkreis empfehlen?"
        ),
        "low": "überhaupt nicht wahrscheinlich",
        "high": "äußerst wahrscheinlich",
        "follow_up": {
            "low": "Was sollten wir zuerst in Ordnung bringen?",
            "middle": "Was würde es für Sie besser machen?",
            "high": "Was schätzen Sie am meisten?",
        },
        "thanks": {
            "low": (
                "Danke für Ihre Offenheit. Jede Antwort wird von einem Menschen gelesen."
                " {owner.name|Jemand von uns} meldet sich bei Ihnen."
            ),
            "middle": "Vielen Dank. Jede Antwort wird von einem Menschen gelesen.",
            "high": "Vielen Dank. Es freut uns, dass Sie gut damit arbeiten können.",
        },
    },
    "csat": {
        "subject": "Hat Ihnen unser Support geholfen?",
        "intro": (
            "Guten Tag {contact.name|aus unserem Team}, Sie hatten vor Kurzem mit"
            " unserem Support zu tun. Ein Tipp auf eine Zahl genügt."
        ),
        "question": "Wie zufrieden sind Sie mit der Hilfe, die Sie bekommen haben?",
        "low": "sehr unzufrieden",
        "high": "sehr zufrieden",
        "follow_up": {
            "low": "Was ist schiefgegangen?",
            "middle": "Was hätten wir besser machen können?",
            "high": "Was war gut daran?",
        },
        "thanks": {
            "low": (
                "Danke, dass Sie es uns sagen. {owner.name|Jemand von uns} geht der"
                " Sache nach und meldet sich bei Ihnen."
            ),
            "middle": "Vielen Dank. Jede Antwort wird von einem Menschen gelesen.",
            "high": "Vielen Dank. Wir geben es an alle weiter, die geholfen haben.",
        },
    },
    "ces": {
        "subject": "Wie leicht war der Einstieg?",
        "intro": (
            "Guten Tag {contact.name|aus unserem Team}, Sie haben {company.name} vor"
            " Kurzem eingerichtet. Ein Tipp auf eine Zahl genügt."
        ),
        "question": "{company.name} hat mir den Einstieg leicht gemacht.",
        "low": "stimme überhaupt nicht zu",
        "high": "stimme voll und ganz zu",
        "follow_up": {
            "low": "Was war schwierig?",
            "middle": "Was hätte es leichter gemacht?",
            "high": "Was hat Ihnen am meisten geholfen?",
        },
        "thanks": {
            "low": (
                "Danke, dass Sie es uns sagen. {owner.name|Jemand von uns} meldet sich"
                " bei Ihnen und hilft."
            ),
            "middle": "Vielen Dank. Jede Antwort wird von einem Menschen gelesen.",
            "high": "Vielen Dank. Es freut uns, dass es gut gelaufen ist.",
        },
    },
}
