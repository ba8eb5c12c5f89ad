"""Landmark rows from the tables of the shared data that are no simulated companies.

`telco_ibm` is one static table: each customer once, on one day. `ravenstack` has dates; a
row of a customer on a day holds what could be known on that day, so a ticket's
satisfaction counts from the day it was closed and usage from the start of its subscription.
Flags without a date (`churn_flag`, `upgrade_flag`, `auto_renew_flag` …) are not read.
"""

import csv
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from health.calculations.landmarks import STAYED, Landmarks

Row = dict[str, str]
EPOCH = dt.date(2000, 1, 1)
CONTRACTS = {"Month-to-month": 1, "One year": 12, "Two year": 24}
ADD_ONS = ("OnlineSecurity", "OnlineBackup", "DeviceProtection", "TechSupport")
ENGAGED = ("StreamingTV", "StreamingMovies", "MultipleLines")
PLAIN = (
    *("gender", "SeniorCitizen", "Partner", "Dependents", "PhoneService"),
    *("MultipleLines", "InternetService", *ADD_ONS, "StreamingTV"),
    *("StreamingMovies", "PaperlessBilling", "PaymentMethod"),
)
TIERS = ("Basic", "Pro", "Enterprise")
RAVEN_NAMES = (
    *("usage_30", "usage_90", "usage_trend", "errors_90", "features_90"),
    *("tickets_90", "escalations_90", "satisfaction", "first_response_90"),
    *("subscriptions", "seats"),
)


def telco(folder: Path) -> tuple[Landmarks, NDArray[np.float64]]:
    """This will return 7,043 customers, and what a hand-weighted rule says of each.

    The rule was fixed beforehand, 0 to 100, high where leaving is unlikely: 30·min(tenure /
    24, 1) + contract 0, 18, 25 + 20·add-ons/4 + payment 0, 7, 15 + 10·engagement/3.
    """
    rows = _read(folder / "Telco-Customer-Churn.csv")
    columns, names = [], []
    for name in PLAIN:
        values = np.array([row[name] for row in rows])
        for value in np.unique(values)[1:]:
            columns.append(values == value)
            names.append(f"{name} {value}")
    charged = np.array([float(row["TotalCharges"].strip() or 0) for row in rows])
    tenure = np.array([int(row["tenure"]) for row in rows])
    columns += [np.log1p(charged), tenure]
    names += ["total charges", "months"]
    left = np.array([row["Churn"] == "Yes" for row in rows])
    size = len(rows)
    made = Landmarks(
        customer=np.arange(size),
        day=np.zeros(size, dtype=np.int32),
        segment=np.zeros(size, dtype=np.int64),
        plan=np.zeros(size, dtype=np.int64),
        tenure=(30 * tenure).astype(np.int32),
        interval=np.array([CONTRACTS[row["Contract"]] for row in rows], dtype=np.int32),
        renewal=np.full(size, -1, dtype=np.int32),
        mrr=np.array([float(row["MonthlyCharges"]) for row in rows]),
        features=np.stack(columns, axis=1).astype(np.float32),
        names=tuple(names),
        left_after=np.where(left, 30, STAYED).astype(np.int32),
        observed=np.full(size, 90, dtype=np.int32),
        involuntary=np.zeros(size, dtype=bool),
    )
    return made, np.array([_rule(row) for row in rows])


def _rule(row: Row) -> float:
    contract = {"Month-to-month": 0.0, "One year": 18.0, "Two year": 25.0}
    payment = {"Electronic check": 0.0, "Mailed check": 7.0}
    return (
        30 * min(int(row["tenure"]) / 24, 1)
        + contract[row["Contract"]]
        + 20 * sum(row[name] == "Yes" for name in ADD_ONS) / 4
        + payment.get(row["PaymentMethod"], 15.0)
        + 10 * sum(row[name] == "Yes" for name in ENGAGED) / 3
    )


def ravenstack(folder: Path, days: Iterable[dt.date], *, end: dt.date) -> Landmarks:
    """This will return the accounts signed up by each day; `end` is the last day known."""
    accounts = _read(folder / "ravenstack_accounts.csv")
    number = {row["account_id"]: place for place, row in enumerate(accounts)}
    tables = {
        name: _read(folder / f"ravenstack_{name}.csv")
        for name in (
            "subscriptions",
            "feature_usage",
            "support_tickets",
            "churn_events",
        )
    }
    started = {
        row["subscription_id"]: row["start_date"] for row in tables["subscriptions"]
    }
    owner = {
        row["subscription_id"]: number[row["account_id"]]
        for row in tables["subscriptions"]
    }
    facts: dict[str, list[list[Any]]] = defaultdict(lambda: [[] for _ in accounts])
    for row in tables["subscriptions"]:
        facts["subscriptions"][number[row["account_id"]]].append(row)
    for row in tables["feature_usage"]:
        known = max(row["usage_date"], started[row["subscription_id"]])
        facts["usage"][owner[row["subscription_id"]]].append((known, row))
    for row in tables["support_tickets"]:
        facts["tickets"][number[row["account_id"]]].append(row)
    for row in tables["churn_events"]:
        facts["gone"][number[row["account_id"]]].append(row["churn_date"])
    found = [
        _raven_row(place, account, day.isoformat(), facts, end)
        for day in days
        for place, account in enumerate(accounts)
        if account["signup_date"] <= day.isoformat()
    ]
    columns = {name: [one[name] for one in found] for name in found[0]}
    size = len(found)
    return Landmarks(
        customer=np.array(columns["customer"]),
        day=np.array(columns["day"], dtype=np.int32),
        segment=np.zeros(size, dtype=np.int64),
        plan=np.array(columns["plan"]),
        tenure=np.array(columns["tenure"], dtype=np.int32),
        interval=np.array(columns["interval"], dtype=np.int32),
        renewal=np.full(size, -1, dtype=np.int32),
        mrr=np.array(columns["mrr"]),
        features=np.array(columns["features"], dtype=np.float32),
        names=RAVEN_NAMES,
        left_after=np.array(columns["left_after"], dtype=np.int32),
        observed=np.array(columns["observed"], dtype=np.int32),
        involuntary=np.zeros(size, dtype=bool),
    )


def _raven_row(
    place: int, account: Row, day: str, facts: dict[str, list[list[Any]]], end: dt.date
) -> dict[str, Any]:
    """This will say what was known of an account at the end of a day."""
    plans = [
        row
        for row in facts["subscriptions"][place]
        if row["start_date"] <= day and not ("" < row["end_date"] <= day)
    ]
    ahead = [_days(day, one) for one in facts["gone"][place] if one > day]
    return {
        "customer": place,
        "day": (dt.date.fromisoformat(day) - EPOCH).days,
        "plan": 1 + max((TIERS.index(row["plan_tier"]) for row in plans), default=-1),
        "tenure": _days(account["signup_date"], day),
        "interval": 12 if any(r["billing_frequency"] == "annual" for r in plans) else 1,
        "mrr": float(sum(float(row["mrr_amount"]) for row in plans)),
        "features": _raven_features(place, day, facts, plans),
        "left_after": min(ahead, default=STAYED),
        "observed": (end - dt.date.fromisoformat(day)).days,
    }


def _raven_features(
    place: int, day: str, facts: dict[str, list[list[Any]]], plans: list[Row]
) -> list[float]:
    usage = [
        (_days(row["usage_date"], day), row)
        for known, row in facts["usage"][place]
        if known <= day
    ]
    tickets = [
        (_days(row["submitted_at"], day), row)
        for row in facts["tickets"][place]
        if row["submitted_at"] <= day
    ]
    quarter = [row for age, row in usage if age < 90]
    month = sum(int(row["usage_count"]) for age, row in usage if age < 30)
    total = sum(int(row["usage_count"]) for row in quarter)
    recent = [row for age, row in tickets if age < 90]
    rated = [
        float(row["satisfaction_score"])
        for _, row in tickets
        if row["satisfaction_score"] and row["closed_at"][:10] <= day
    ]
    waits = [float(row["first_response_time_minutes"]) for row in recent]
    return [
        np.log1p(month),
        np.log1p(total),
        np.log1p(month) - np.log1p(total / 3),
        sum(int(row["error_count"]) for row in quarter),
        len({row["feature_name"] for row in quarter}),
        len(recent),
        sum(row["escalation_flag"] == "True" for row in recent),
        float(np.mean(rated[-3:])) if rated else np.nan,
        float(np.mean(waits)) if waits else np.nan,
        len(plans),
        sum(int(row["seats"]) for row in plans),
    ]


def _days(earlier: str, later: str) -> int:
    one, other = (dt.date.fromisoformat(text[:10]) for text in (earlier, later))
    return (other - one).days


def _read(path: Path) -> list[Row]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
