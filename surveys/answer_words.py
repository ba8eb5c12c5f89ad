"""An answer in words: how far it is, until when, and why it counts or does not."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.templatetags import ui
from surveys.calculations.scales import HIGH, SCALES
from surveys.enums import Decision, Flag, LoopState, ResponseSource
from surveys.models import Click, Response
from surveys.selectors.answers import TONES, answer_tone

HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
# Hours are counted up to two days, days from then on.
HOURS_UNTIL = 2 * DAY


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """An answer as a line of a list."""

    answer: Response
    now: dt.datetime

    @property
    def tone(self) -> str:
        return answer_tone(self.answer.kind, self.answer.score)

    @property
    def worst(self) -> int:
        """The lowest score of its scale."""
        return SCALES[self.answer.kind][0]

    @property
    def best(self) -> int:
        """The highest score of its scale."""
        return SCALES[self.answer.kind][1]

    @property
    def state(self) -> str:
        return str(self.answer.loop_state.label)

    @property
    def state_tone(self) -> str:
        tones = {LoopState.RESOLVED: "ok", LoopState.IN_TOUCH: "info"}
        return tones.get(self.answer.loop_state, "")

    @property
    def asks(self) -> bool:
        """Whether the state says something: nobody has to do anything about praise."""
        answer = self.answer
        praise = not answer.comment or self.tone == TONES[HIGH]
        return self.waits or answer.loop_state != LoopState.NEW or not praise

    @property
    def waits(self) -> bool:
        """Whether a reply is due and nobody has got in touch."""
        answer = self.answer
        new = answer.loop_state == LoopState.NEW
        due = bool(answer.reply_due_at) and not answer.no_reply
        return due and answer.counted and new

    @property
    def late(self) -> bool:
        due = self.answer.reply_due_at
        return self.waits and due is not None and due < self.now

    @property
    def due(self) -> str:
        """Until when somebody should be in touch, "" where nobody has to be."""
        due = self.answer.reply_due_at
        return due_words(due, self.now) if self.waits and due else ""

    @property
    def flags(self) -> list[str]:
        return [str(Flag(flag).label) for flag in self.answer.flags]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A flag of an answer, and what it rests on."""

    label: str
    words: str


def due_words(due: dt.datetime, now: dt.datetime) -> str:
    """This will say "reply due in 5 hours" or "overdue by 2 days"."""
    if due < now:
        return _("overdue by %(span)s") % {"span": span_words(now - due)}
    return _("reply due in %(span)s") % {"span": span_words(due - now)}


def span_words(span: dt.timedelta) -> str:
    """This will write a span in whole hours up to two days, in whole days from then on."""
    if span < HOUR:
        return _("less than an hour")
    if span < HOURS_UNTIL:
        hours = span // HOUR
        words = ngettext("%(count)s hour", "%(count)s hours", hours)
        return words % {"count": ui.number(hours)}
    days = span // DAY
    words = ngettext("%(count)s day", "%(count)s days", days)
    return words % {"count": ui.number(days)}


def seconds_words(seconds: int | None) -> str:
    """This will say how long after its delivery a mail was opened."""
    if seconds is None:
        return _("it is not known how long after delivery")
    if seconds < 120:
        words = ngettext(
            "%(count)s second after delivery", "%(count)s seconds after delivery", seconds
        )  # fmt: skip
        return words % {"count": ui.number(seconds)}
    if seconds < 7200:
        minutes = seconds // 60
        words = ngettext(
            "%(count)s minute after delivery", "%(count)s minutes after delivery", minutes
        )  # fmt: skip
        return words % {"count": ui.number(minutes)}
    return _("%(span)s after delivery") % {
        "span": span_words(dt.timedelta(seconds=seconds))
    }


def evidence_of(response: Response, clicks: Sequence[Click]) -> list[Evidence]:
    """This will say what each flag of an answer rests on."""
    return [
        Evidence(
            str(Flag(flag).label),
            _evidence(flag, [click for click in clicks if flag in click.flags]),
        )
        for flag in response.flags
    ]


def _evidence(flag: str, clicks: Sequence[Click]) -> str:
    if not clicks:
        return _("The clicks it rests on are no longer kept.")
    if flag == Flag.FAST:
        known = [click.seconds for click in clicks if click.seconds is not None]
        return _("Opened %(when)s.") % {
            "when": seconds_words(min(known) if known else None)
        }
    if flag == Flag.MANY:
        scores = sorted({click.score for click in clicks if click.score is not None})
        return _("The links of these scores were opened: %(scores)s.") % {
            "scores": ", ".join(str(score) for score in scores)
        }
    if flag == Flag.SCANNER:
        agents = sorted({click.agent for click in clicks if click.agent})
        return _("It called itself: %(agents)s.") % {
            "agents": ", ".join(agents) or _("nothing")
        }
    return _("The link is hidden in the mail; only machines find it.")


def counted_words(response: Response) -> str:
    """This will say why an answer counts or does not."""
    if response.decision == Decision.COUNT:
        return _("It counts: an administrator said so.")
    if response.decision == Decision.DISCOUNT:
        return _("It does not count: an administrator said so.")
    if not response.counted:
        return _(
            "It does not count yet: it looks like a machine’s and holds no comment. An "
            "administrator decides."
        )
    if response.source == ResponseSource.IMPORTED:
        return _("It counts: it was collected elsewhere and imported.")
    if response.flags and response.comment:
        return _("It counts in spite of its flags: it holds a comment.")
    if response.flags:
        return _("It counts in spite of its flags: a person pressed Send.")
    return _("It counts: nothing stands against it.")
