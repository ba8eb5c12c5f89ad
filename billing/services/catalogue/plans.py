"""Adding, renaming and retiring plans."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.services.audit import audit_record
from billing.enums import PlanKind
from billing.models import BundlePart, Plan, Product
from common.errors import KeepwellError

KEY_LENGTH = 50


class UnableToAddPlan(KeepwellError):
    """The plan has no name, or the bundle no parts that can be bought alone."""


@dataclass(frozen=True, slots=True)
class PlanValues:
    """What a plan is. `parts` of a bundle: how many of which plan, by its id.

    A product is chosen by its name and made where there is none of that name.
    """

    name: str
    kind: str = PlanKind.BASE
    product: str = ""
    parts: Mapping[int, int] = field(default_factory=dict)


@transaction.atomic
def plan_add(*, values: PlanValues, by: Actor, now: dt.datetime) -> Plan:
    """This will add a plan, add-on, bundle or one-off product, without a price yet.

    What a bundle contains never changes: other parts make another bundle. Raises
    UnableToAddPlan.
    """
    name = values.name.strip()
    if not name:
        raise UnableToAddPlan(_("Give it a name."))
    _check_parts(values)
    plan = Plan.objects.create(
        key=_free_key(Plan, name),
        name=name,
        kind=values.kind,
        product=_product(values.product.strip()),
    )
    BundlePart.objects.bulk_create(
        BundlePart(bundle=plan, part_id=part, quantity=quantity)
        for part, quantity in values.parts.items()
    )
    after: dict[str, Any] = {
        "name": name,
        "kind": values.kind,
        "product": values.product.strip(),
    }
    if values.parts:
        after["parts"] = {str(part): n for part, n in values.parts.items()}
    audit_record(by=by, action="billing.plan_added", now=now, subject=plan, after=after)
    return plan


@transaction.atomic
def plan_rename(*, plan: Plan, name: str, by: Actor, now: dt.datetime) -> Plan:
    """This will give a plan another name; its key stays, because imports go by it."""
    plan = Plan.objects.select_for_update(no_key=True).get(pk=plan.pk)
    before, name = plan.name, name.strip()
    if not name:
        raise UnableToAddPlan(_("Give it a name."))
    if before != name:
        plan.name = name
        plan.save(update_fields=["name"])
        _note(plan, "renamed", by, now, {"name": before}, {"name": name})
    return plan


@transaction.atomic
def plan_retire(*, plan: Plan, on: dt.date, by: Actor, now: dt.datetime) -> Plan:
    """This will sell a plan to nobody new from a day on; whoever has it keeps it."""
    return _retired(plan, on, "retired", by, now)


@transaction.atomic
def plan_sell_again(*, plan: Plan, by: Actor, now: dt.datetime) -> Plan:
    """This will take back that a plan is retired."""
    return _retired(plan, None, "sold_again", by, now)


def _retired(
    plan: Plan, on: dt.date | None, verb: str, by: Actor, now: dt.datetime
) -> Plan:
    plan = Plan.objects.select_for_update(no_key=True).get(pk=plan.pk)
    before = plan.retired_on
    if before != on:
        plan.retired_on = on
        plan.save(update_fields=["retired_on"])
        _note(plan, verb, by, now, {"retired_on": before}, {"retired_on": on})
    return plan


def _note(
    plan: Plan,
    verb: str,
    by: Actor,
    now: dt.datetime,
    before: dict[str, object],
    after: dict[str, object],
) -> None:
    action = f"billing.plan_{verb}"
    audit_record(
        by=by, action=action, now=now, subject=plan, before=before, after=after
    )


def _check_parts(values: PlanValues) -> None:
    if values.kind != PlanKind.BUNDLE:
        if values.parts:
            raise UnableToAddPlan(_("Only bundles have parts."))
        return
    if sum(values.parts.values()) < 2 or min(values.parts.values()) < 1:
        raise UnableToAddPlan(_("A bundle has two parts at least. Choose them."))
    parts = Plan.objects.filter(
        pk__in=values.parts, kind__in=[PlanKind.BASE, PlanKind.ADD_ON]
    )
    if parts.count() != len(values.parts):
        msg = _("A bundle is made of plans and add-ons that can be bought alone.")
        raise UnableToAddPlan(msg)


def _product(name: str) -> Product | None:
    if not name:
        return None
    found = Product.objects.filter(name__iexact=name).order_by("id").first()
    return found or Product.objects.create(key=_free_key(Product, name), name=name)


def _free_key(model: type[Plan] | type[Product], name: str) -> str:
    """This will make a key of a name that nothing of its kind has yet."""
    base = slugify(name)[: KEY_LENGTH - 4] or "plan"
    taken = set(
        model.objects.filter(key__startswith=base).values_list("key", flat=True)
    )
    number = 2
    key = base
    while key in taken:
        key, number = f"{base}-{number}", number + 1
    return key
