"""What one of us writes to somebody who answered."""

import textwrap
from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.models import Company
from accounts.selectors import company as the_company
from common.mailing import Category, LinkMaker, MailIsPointless, MailKind
from surveys.calculations.scales import SCALES
from surveys.models import Reply
from surveys.wording import wording_of

# What people wrote at length is not sent back to them at length.
QUOTED = 2_000
QUOTE_WIDTH = 72


class ReplyMail(MailKind):
    """A reply to an answer. `data` is {"reply": id, "contact_id": id}."""

    key = "surveys.reply"
    label = gettext_lazy("Reply to an answer")
    # It answers what the person wrote, so only a dead address stops it.
    category = Category.SERVICE
    template = "surveys/mail/reply"
    # A person has pressed the button: an out-of-office answer is welcome.
    by_hand = True

    def facts(self, data: Mapping[str, Any], link: LinkMaker) -> dict[str, Any]:
        """This will read the reply and what it replies to."""
        del link
        return self._read(data, the_company())

    def facts_of(
        self, message: Any, link: LinkMaker, company: Company
    ) -> dict[str, Any]:
        """This will do the same where the company is known."""
        del link
        return self._read(message.data, company)

    def subject(self, facts: Mapping[str, Any]) -> str:
        """This will return the subject of the mail that asked, so that both stand together."""
        asked = str(facts["asked"]) or _("Your answer to %(name)s") % {
            "name": facts["company"].name
        }
        return f"Re: {asked}"

    def _read(self, data: Mapping[str, Any], company: Company) -> dict[str, Any]:
        related = (
            "author", "response__version", "response__contact__customer__owner",
        )  # fmt: skip
        reply = Reply.objects.select_related(*related).filter(pk=data["reply"]).first()
        response = reply.response if reply else None
        if reply is None or response is None or response.contact is None:
            msg = _("The reply or the person it goes to is gone.")
            raise MailIsPointless(msg)
        wording = wording_of(
            response.version,
            language=response.language or get_language() or "",
            company=company,
            contact=response.contact,
        )
        return {
            "asked": wording.texts.subject,
            "company": company,
            "words": reply.text,
            "author": reply.author.name if reply.author else "",
            "score": response.score,
            "best": SCALES[response.kind][1],
            "quoted": quoted_lines(response.comment),
            "answered_at": response.responded_at,
        }


def quoted_lines(comment: str) -> list[str]:
    """This will cut a comment into lines that fit behind a quotation mark."""
    kept = comment if len(comment) <= QUOTED else comment[: QUOTED - 1] + "…"
    return [
        piece
        for line in kept.splitlines()
        for piece in (textwrap.wrap(line, QUOTE_WIDTH) or [""])
    ]
