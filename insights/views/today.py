"""Today, and the whole portfolio."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.http import PersonalRequest
from accounts.models import User
from billing.dunning_rows import CaseRow
from billing.selectors.dunning.lists import MANY, cases_open_count, cases_worst
from common.templatetags import ui
from common.undo import message_with_undo, way_back
from customers.access import editable_row_for
from customers.models import Customer
from customers.selectors.page import tasks_due
from health.accuracy_words import short_alarm
from health.enums import Band
from health.selectors.accuracy import alarms_for
from health.selectors.board import (
    at_risk_filters,
    board_all,
    board_at_risk,
    next_renewals,
    unscored_named,
)
from health.selectors.operations import next_nightly, run_current
from health.selectors.portfolio import portfolio_of
from health.selectors.shown import shown_run
from health.services.snoozes import SnoozeFor, snooze_day
from health.wording import late_words
from insights.lists import listing
from insights.rows import Renewal
from insights.wording import greeting, the_one_sentence
from surveys.answer_words import AnswerRow
from surveys.calculations.nps import net_promoter_score
from surveys.models import Response
from surveys.selectors.answers import answers_waiting
from surveys.services.replies import response_replied, response_reply_undone

FAILING_SHOWN = 5
AT_RISK_LABELS = {
    "all": gettext_lazy("All at risk"),
    "renewing": gettext_lazy("Renewing in 90 days"),
    "falling": gettext_lazy("Health falling"),
    "silent": gettext_lazy("Silent for 30 days"),
    "detractors": gettext_lazy("Detractors"),
    "snoozed": gettext_lazy("Snoozed"),
}
BAND_FILTERS = {
    "all": Q(),
    "at-risk": Q(band=Band.AT_RISK),
    "watch": Q(band=Band.WATCH),
    "healthy": Q(band=Band.HEALTHY),
    "unknown": Q(band=Band.UNKNOWN),
    "gone": Q(gone=True),
}
BAND_LABELS = {
    "all": gettext_lazy("All"),
    "at-risk": Band.AT_RISK.label,
    "watch": Band.WATCH.label,
    "healthy": Band.HEALTHY.label,
    "unknown": Band.UNKNOWN.label,
    "gone": gettext_lazy("Gone, as far as can be told"),
}


@require_safe
def today(request: PersonalRequest) -> HttpResponse:
    """This will show who needs somebody today, most urgent first. 12 queries,
    the session's and the person's included; one more for those who lead, and two where a
    payment is failing."""
    user, now, day = request.user, timezone.now(), timezone.localdate()
    run = shown_run()
    content: dict[str, Any] = {
        "greeting": greeting(timezone.localtime(now), user.first_name),
        "today": day,
        "currency": request.company.currency,
    }
    if run is None:
        return _before_the_first_run(request, content)
    as_of = run.as_of
    found = listing(
        request.GET,
        board=lambda words: board_at_risk(user=user, words=words),
        filters=at_risk_filters(as_of=as_of, today=day),
        labels=AT_RISK_LABELS,
        as_of=as_of,
    )
    portfolio = portfolio_of(user, as_of=as_of)
    if portfolio is None:
        return _before_the_first_run(request, content)
    tasks, tasks_total = tasks_due(user=user, today=day)
    sums = portfolio.now
    content |= {
        "run": run,
        "late": late_words(run.parameters.get("late", {})),
        "accuracy_alarm": short_alarm(alarms_for(user)),
        "list": found,
        "sentence": the_one_sentence(
            at_risk=found.counts["all"],
            customers=sums.customers,
            whose=user.reach.sees.extent_for(user.pk),
        ),
        "portfolio": portfolio,
        "nps": net_promoter_score(
            promoters=sums.promoters,
            passives=sums.passives,
            detractors=sums.detractors,
        ),
        "tasks": tasks,
        "tasks_total": tasks_total,
        "answers": [AnswerRow(row, now) for row in answers_waiting(user=user, now=now)],
        "renewals": [
            Renewal(board, as_of) for board in next_renewals(user=user, as_of=as_of)
        ],
        "periods": _periods(user),
        **_failing(user, day),
    }
    return render(request, "insights/today.html", content)


def _failing(user: User, day: dt.date) -> dict[str, Any]:
    """This will list the failing payments with most at stake: no matter of health.

    One query where there is none, three otherwise.
    """
    failing = cases_open_count(user)
    if not failing:
        return {"failing": 0}
    worst = cases_worst(user, today=day, limit=FAILING_SHOWN)
    return {
        "failing": failing,
        "failing_words": f"{MANY}+" if failing > MANY else ui.number(failing),
        "failing_rows": [CaseRow(case, day) for case in worst],
    }


@require_safe
def customer_list(request: PersonalRequest) -> HttpResponse:
    """This will show the whole portfolio, most urgent first."""
    user = request.user
    content: dict[str, Any] = {"currency": request.company.currency}
    run = shown_run()
    if run is None:
        return _before_the_first_run(request, content)
    found = listing(
        request.GET,
        board=lambda words: board_all(user=user, words=words),
        filters=BAND_FILTERS,
        labels=BAND_LABELS,
        as_of=run.as_of,
    )
    late = late_words(run.parameters.get("late", {}))
    content |= {"run": run, "late": late, "list": found, "periods": _periods(user)}
    if found.words:
        content["unscored"] = unscored_named(user=user, words=found.words)
    return render(request, "insights/customers.html", content)


def _periods(user: User) -> list[dict[str, Any]]:
    """This will list for how long somebody may hide a customer; nothing to viewers."""
    if not user.may_edit:
        return []
    day = timezone.localdate()
    return [
        {"value": value, "label": label, "day": snooze_day(value, today=day)}
        for value, label in SnoozeFor.choices
    ]


def _before_the_first_run(
    request: PersonalRequest, content: dict[str, Any]
) -> HttpResponse:
    """This will say what is missing before there is a list: customers, or scores."""
    now = timezone.now()
    content |= {
        "customers": Customer.objects.visible_to(request.user).count(),
        "elsewhere": Customer.objects.exists(),
        "running": run_current(),
        "next_run": next_nightly(company=request.company, now=now),
        "now": now,
    }
    return render(request, "insights/start.html", content)


@require_POST
def answer_replied(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will take an answer off the list of those that wait for a reply."""
    answer, back = _answer_for(request.user, pk), way_back(request, reverse("today"))
    response_replied(response=answer, by=request.user, now=timezone.now())
    text = _("Noted that %(name)s got a reply.") % {"name": answer.customer.name}
    url = reverse("answer_waiting", args=[pk])
    message_with_undo(request, text, url=url, back=back)
    return HttpResponseRedirect(back)


@require_POST
def answer_waiting(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will put an answer back among those that wait for a reply."""
    answer = _answer_for(request.user, pk)
    if response_reply_undone(response=answer):
        text = _("%(name)s waits for a reply again.") % {"name": answer.customer.name}
        messages.success(request, text)
    return HttpResponseRedirect(way_back(request, reverse("today")))


def _answer_for(user: User, pk: int) -> Response:
    return editable_row_for(user, Response.objects.select_related("customer"), pk)
