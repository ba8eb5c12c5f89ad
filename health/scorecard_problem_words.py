"""What is wrong with the content of a scorecard, in words: where, and what to do."""

from typing import Any

from django.utils.translation import gettext as _

from health.calculations.scorecard_problems import Path, Problem, path_text
from health.scorecard_words import figure


def problem_words(problem: Problem) -> str:
    """This will say what is wrong with a field, and what to do."""
    facts = dict(problem.facts)
    if facts.get("most"):
        facts["most"] = figure(facts["most"])
    if "before" in facts:
        facts["before"] = figure(facts["before"])
    if "at_risk" in facts:
        facts["at_risk"] = figure(facts["at_risk"])
    text = _texts()[problem.code] % facts
    if facts.get("near"):
        return f"{text} " + _("Did you mean “%(near)s”?") % facts
    if "allowed" in facts:
        return f"{text} " + _("There are: %(allowed)s.") % facts
    return text


def _texts() -> dict[str, str]:
    return {
        "above": _("Choose more than %(at_risk)s, where “at risk” ends."),
        "band": _("Write a number above 0 and below 100."),
        "choice": _("There is no “%(value)s” here."),
        "downwards": _(
            "Less of this is better: write the numbers falling from worst to best."
        ),
        "end": _("Write at least as many days as it is fresh for."),
        "flat": _("Worst and best must differ."),
        "four": _("Write four numbers: worst, warn, good and best."),
        "group": _("There is no group “%(value)s”."),
        "list": _("Write a list here."),
        "mapping": _("Write names with values here."),
        "measure": _("There is no measure “%(value)s”."),
        "missing": _("This is missing."),
        "months": _("Write more than %(before)s months and at most %(most)s."),
        "most": _("Write %(most)s at most."),
        "name": _("There is no field “%(value)s” here."),
        "negative": _("Write 0 or more."),
        "none": _("At least one measure must count."),
        "number": _("Write a number."),
        "one_way": _("Write the four numbers in one direction, from worst to best."),
        "positive": _("Write more than 0."),
        "share": _("Write a share from 0 to 1, such as 0.5."),
        "steps": _("Write %(most)s steps at most."),
        "three": _(
            "Write three numbers of days: fresh for, then half every, and the end."
        ),
        "twice": _("“%(value)s” stands here twice. Leave one of them out."),
        "upwards": _(
            "More of this is better: write the numbers rising from worst to best."
        ),
        "weightless": _(
            "At least one measure must weigh more than 0, and its group too."
        ),
    }


def place_words(path: Path, config: Any) -> str:
    """This will name the field of a problem: measures[3].anchors[1] (nps)."""
    text = path_text(path) or _("the whole")
    key = ""
    if isinstance(config, dict) and len(path) > 1 and isinstance(path[1], int):
        rows = config.get(path[0])
        row = rows[path[1]] if isinstance(rows, list) else None
        key = str(row.get("key", ""))[:60] if isinstance(row, dict) else ""
    return f"{text} ({key})" if key else text
