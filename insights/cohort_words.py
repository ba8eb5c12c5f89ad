"""Cohorts in words."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.templatetags import ui
from insights.cohort_lines import Cohorts

YEAR = 12


def cohorts_sentence(table: Cohorts, kept: str) -> str:
    """This will say what is left after a year, or after the longest time there is."""
    known = [
        (age, share)
        for age, share in zip(table.ages, table.mean, strict=True)
        if share is not None and age <= YEAR
    ]
    if not known:
        return _("No cohort is big and old enough to say what is left of it.")
    age, share = known[-1]
    told = {"share": ui.percent(share), "months": age}
    if kept == "revenue":
        if age == YEAR:
            return _("After a year, %(share)s of the revenue is left.") % told
        return (
            ngettext(
                "%(share)s of the revenue is left, %(months)s month on.",
                "%(share)s of the revenue is left, %(months)s months on.",
                age,
            )
            % told
        )
    if age == YEAR:
        return _("After a year, %(share)s of the customers are still there.") % told
    return (
        ngettext(
            "%(share)s of the customers are still there, %(months)s month on.",
            "%(share)s of the customers are still there, %(months)s months on.",
            age,
        )
        % told
    )
