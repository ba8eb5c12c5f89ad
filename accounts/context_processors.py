"""What base.html needs on every page."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role, Theme
from accounts.models import User

EVERYBODY = frozenset(Role)
# Who leads sees the machine room; who only looks after customers is not bothered with it.
LEADERS = frozenset({Role.ADMIN, Role.MANAGER})
# Who writes to customers.
WORKERS = EVERYBODY - {Role.VIEWER}
NAVIGATION = (
    ("today", "sun", _("Today"), EVERYBODY),
    ("customer_list", "building-2", _("Customers"), EVERYBODY),
    ("portfolio", "chart-area", _("Portfolio"), EVERYBODY),
    ("revenue", "coins", _("Revenue"), EVERYBODY),
    ("renewals", "calendar-sync", _("Renewals"), EVERYBODY),
    ("failed_payments", "credit-card", _("Failed payments"), EVERYBODY),
    ("accuracy", "target", _("Forecasts"), EVERYBODY),
    ("surveys", "message-square-quote", _("Surveys"), EVERYBODY),
    ("scorecards", "gauge", _("Scorecards"), EVERYBODY),
    ("people", "users", _("People"), LEADERS),
    ("mail", "mail", _("Mail"), WORKERS),
    ("operations", "activity", _("Operations"), LEADERS),
    ("settings", "settings", _("Settings"), frozenset({Role.ADMIN})),
)
# Pages of an entry that do not lie under its own address.
BESIDE = {
    "customer_list": ("/invoices/", "/subscriptions/"),
    "accuracy": ("/forecasts/", "/acquisition/", "/what-if/"),
    "revenue": ("/churn/", "/cohorts/", "/catalogue/"),
}
# What a phone's bar has room for; the rest stands in the person's menu there.
TABS = frozenset({"today", "customer_list", "surveys", "operations"})


@dataclass(frozen=True)
class Entry:
    """One line of the navigation."""

    url: str
    icon: str
    label: str
    current: bool
    tab: bool
    # How many there wait, in words ready to show; asked only where it is printed.
    count: Any = ""


def face(request: HttpRequest) -> dict[str, Any]:
    """This will add the theme, the navigation and the company's name. No query of its own
    unless the template prints the company's name and nothing has read it before."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {
        "theme": "" if user.theme == Theme.SYSTEM else user.theme,
        "themes": Theme.choices,
        "nav": list(navigation(user, request.path)),
        "company_name": SimpleLazyObject(lambda: request.company.name),  # type: ignore[attr-defined]
    }


def navigation(user: User, path: str) -> Iterator[Entry]:
    """This will yield what a person may visit, marking where the person is now."""
    for name, icon, label, roles in NAVIGATION:
        if user.role in roles:
            url = reverse(name)
            # Everything lies under "/", so today is current only when it is exactly there.
            current = (
                path == url
                if url == "/"
                else path.startswith((url, *BESIDE.get(name, ())))
            )
            count = _counted(name, user)
            yield Entry(url, icon, str(label), current, name in TABS, count)


def _counted(name: str, user: User) -> Any:
    """This will count what waits behind an entry, once, when a template prints it.

    One query where the settings name somebody who counts (NAVIGATION_COUNTS).
    """
    if name not in settings.NAVIGATION_COUNTS:
        return ""
    counts = import_string(settings.NAVIGATION_COUNTS[name])
    return SimpleLazyObject(lambda: counts(user))
