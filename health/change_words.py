"""What is changed, in words that can follow "with"."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.templatetags import ui
from health.calculations.what_if import Assumptions, Change

TINY = 1e-9


def change_words(change: Change, now: Assumptions) -> list[str]:
    """This will put every part of a change in words; none where nothing is changed."""
    found = [
        _retention(change.retention),
        _price(change.price),
        _lost(change.lost),
        _margin(change.margin),
        _service(change.ticket_cost),
    ]
    rate, horizon = change.discount_rate, change.horizon
    if rate is not None and abs(rate - now.discount_rate) > TINY:
        words = {"rate": percent(rate)}
        found.append(_("a discount rate of %(rate)s a year") % words)
    if horizon is not None and horizon != now.horizon:
        text = ngettext(
            "a horizon of %(count)s month", "a horizon of %(count)s months", horizon
        )
        found.append(text % {"count": ui.number(horizon)})
    return [words for words in found if words]


def whole(value: float) -> int:
    """This will return the number that decides the plural: a fraction counts as several."""
    shown = round(abs(value), 1)
    return int(shown) if shown == int(shown) else 2


def plain(value: float) -> str:
    """This will write a number with a decimal only where it has one."""
    shown = round(abs(value), 1)
    return ui.number(shown, 0 if shown == int(shown) else 1)


def percent(share: float) -> str:
    """This will write a share in percent with a decimal only where it has one."""
    shown = round(abs(share) * 100, 1)
    return ui.percent(abs(share), 0 if shown == int(shown) else 1)


def _retention(share: float) -> str:
    points = share * 100
    words = {"count": plain(points)}
    if share > TINY:
        text = ngettext(
            "%(count)s point more retention",
            "%(count)s points more retention",
            whole(points),
        )
        return text % words
    if share < -TINY:
        text = ngettext(
            "%(count)s point less retention",
            "%(count)s points less retention",
            whole(points),
        )
        return text % words
    return ""


def _margin(share: float) -> str:
    points = share * 100
    words = {"count": plain(points)}
    if share > TINY:
        text = ngettext(
            "%(count)s point more margin",
            "%(count)s points more margin",
            whole(points),
        )
        return text % words
    if share < -TINY:
        text = ngettext(
            "%(count)s point less margin",
            "%(count)s points less margin",
            whole(points),
        )
        return text % words
    return ""


def _price(share: float) -> str:
    words = {"share": percent(share)}
    if share > TINY:
        return _("%(share)s higher prices") % words
    return _("%(share)s lower prices") % words if share < -TINY else ""


def _lost(share: float) -> str:
    words = {"share": percent(share)}
    return _("%(share)s of the customers lost") % words if share > TINY else ""


def _service(share: float) -> str:
    words = {"share": percent(share)}
    if share > TINY:
        return _("%(share)s dearer tickets") % words
    return _("%(share)s cheaper tickets") % words if share < -TINY else ""
