"""Kinds of mail for tests."""

from collections.abc import Mapping
from typing import Any

from django.utils.timezone import localtime

from common.mailing import Category, LinkMaker, MailKind
from tests.world import NOW


class QuestionMail(MailKind):
    """A survey's question, as its data says it."""

    key = "test.question"
    label = "Question"
    category = Category.SURVEY
    template = "mail/plain"

    def facts(self, data: Mapping[str, Any], link: LinkMaker) -> dict[str, Any]:
        """This will return the words."""
        return {"words_subject": data["subject"], "words_text": data.get("text", "")}

    def subject(self, facts: Mapping[str, Any]) -> str:
        """This will return the subject."""
        return str(facts["words_subject"])


class ClockMail(QuestionMail):
    """Tells the hour at noon UTC of the tests' day."""

    key = "test.clock"
    category = Category.SERVICE

    def facts(self, data: Mapping[str, Any], link: LinkMaker) -> dict[str, Any]:
        """This will return the hour where the reader is."""
        return {"words_subject": f"{localtime(NOW):%H:%M}", "words_text": ""}


KIND = "tests.mail.kinds.QuestionMail"
