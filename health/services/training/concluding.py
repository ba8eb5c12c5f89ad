"""All that a training comes to, from the parts that were read to what is to be saved."""

import datetime as dt
import logging
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext_noop

from accounts.models import Company
from accounts.selectors import company as the_company
from common.dates import POSTGRES_EPOCH
from common.errors import KeepwellError
from common.outage import database_is_away
from health.calculations.accuracy.values import ValueReport, values_report
from health.calculations.forecast import Economics
from health.calculations.forecast_content import ForecastContent
from health.calculations.past_frames import PastFrames
from health.calculations.scorecard import rules_from_config
from health.enums import Verdict
from health.models import ScorecardVersion, Training
from health.services.accuracy.report import accuracy_report
from health.services.runs import known_at, moment_of
from health.services.training.buyers import buyers_check, buyers_learn
from health.services.training.calls import calls_a_day
from health.services.training.comparing import NO_VERSION, Compared, compared
from health.services.training.learning import SEED, Learnt, Step, learned
from health.services.training.parts import Prior
from health.services.training.publishing import version_before

logger = logging.getLogger(__name__)
# Stages beside those of `learning`.
COMPARING, MEASURING = "comparing", "measuring"
YEAR = dt.timedelta(days=365)
NOTHING_TO_READ = gettext_noop(
    "There is no past to learn from yet. Customers have to be known for two months."
)


class UnableToLearnYet(KeepwellError):
    """There are no rows to learn from."""


@dataclass(frozen=True, slots=True)
class Concluded:
    """What was learnt, how it compares, and what the accuracy page shows of it."""

    frames: PastFrames
    learnt: Learnt
    compared: Compared
    report: dict[str, Any] | None  # None where making it failed


def concluded(training: Training, *, step: Step) -> Concluded:
    """This will learn from the parts of a training; raises UnableToLearnYet without rows.

    `step` is told before each stage. Cost: see `learning.learned`; no write.
    """
    frames, prior = frames_of(training), prior_of(training)
    calls = calls_a_day(customers=_current(frames))
    learnt = learned(
        frames,
        prior=prior,
        economics=economics_of(the_company()),
        calls=calls,
        step=step,
    )
    learnt = _with_buyers(learnt, training)
    step(COMPARING)
    beside = _beside(training, frames, learnt, prior)
    step(MEASURING)
    return Concluded(frames, learnt, beside, _report(frames, learnt, calls))


def _with_buyers(learnt: Learnt, training: Training) -> Learnt:
    """This will add what is learnt of those who buy without a subscription."""
    company, known_before = the_company(), training.known_before
    moment = moment_of(company, training.as_of, known_before)
    buyers = buyers_learn(moment=moment)
    if buyers is not None:
        then = training.as_of - YEAR
        before = moment_of(company, then, known_at(company, then, known_before))
        buyers = buyers_check(
            buyers=buyers,
            moment=moment,
            before=before,
            economics=economics_of(company),
        )
    return replace(learnt, content=replace(learnt.content, buyers=buyers))


def frames_of(training: Training) -> PastFrames:
    """This will join the parts of a training, in the order of days and customers.

    Without those who buy without a subscription, where there are others.
    """
    parts = training.parts.order_by("day", "first_id")
    rows = parts.values_list("rows", flat=True).iterator(chunk_size=10)
    found = [PastFrames.from_bytes(bytes(one)) for one in rows]
    if not any(map(len, found)):
        raise UnableToLearnYet(NOTHING_TO_READ)
    return PastFrames.joined(found).without_buyers()


def prior_of(training: Training) -> Prior:
    """This will return what the default scorecard assumes of the bands. One query."""
    version = training.parameters["lineup"][-1]["version"]
    prior = rules_from_config(ScorecardVersion.objects.get(pk=version).config).prior
    return tuple(prior[band] for band in sorted(prior))


def economics_of(company: Company) -> Economics:
    """This will return what the company reckons margins with."""
    return Economics(
        margin=float(company.gross_margin),
        support_cost=float(company.support_cost),
        discount_rate=float(company.discount_rate),
        horizon_months=company.horizon_months,
    )


def _current(frames: PastFrames) -> int:
    return int((frames.rows.day == frames.rows.day.max()).sum())


def _beside(
    training: Training, frames: PastFrames, learnt: Learnt, prior: Prior
) -> Compared:
    before = version_before(training.as_of)
    if before is None:
        return Compared(Verdict.FIRST, NO_VERSION)
    return compared(
        learnt.content,
        ForecastContent.from_json(before.content),
        frames=frames,
        number=before.number,
        day=(before.as_of - POSTGRES_EPOCH).days,
        prior=prior,
    )


def _report(frames: PastFrames, learnt: Learnt, calls: int) -> dict[str, Any] | None:
    """This will measure the accuracy page; a version is not lost where that fails."""
    try:
        return accuracy_report(
            frames=frames,
            content=learnt.content,
            calls=calls,
            seed=SEED,
            values=_values(learnt),
        )
    except Exception as error:
        if database_is_away(error):
            raise
        logger.exception("The accuracy report could not be made")
        return None


def _values(learnt: Learnt) -> ValueReport | None:
    checked = learnt.checked
    if checked is None:
        return None
    check = checked.check
    return values_report(
        check.expected,
        checked.shown,
        check.realised.margin,
        check.plan,
        check.realised.left,
        spread=checked.spread,
        seed=SEED,
    )
