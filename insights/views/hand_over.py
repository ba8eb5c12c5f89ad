"""Handing a person's customers to somebody else."""

from typing import Any

from django.contrib import messages
from django.db import OperationalError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import for_leaders
from accounts.actor import actor_of
from accounts.http import PersonalRequest
from accounts.models import User
from common.undo import message_with_undo, way_back
from customers.models import Customer, OwnerChange
from customers.models.customer import CustomerQuerySet
from customers.services.owners import UnableToChangeOwner, UnableToUndoOwnerChange
from insights.forms import ChosenForm, HandOverForm
from insights.selectors.handover import customers_to_choose, load_of, tasks_elsewhere
from insights.services.handover import (
    UnableToHandOver,
    portfolio_hand_over,
    portfolio_hand_over_undo,
)

# A form carries no more; whoever wants more takes all.
MOST_CHOSEN = 500


@require_http_methods(["GET", "HEAD", "POST"])
@for_leaders
def hand_over(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will let a leader choose customers, show what will happen, and do it.

    A POST says with `step` what is asked: "search", "check" and "change" only show the
    page again with what was entered; "do" moves the customers.
    """
    giver = get_object_or_404(User, pk=pk)
    rows = Customer.objects.editable_by(request.user).filter(owner=giver)
    if request.method != "POST":
        return _choose(request, giver, rows, HandOverForm(giver=giver))
    form = HandOverForm(request.POST, giver=giver)
    step = request.POST.get("step")
    if step in {"search", "change"}:
        return _choose(request, giver, rows, _as_entered(request, giver))
    if not form.is_valid():
        return _choose(request, giver, rows, form, status=422)
    picked, amiss = _picked(request, rows)
    if amiss:
        form.add_error(None, amiss)
        return _choose(request, giver, rows, form, status=422)
    if step != "do":
        return _check(request, giver, picked, form)
    return _do(request, giver, picked, form)


def _as_entered(request: PersonalRequest, giver: User) -> HandOverForm:
    """This will keep what was entered without finding fault with it yet."""
    fields = HandOverForm.base_fields
    entered: dict[str, Any] = {name: request.POST.get(name) for name in fields}
    entered["with_tasks"] = "with_tasks" in request.POST
    return HandOverForm(initial=entered, giver=giver)


def _picked(
    request: PersonalRequest, rows: CustomerQuerySet
) -> tuple[CustomerQuerySet, str]:
    """This will return the customers that are meant, or say what is amiss."""
    if request.POST.get("which") == "all":
        return rows, "" if rows.exists() else _("There is no customer to hand over.")
    _words, ticked = ChosenForm(request.POST).asked()
    if len(ticked) > MOST_CHOSEN:
        words = {"most": MOST_CHOSEN}
        return rows, _("Choose at most %(most)d customers at a time, or all.") % words
    picked = rows.filter(pk__in=ticked)
    return picked, "" if picked.exists() else _("Tick at least one customer.")


def _choose(
    request: PersonalRequest,
    giver: User,
    rows: CustomerQuerySet,
    form: HandOverForm,
    status: int = 200,
) -> HttpResponse:
    words, ticked = ChosenForm(request.POST).asked()
    ticked = ticked[:MOST_CHOSEN]
    content = {
        "giver": giver,
        "form": form,
        "load": load_of(giver, rows),
        "elsewhere": tasks_elsewhere(giver),
        "found": customers_to_choose(rows, words=words, chosen=ticked),
        "words": words,
        "ticked": set(ticked),
        "currency": request.company.currency,
    }
    return render(request, "insights/hand_over.html", content, status=status)


def _check(
    request: PersonalRequest, giver: User, picked: CustomerQuerySet, form: HandOverForm
) -> HttpResponse:
    everything = request.POST.get("which") == "all"
    receiver = form.cleaned_data["receiver"]
    theirs = Customer.objects.editable_by(request.user).filter(owner=receiver)
    load = load_of(giver, picked)
    content = {
        "giver": giver,
        "receiver": receiver,
        "form": form,
        "everything": everything,
        "picked": [] if everything else list(picked.order_by("name", "pk")),
        "load": load,
        "after": theirs.count() + load.customers,
        "currency": request.company.currency,
    }
    return render(request, "insights/hand_over_check.html", content)


def _do(
    request: PersonalRequest, giver: User, picked: CustomerQuerySet, form: HandOverForm
) -> HttpResponse:
    receiver: User = form.cleaned_data["receiver"]
    back = reverse("hand_over", args=[giver.pk])
    try:
        change = portfolio_hand_over(
            giver=giver,
            receiver=receiver,
            customers=picked,
            by=actor_of(request),
            now=timezone.now(),
            with_tasks=form.cleaned_data["with_tasks"],
            note=form.cleaned_data["note"],
        )
    except (UnableToHandOver, UnableToChangeOwner):
        messages.error(request, _("Nothing was handed over: somebody was faster."))
    except OperationalError:
        messages.error(request, _busy())
    else:
        count = len(change.customer_ids)
        text = ngettext(
            "%(count)d customer went from %(giver)s to %(receiver)s.",
            "%(count)d customers went from %(giver)s to %(receiver)s.",
            count,
        ) % {"count": count, "giver": giver.name, "receiver": receiver.name}
        url = reverse("hand_over_undo", args=[change.pk])
        message_with_undo(request, text, url=url, back=back)
    return HttpResponseRedirect(back)


@require_POST
@for_leaders
def hand_over_undo(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will take a hand-over back and say how many customers have returned."""
    change = get_object_or_404(OwnerChange, pk=pk)
    try:
        returned = portfolio_hand_over_undo(
            change=change, by=actor_of(request), now=timezone.now()
        )
    except UnableToUndoOwnerChange:
        messages.warning(request, _("This was taken back before."))
    except OperationalError:
        messages.error(request, _busy())
    else:
        count, total = len(returned.customer_ids), len(change.customer_ids)
        text = ngettext(
            "%(count)d customer is back.", "%(count)d customers are back.", count
        ) % {"count": count}
        if count < total:
            left = ngettext(
                "%(count)d has changed hands since and stays.",
                "%(count)d have changed hands since and stay.",
                total - count,
            ) % {"count": total - count}
            text = f"{text} {left}"
        messages.success(request, text)
    return HttpResponseRedirect(way_back(request, reverse("today")))


def _busy() -> str:
    return _("A run is just finishing, so nothing was changed. Try again in a minute.")
