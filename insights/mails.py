"""The mails of the pages that combine."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from common.mailing import Category, LinkMaker, MailIsPointless, MailKind
from insights.digest import digest_content


class DigestMail(MailKind):
    """A person's own digest. `data` is {"user": id, "day": the local day}."""

    key = "insights.digest"
    label = gettext_lazy("Digest")
    category = Category.DIGEST
    template = "insights/mail/digest"

    def facts(self, data: Mapping[str, Any], link: LinkMaker) -> dict[str, Any]:
        """This will gather the digest as things stand now; nothing to say drops it."""
        user = User.objects.filter(pk=data["user"], is_active=True).first()
        if user is None:
            msg = _("The person does not sign in any more.")
            raise MailIsPointless(msg)
        day = dt.date.fromisoformat(data["day"])
        content = digest_content(user=user, now=timezone.now(), today=day)
        if not content:
            msg = _("There was nothing to tell.")
            raise MailIsPointless(msg)

        def page_of(pk: int) -> str:
            return link("customer", pk)

        return {
            "digest": content,
            "rows": [(row, page_of(row.board.pk)) for row in content.rows],
            "tasks": [(task, page_of(task.customer_id)) for task in content.tasks],
            "answers": [(said, link("answer", said.pk)) for said in content.answers],
            "renewals": [(row, page_of(row.board.pk)) for row in content.renewals],
            "person": user,
            "day": day,
            "today_url": link("today"),
            "settings_url": link("me"),
        }

    def subject(self, facts: Mapping[str, Any]) -> str:
        """This will say the most important thing first."""
        at_risk = facts["digest"].at_risk
        if not at_risk:
            return _("Your customers today")
        return ngettext(
            "%(count)d customer needs you",
            "%(count)d customers need you",
            at_risk,
        ) % {"count": at_risk}
