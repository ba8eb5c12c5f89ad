"""What a survey may follow, in words."""

from typing import Any

from django.utils.translation import gettext as _

from surveys.triggers import TRIGGERS


def trigger_label(key: str) -> Any:
    """This will say what a survey follows; an unknown one is said as it is stored."""
    return TRIGGERS[key].label if key in TRIGGERS else key


def trigger_choices(stored: str) -> list[tuple[str, Any]]:
    """This will list what can be chosen, also one that is stored and no longer known."""
    known = [(key, trigger.label) for key, trigger in TRIGGERS.items()]
    gone = [(stored, stored)] if stored and stored not in TRIGGERS else []
    return [("", _("Choose")), *known, *gone]
