"""A version of the forecasts, as the terminal tells of it. English, as all commands are."""

from typing import Any

from health.enums import Verdict
from health.models import ForecastVersion

METHODS = {
    "prior": "what the scorecard assumes (nothing can be learnt yet)",
    "bands": "the rate of the score's band",
    "logistic": "a regression on this company's past",
    "trees": "boosted trees on this company's past",
}
VERDICTS = {
    Verdict.FIRST: "the first",
    Verdict.BETTER: "better than version {number}",
    Verdict.LIKE: "as good as version {number}",
    Verdict.WORSE: "worse than version {number}: not put in use by itself",
}


def version_lines(version: ForecastVersion) -> list[str]:
    """This will tell what a version has learnt, in a few lines."""
    summary = version.summary
    days, first, last = summary["days"]
    verdict = VERDICTS[Verdict(version.verdict)]
    return [
        (
            f"Version {version.number}, learnt until {version.as_of}:"
            f" {METHODS[version.method]}."
        ),
        (
            f"From {days} days, {first} to {last}: {summary['rows']:,} rows of"
            f" {summary['customers']:,} customers."
        ),
        (
            f"Of {summary['known']:,} customers whose 90 days are over"
            f" {summary['leavers']:,} left."
        ),
        *_figures(summary["figures"]),
        *_values(summary["values"]),
        "Verdict: " + verdict.format(number=summary["compared"]["number"]) + ".",
        "It is in use." if version.in_use else "It is not in use.",
    ]


def _figures(figures: dict[str, Any] | None) -> list[str]:
    if figures is None or figures["auc"] is None:
        return []
    value, low, high = figures["auc"]
    how = "out of time" if figures["out_of_time"] else "on customers left out"
    signal = "a signal" if figures["signal"] else "no signal"
    return [
        (
            f"Area under the curve, {how}: {value:.3f} ({low:.3f} to {high:.3f});"
            f" {signal} in behaviour."
        ),
    ]


def _values(values: dict[str, Any] | None) -> list[str]:
    if values is None:
        return ["The history is too short to check a year's values."]
    return [
        (
            f"Values of {values['as_of']} for a year: {values['expected']:,.0f} expected,"
            f" {values['realised']:,.0f} came in; {values['held']:.0%} of"
            f" {values['customers']:,} ranges held (80% are promised)."
        ),
    ]
