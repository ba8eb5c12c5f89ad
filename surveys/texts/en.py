"""The first words of a survey, in English."""

from typing import Any

TEXTS: dict[str, dict[str, Any]] = {
    "nps": {
        "subject": "One question about {company.name}",
        "intro": (
            "Hello {contact.first_name|there}, one tap on a number is enough. A sentence"
            " about your reason helps us most."
        ),
        "question": (
            "How likely are you to recommend {company.name} to a friend or colleague?"
        ),
        "low": "not at all likely",
        "high": "extremely likely",
        "follow_up": {
            "low": "What should we put right first?",
            "middle": "What would make it better for you?",
            "high": "What do you value most?",
        },
        "thanks": {
            "low": (
                "Thank you for being frank. A person reads every answer, and"
                " {owner.name|one of us} will get in touch."
            ),
            "middle": "Thank you. A person reads every answer.",
            "high": "Thank you. We are glad that it works for you.",
        },
    },
    "csat": {
        "subject": "Did our support help you?",
        "intro": (
            "Hello {contact.first_name|there}, you were in touch with our support not"
            " long ago. One tap on a number is enough."
        ),
        "question": "How satisfied are you with the help you got?",
        "low": "very dissatisfied",
        "high": "very satisfied",
        "follow_up": {
            "low": "What went wrong?",
            "middle": "What could we have done better?",
            "high": "What was good about it?",
        },
        "thanks": {
            "low": (
                "Thank you for telling us. {owner.name|One of us} will look into it and"
                " get in touch."
            ),
            "middle": "Thank you. A person reads every answer.",
            "high": "Thank you. We pass it on to those who helped you.",
        },
    },
    "ces": {
        "subject": "How easy was it to get started?",
        "intro": (
            "Hello {contact.first_name|there}, you have set up {company.name} not long"
            " ago. One tap on a number is enough."
        ),
        "question": "{company.name} made it easy for me to get started.",
        "low": "strongly disagree",
        "high": "strongly agree",
        "follow_up": {
            "low": "What made it hard?",
            "middle": "What would have made it easier?",
            "high": "What helped you most?",
        },
        "thanks": {
            "low": (
                "Thank you for telling us. {owner.name|One of us} will get in touch and"
                " help."
            ),
            "middle": "Thank you. A person reads every answer.",
            "high": "Thank you. We are glad that it went well.",
        },
    },
}
