"""The first words of a survey, in Romanian."""

from typing import Any

TEXTS: dict[str, dict[str, Any]] = {
    "nps": {
        "subject": "O întrebare despre {company.name}",
        "intro": (
            "Bună ziua, {contact.first_name|din partea echipei noastre}. Este de ajuns"
            " să atingeți un număr. Cel mai mult ne ajută o frază despre motivul"
            " dumneavoastră."
        ),
        "question": (
            "Cât de probabil este să recomandați {company.name} unui prieten sau unui"
            " coleg?"
        ),
        "low": "deloc probabil",
        "high": "extrem de probabil",
        "follow_up": {
            "low": "Ce ar trebui să îndreptăm mai întâi?",
            "middle": "Ce ar fi mai bine pentru dumneavoastră?",
            "high": "Ce apreciați cel mai mult?",
        },
        "thanks": {
            "low": (
                "Vă mulțumim pentru sinceritate. Fiecare răspuns este citit de un om, iar"
                " {owner.name|cineva din echipa noastră} vă va contacta."
            ),
            "middle": "Vă mulțumim. Fiecare răspuns este citit de un om.",
            "high": "Vă mulțumim. Ne bucurăm că vă este de folos.",
        },
    },
    "csat": {
        "subject": "V-a ajutat echipa noastră de asistență?",
        "intro": (
            "Bună ziua, {contact.first_name|din partea echipei noastre}. Ați luat de"
            " curând legătura cu echipa noastră de asistență. Este de ajuns să atingeți"
            " un număr."
        ),
        "question": "Cât de mulțumit(ă) sunteți de ajutorul primit?",
        "low": "foarte nemulțumit(ă)",
        "high": "foarte mulțumit(ă)",
        "follow_up": {
            "low": "Ce nu a mers bine?",
            "middle": "Ce am fi putut face mai bine?",
            "high": "Ce v-a plăcut?",
        },
        "thanks": {
            "low": (
                "Vă mulțumim că ne-ați spus. {owner.name|Cineva din echipa noastră} va"
                " verifica și vă va contacta."
            ),
            "middle": "Vă mulțumim. Fiecare răspuns este citit de un om.",
            "high": "Vă mulțumim. Le transmitem celor care v-au ajutat.",
        },
    },
    "ces": {
        "subject": "Cât de ușor a fost începutul?",
        "intro": (
            "Bună ziua, {contact.first_name|din partea echipei noastre}. Ați configurat"
            " de curând {company.name}. Este de ajuns să atingeți un număr."
        ),
        "question": "{company.name} mi-a ușurat începutul.",
        "low": "dezacord total",
        "high": "acord total",
        "follow_up": {
            "low": "Ce a fost greu?",
            "middle": "Ce ar fi făcut lucrurile mai ușoare?",
            "high": "Ce v-a ajutat cel mai mult?",
        },
        "thanks": {
            "low": (
                "Vă mulțumim că ne-ați spus. {owner.name|Cineva din echipa noastră} vă"
                " va contacta și vă va ajuta."
            ),
            "middle": "Vă mulțumim. Fiecare răspuns este citit de un om.",
            "high": "Vă mulțumim. Ne bucurăm că totul a mers bine.",
        },
    },
}
