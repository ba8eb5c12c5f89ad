"""An answer that a person confirmed."""

import copy
import datetime as dt
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import KeepwellError
from surveys.calculations.flags import agent_family, counts, network_of
from surveys.calculations.scales import scale_of
from surveys.enums import Counting, Decision, InvitationState, ResponseSource
from surveys.models import Click, Invitation, Response, ResponseEdit
from surveys.selectors.links import invitation_is_open, link_opens
from surveys.services.loop import response_follow_up
from surveys.services.theming import comment_theme

LONGEST_COMMENT = 10_000
# Clicks of whoever answers now; an earlier scanner's are somebody else's.
SAME_VISIT = dt.timedelta(hours=1)
# What a visitor may change of a row that our own people work on at the same time.
FIELDS = [
    "score", "comment", "no_reply", "source", "recorded_at", "flags", "counted",
]  # fmt: skip


class UnableToAnswer(KeepwellError):
    """The survey is closed, or what was sent is no answer; the text says what to do."""


class UnableToFindInvitation(KeepwellError):
    """The contact was erased, or the link ended, since the page was opened."""


@dataclass(frozen=True, slots=True)
class Said:
    """What an answer says, and how it was confirmed."""

    score: int
    comment: str
    no_reply: bool
    source: str

    @property
    def is_touch(self) -> bool:
        """Whether it came by a touch of the page, which says only the score."""
        return self.source == ResponseSource.GESTURE


@transaction.atomic
def response_confirm(
    *,
    invitation: Invitation,
    score: int,
    source: str,
    now: dt.datetime,
    comment: str = "",
    no_reply: bool = False,
    agent: str = "",
    address: str = "",
) -> Response:
    """This will keep what a person confirmed: one answer an invitation, the last one wins.

    A touch (`source` "gesture") says only the score; what was sent before stays. Every
    state is kept as an edit; saying the same again changes nothing. However many come at
    once, they queue at the invitation.
    """
    held = _held(invitation)
    said = Said(score, comment, no_reply, source)
    _check(held, said, now)
    row = _given(held)
    before = copy.copy(row)
    stands = _settled(before, said)
    if row is None:
        row = _begun(held, now)
    elif stands == _said_of(row):
        return row
    _write(row, stands, flags=_flags(held, agent, address, now), now=now)
    ResponseEdit.objects.create(
        response=row,
        score=row.score,
        comment=row.comment,
        no_reply=row.no_reply,
        source=source,
        edited_at=now,
    )
    if before is None:
        Invitation.objects.filter(pk=held.pk).update(
            state=InvitationState.ANSWERED, answered_at=now
        )
    response_follow_up(response=row, before=before, now=now)
    if (before.comment if before else "") != row.comment:
        comment_theme(comment=row, now=now)
    return row


def _held(invitation: Invitation) -> Invitation:
    """This will wait for its turn, then read the row as it stands by now."""
    rows = Invitation.objects.filter(pk=invitation.pk)
    # The row alone first: what is joined to a row that was waited for is of before.
    if rows.select_for_update(no_key=True).values_list("pk").first() is None:
        raise UnableToFindInvitation(_("This link does not work"))
    related = ("survey", "version", "customer__owner", "contact")
    held = rows.select_related(*related).get()
    if not link_opens(held, invitation.generation):
        raise UnableToFindInvitation(_("This link does not work"))
    return held


def _check(invitation: Invitation, said: Said, now: dt.datetime) -> None:
    if not invitation_is_open(invitation, now=now):
        raise UnableToAnswer(_("This survey is closed."))
    scale = scale_of(invitation.survey.kind)
    if said.score not in scale:
        words = {"low": scale[0], "high": scale[-1]}
        raise UnableToAnswer(_("Choose a number from %(low)d to %(high)d.") % words)
    if len(said.comment) > LONGEST_COMMENT:
        raise UnableToAnswer(_("Your text is too long."))
    if said.is_touch and invitation.survey.counting == Counting.SENT:
        raise UnableToAnswer(_("Press Send to answer."))


def _given(invitation: Invitation) -> Response | None:
    """This will return the answer there is, kept from our own people's hands meanwhile."""
    rows = Response.objects.filter(invitation=invitation)
    rows = rows.select_for_update(of=("self",), no_key=True)
    return rows.select_related("customer__owner", "contact").first()


def _begun(invitation: Invitation, now: dt.datetime) -> Response:
    return Response(
        customer=invitation.customer,
        contact=invitation.contact,
        version=invitation.version,
        invitation=invitation,
        kind=invitation.survey.kind,
        language=invitation.language,
        responded_at=now,
    )


def _said_of(row: Response) -> Said:
    return Said(row.score, row.comment, row.no_reply, row.source)


def _settled(before: Response | None, said: Said) -> Said:
    """This will return what stands after `said`: a touch leaves all but the score."""
    if not said.is_touch:
        return said
    if before is None:
        return replace(said, comment="", no_reply=False)
    return replace(_said_of(before), score=said.score)


def _write(
    row: Response, said: Said, *, flags: list[str], now: dt.datetime
) -> None:  # fmt: skip
    row.score, row.comment = said.score, said.comment
    row.no_reply, row.source = said.no_reply, said.source
    # What was known of the answer until now is known no more.
    row.recorded_at = now
    row.flags = sorted({*row.flags, *flags})
    row.counted = _counted(row)
    row.save(update_fields=FIELDS if row.pk else None)


def _flags(
    invitation: Invitation, agent: str, address: str, now: dt.datetime
) -> list[str]:
    """This will gather what speaks against the clicks of the same visit."""
    clicks = Click.objects.filter(
        invitation=invitation,
        agent=agent_family(agent),
        network=network_of(address),
        clicked_at__gt=now - SAME_VISIT,
    )
    return [flag for flags in clicks.values_list("flags", flat=True) for flag in flags]


def _counted(row: Response) -> bool:
    if row.decision != Decision.NONE:
        return row.decision == Decision.COUNT
    return counts(flags=row.flags, source=row.source, comment=row.comment)
