"""The customer's page, and what is written on it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.http import PersonalRequest
from common.templatetags import ui
from common.undo import message_with_undo, way_back
from customers.access import customer_for, editable_customer_for, editable_row_for
from customers.enums import InteractionKind
from customers.extension import Fact
from customers.forms import InteractionForm
from customers.models import Customer, Interaction, Task
from customers.panels import customer_panels
from customers.selectors.page import (
    contacts_of,
    last_talk,
    tasks_of,
    tickets_of,
    timeline_page,
)
from customers.services.interactions import interaction_log
from customers.services.tasks import UnableToReopenTask, task_done, task_reopen
from customers.timeline import place_from


@require_safe
def customer(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will show a customer: how it stands, why, and what happened."""
    found = customer_for(request.user, pk)
    asked = request.GET.get("log", "")
    kind = asked if asked in InteractionKind.values else InteractionKind.NOTE
    initial = {"kind": kind, "happened_on": timezone.localdate()}
    form = InteractionForm(customer=found, today=timezone.localdate(), initial=initial)
    return _page(request, found, form)


@require_POST
def interaction_create(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will log what happened and go back to the page; 422 shows what is amiss."""
    found = editable_customer_for(request.user, pk)
    form = InteractionForm(request.POST, customer=found, today=timezone.localdate())
    if not form.is_valid():
        return _page(request, found, form, status=422)
    now = timezone.now()
    interaction_log(
        customer=found,
        kind=InteractionKind(form.cleaned_data["kind"]),
        happened_at=form.moment(now),
        author=request.user,
        now=now,
        summary=form.cleaned_data["summary"],
        contact=form.cleaned_data["contact"],
        pulse=form.cleaned_data["pulse"],
    )
    messages.success(request, _("Logged. The next run takes it into account."))
    return HttpResponseRedirect(reverse("customer", args=[pk]) + "#timeline")


@require_POST
def task_close(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will tick a task off, with a way to take it back."""
    task = editable_row_for(request.user, Task.objects.select_related("customer"), pk)
    back = way_back(request, reverse("customer", args=[task.customer_id]))
    task_done(task=task, actor=request.user, now=timezone.now())
    text = _("Done: %(title)s") % {"title": task.title}
    url = reverse("task_reopen", args=[task.pk])
    message_with_undo(request, text, url=url, back=back)
    return HttpResponseRedirect(back)


@require_POST
def task_open(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will put a task that was ticked off back on the list."""
    task = editable_row_for(request.user, Task.objects.all(), pk)
    try:
        task_reopen(task=task)
    except UnableToReopenTask:
        messages.warning(request, _("The same task is open already."))
    else:
        text = _("Open again: %(title)s") % {"title": task.title}
        messages.success(request, text)
    back = reverse("customer", args=[task.customer_id])
    return HttpResponseRedirect(way_back(request, back))


def _page(
    request: PersonalRequest, found: Customer, form: InteractionForm, status: int = 200
) -> HttpResponse:
    now, today = timezone.now(), timezone.localdate()
    panels = customer_panels(
        customer=found, user=request.user, company=request.company, now=now
    )
    parts = [{"panel": panel, "content": panel.context()} for panel in panels]
    facts = [fact for panel in panels for fact in panel.facts()]
    facts.append(_contact_fact(last_talk(found, now=now)))
    contacts = contacts_of(found)
    content: dict[str, Any] = {
        "customer": found,
        "sub": ", ".join(part for part in _where_it_belongs(found) if part),
        "today": today,
        "parts": parts,
        "tag": next((tag for panel in panels if (tag := panel.tag())), None),
        "marks": [mark for panel in panels for mark in panel.marks()],
        "facts": facts,
        "contacts": [person for person in contacts if person.left_on is None],
        "gone": [person for person in contacts if person.left_on],
        "tickets": tickets_of(found),
        "tasks": tasks_of(found),
        "timeline": timeline_page(
            customer=found,
            panels=panels,
            behind=place_from(request.GET.get("behind", "")),
            today=today,
        ),
        "form": form if found.owner_id in request.user.reach.changes else None,
        "currency": request.company.currency,
    }
    return render(request, "customers/customer.html", content, status=status)


def _where_it_belongs(found: Customer) -> tuple[str, ...]:
    segment = found.segment.name if found.segment else ""
    return segment, found.industry, found.city, found.country


def _contact_fact(talk: Interaction | None) -> Fact:
    label = _("Last contact")
    if talk is None:
        return Fact(label, ui.NOTHING, _("nobody has been in touch"))
    words = {"kind": talk.get_kind_display(), "day": ui.day(talk.happened_at)}
    return Fact(label, ui.ago(talk.happened_at), _("%(kind)s, %(day)s") % words)
