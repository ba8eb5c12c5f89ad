"""What forecasts rest on, in words: their features and their methods."""

import datetime as dt
import math
from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from health.calculations import lifetime
from health.calculations.churn.choosing import Method, Reason
from health.features import TREND, feature_codes
from health.measures import MEASURES
from health.reading_words import absent_words
from health.readings import NOT_APPLICABLE, Readings

# Facts of the contract. Three of them are measures as well; both count as one feature.
CONTRACT = {
    "renewal": gettext_lazy("Renewal"),
    "mrr": gettext_lazy("Recurring revenue"),
    "plan": gettext_lazy("Plan"),
    "segment": gettext_lazy("Segment"),
}
CONTRACT_ICONS = {"mrr": "circle-dollar-sign", "plan": "layers", "segment": "users"}

SHORT = {
    Method.PRIOR: gettext_lazy("Assumption"),
    Method.BANDS: gettext_lazy("Rate of the band"),
    Method.LOGISTIC: gettext_lazy("Model"),
    Method.TREES: gettext_lazy("Model (trees)"),
}
BY_METHOD = {
    Method.PRIOR: gettext_lazy(
        "An assumption: what the scorecard states for the customer's band. Nothing has"
        " been measured yet."
    ),
    Method.BANDS: gettext_lazy(
        "How often customers of the same band left in the past, pulled to the rate of all"
        " customers."
    ),
    Method.LOGISTIC: gettext_lazy(
        "A model learnt from this company's own past: which signals came before customers"
        " left, and how much each of them told."
    ),
    Method.TREES: gettext_lazy(
        "Decision trees learnt from this company's own past: many short lists of questions"
        " to a customer's signals. They see what only shows where signals come together,"
        " and are used because they were clearly better than the simpler model on days"
        " that neither had learnt from."
    ),
}
BY_REASON = {
    Reason.NO_HISTORY: gettext_lazy(
        "It takes 90 days of history to see who leaves within 90 days."
    ),
    Reason.NOBODY_LEFT: gettext_lazy(
        "Nobody has left yet, so it rests mostly on what the scorecard assumes."
    ),
    Reason.FEW_LEFT: gettext_lazy(
        "Fewer than 50 customers have left: too few to learn from single signals."
    ),
    Reason.NOBODY_STAYED: gettext_lazy(
        "Everybody known has left, so nothing tells leavers from stayers."
    ),
}
LIFETIMES = {
    lifetime.Method.ASSUMED: gettext_lazy(
        "Fewer than 30 customers have left, so what happens after the first three months"
        " is an assumption: 20 of 100 customers leave in a year."
    ),
    lifetime.Method.CURVES: gettext_lazy(
        "After the first three months it follows how long customers of the same plan and"
        " billing interval have stayed."
    ),
    lifetime.Method.BLEND: gettext_lazy(
        "After the first three months it is the mean of two curves: how long customers of"
        " the same plan and billing interval have stayed, and what the customer's own"
        " signals say, whose weight fades with time."
    ),
}


def feature_label(name: str) -> str:
    """This will name a feature of `health.features`; ":trend" is how far it has moved.

    A name that is no longer known, from an old version, is returned as it is.
    """
    key = name.removesuffix(TREND)
    if key in CONTRACT:
        return str(CONTRACT[key])
    if key not in MEASURES:
        return name
    label = str(MEASURES[key].label)
    return _("%(measure)s: change") % {"measure": label} if key != name else label


def feature_icon(name: str) -> str:
    """This will return the icon of a feature: its measure's, or one for the contract."""
    key = name.removesuffix(TREND)
    measure = MEASURES.get(key)
    return measure.icon if measure else CONTRACT_ICONS.get(key, "file-text")


def feature_measure(name: str) -> str:
    """This will return the key of the measure a feature comes from; "" for none."""
    key = name.removesuffix(TREND)
    return key if key in MEASURES else ""


def feature_name(code: int) -> str:
    """This will return the feature a code stands for; "" for none, or an unknown one."""
    names = {known: name for name, known in feature_codes().items()}
    return names.get(code, "")


def feature_sentence(
    name: str, *, readings: Readings, as_of: dt.date, contract: Mapping[str, str]
) -> str:
    """This will say what was found of a customer, the first of the readings.

    `contract` says it of facts that are no measures (mrr, plan, segment); what it does not
    know is named only.
    """
    key = name.removesuffix(TREND)
    if key not in readings.layout or key not in MEASURES:
        return contract.get(key, feature_label(name))
    measure, place = MEASURES[key], readings.layout.index(key)
    value, age = float(readings.value[0, place]), int(readings.age[0, place])
    if math.isnan(value):
        absent = absent_words(there=age != NOT_APPLICABLE)
        words = {"signal": measure.label, "found": absent}
        return _("%(signal)s: %(found)s") % words
    found = measure.sentence(value, float(readings.before[0, place]), as_of)
    if age > measure.freshness.maximum:
        return _("%(found)s; too old to count") % {"found": found}
    return found


def method_label(method: str) -> str:
    """This will name a `choosing.Method` in a word or two; "" for an unknown one."""
    return str(SHORT.get(Method(method), "")) if method in set(Method) else ""


def method_words(method: str, reason: str = "") -> str:
    """This will say what a chance of leaving rests on, and why on nothing better.

    By `choosing.Method` and `choosing.Reason`, or the strings they are stored as.
    """
    if method not in set(Method):
        return ""
    told = [str(BY_METHOD[Method(method)])]
    if reason in set(Reason) and Reason(reason) in BY_REASON:
        told.append(str(BY_REASON[Reason(reason)]))
    return " ".join(told)


def lifetime_words(method: str) -> str:
    """This will say what the chance of staying after three months rests on.

    By `lifetime.Method` or the string it is stored as.
    """
    known = method in set(lifetime.Method)
    return str(LIFETIMES[lifetime.Method(method)]) if known else ""
