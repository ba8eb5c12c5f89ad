"""Whom a survey asks among those whose turn it is, and why not the others."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models.functions import Lower

from customers.models import Contact
from mail.address import hashes_of
from mail.calculations.addresses import address_flaw
from mail.enums import SuppressionScope
from mail.models import Suppression
from surveys.calculations.drawing import is_drawn
from surveys.enums import Drop, InvitationState, ResponseSource
from surveys.models import Invitation, Response, Survey, SurveyRules
from surveys.selectors.turns import Day, Turn, audience_contacts


@dataclass(frozen=True, slots=True)
class LastAsked:
    """When a person was last asked, and by which survey."""

    at: dt.datetime
    survey: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """A contact, and why not (Drop.NONE: is asked)."""

    turn: Turn
    contact: Contact
    drop: Drop
    last: LastAsked | None = None

    @property
    def is_asked(self) -> bool:
        return self.drop == Drop.NONE


@dataclass(slots=True)
class Known:
    """What stands against contacts: by the address, and the address by contact."""

    new_since: dt.datetime
    addresses: dict[int, str] = field(default_factory=dict)
    asked: dict[str, LastAsked] = field(default_factory=dict)
    suppressed: dict[int, Drop] = field(default_factory=dict)

    def refusal(self, contact: Contact) -> Drop:
        """This will say what keeps a contact from being asked."""
        if not contact.email:
            return Drop.NO_ADDRESS
        if address_flaw(contact.email):
            return Drop.DEAD
        if contact.pk in self.suppressed:
            return self.suppressed[contact.pk]
        if contact.recorded_at >= self.new_since:
            return Drop.NEW
        return Drop.THROTTLED if self.last(contact) else Drop.NONE

    def last(self, contact: Contact) -> LastAsked | None:
        """This will return when this person, under any contact, was last asked."""
        return self.asked.get(self.addresses.get(contact.pk, ""))


def verdicts_of(
    survey: Survey, turns: Sequence[Turn], *, rules: SurveyRules, day: Day
) -> list[Verdict]:
    """This will judge every contact of these customers; five queries for any number.

    Of a customer the main contact comes first, then the executive, then the older one,
    until as many as the survey wants may be asked. Somebody who is not drawn takes a place:
    else others would be drawn until one is, and more than the share would be asked.
    """
    contacts = _contacts_of(survey, turns)
    known = _known(
        [contact for group in contacts.values() for contact in group],
        rules=rules,
        day=day,
    )
    made = []
    for turn in turns:
        room = survey.contacts_limit or len(contacts.get(turn, ()))
        for contact in contacts.get(turn, ()):
            if room <= 0:
                made.append(Verdict(turn, contact, Drop.ENOUGH))
                continue
            drop = known.refusal(contact)
            if drop == Drop.NONE:
                room -= 1
                drop = _draw(survey, turn, contact)
            last = known.last(contact) if drop == Drop.THROTTLED else None
            made.append(Verdict(turn, contact, drop, last))
            if drop == Drop.NONE:
                # From now on, and for the rest of this batch too.
                asked = LastAsked(day.now, survey.name)
                known.asked[known.addresses[contact.pk]] = asked
    return made


def _draw(survey: Survey, turn: Turn, contact: Contact) -> Drop:
    drawn = is_drawn(
        survey=survey.pk, round_=turn.round, contact=contact.pk, share=survey.share
    )
    return Drop.NONE if drawn else Drop.NOT_SAMPLED


def _contacts_of(survey: Survey, turns: Sequence[Turn]) -> dict[Turn, list[Contact]]:
    """This will return whom to look at for each turn, in their order.

    What happened to somebody is asked of that person, as long as they are there.
    """
    rows = Contact.objects.filter(
        audience_contacts(survey), customer__in={turn.customer_id for turn in turns}
    )
    groups: dict[int, list[Contact]] = {}
    for contact in rows.order_by("-is_primary", "-is_executive", "id"):
        groups.setdefault(contact.customer_id, []).append(contact)
    made = {}
    for turn in turns:
        group = groups.get(turn.customer_id, [])
        own = [one for one in group if one.pk == turn.contact_id and one.email]
        made[turn] = own or group
    return made


def _known(contacts: Collection[Contact], *, rules: SurveyRules, day: Day) -> Known:
    known = Known(new_since=day.begin(rules.new_contact_days))
    if not contacts:
        return known
    mates = _mates(contacts)
    known.addresses = {contact.pk: mates[contact.pk] for contact in contacts}
    known.asked = _last_asked(mates, since=day.begin(rules.throttle_days))
    known.suppressed = _suppressed(contacts)
    return known


def _mates(contacts: Iterable[Contact]) -> dict[int, str]:
    """This will return the address of these contacts and of all who share one. One query.

    Who has no address is known by the number alone.
    """
    made = {
        contact.pk: contact.email.lower() or str(contact.pk) for contact in contacts
    }
    rows = Contact.objects.annotate(address=Lower("email")).filter(
        address__in={address for address in made.values() if "@" in address}
    )
    made.update(rows.values_list("pk", "address"))
    return made


def _last_asked(mates: dict[int, str], *, since: dt.datetime) -> dict[str, LastAsked]:
    """This will return when each address was last asked by any survey. Two queries.

    Answers that were imported count: who has just answered another system's survey was
    asked by it.
    """
    asked = (
        Invitation.objects.filter(contact__in=mates, created_at__gte=since)
        .exclude(state=InvitationState.DROPPED)
        .values_list("contact_id", "created_at", "survey__name")
    )
    answered = Response.objects.filter(
        contact__in=mates, source=ResponseSource.IMPORTED, responded_at__gte=since
    ).values_list("contact_id", "responded_at", "version__survey__name")
    found: dict[str, LastAsked] = {}
    for contact, at, name in [*asked, *answered]:
        address = mates[contact]
        if address not in found or found[address].at < at:
            found[address] = LastAsked(at, name)
    return found


def _suppressed(contacts: Iterable[Contact]) -> dict[int, Drop]:
    """This will say who wants no surveys, and whose address does not work. One query."""
    traces = {contact.pk: hashes_of(contact.email) for contact in contacts}
    rows = Suppression.objects.active().filter(
        address_hash__in=[trace for group in traces.values() for trace in group]
    )
    scopes: dict[str, set[str]] = {}
    for trace, scope in rows.values_list("address_hash", "scope"):
        scopes.setdefault(trace, set()).add(scope)
    wishes = {
        pk: set().union(*(scopes.get(trace, set()) for trace in group))
        for pk, group in traces.items()
    }
    return {
        pk: Drop.DEAD if SuppressionScope.DEAD in wish else Drop.UNSUBSCRIBED
        for pk, wish in wishes.items()
        if wish
    }
