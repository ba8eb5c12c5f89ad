"""Mails about people's access."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Invitation, User
from accounts.selectors import company
from accounts.selectors.passwords import password_token, person_by_id
from accounts.selectors.people import INVITATION_LINK, LinkState, link_state
from common.links import link_token
from common.mailing import Category, LinkMaker, MailIsPointless, MailKind


class InvitationMail(MailKind):
    """Asks somebody to join, with the link that lets them in."""

    key: ClassVar[str] = "accounts.invitation"
    label: ClassVar[Any] = gettext_lazy("Invitation of a colleague")
    category: ClassVar[Category] = Category.SERVICE
    template: ClassVar[str] = "accounts/mail/invitation"

    def facts(self, data: Mapping[str, Any], link: LinkMaker) -> dict[str, Any]:
        """This will tell who invites whom to what, and until when.

        Sending is pointless once the link is dead. Whoever looks at the mail later
        (`link.masked`) still sees it.
        """
        pk, generation = int(data["invitation"]), int(data["generation"])
        people = Invitation.objects.select_related("invited_by")
        invitation = people.filter(pk=pk).first()
        if invitation is None:
            raise MailIsPointless(_("The invitation is gone."))
        state = link_state(invitation, generation=generation, now=timezone.now())
        if state is not LinkState.OPEN and not link.masked:
            raise MailIsPointless(_("The invitation’s link no longer works."))
        token = link_token(INVITATION_LINK, pk, generation)
        return {
            "invitation": invitation,
            "inviter": invitation.invited_by,
            "company": company(),
            "url": link("invitation_accept", token=token),
        }

    def subject(self, facts: Mapping[str, Any]) -> str:
        """This will name the one who invites, where somebody did."""
        words = {"company": facts["company"].name, "name": facts["inviter"]}
        if facts["inviter"]:
            return _("%(name)s invites you to Keepwell at %(company)s") % words
        return _("You are invited to Keepwell at %(company)s") % words


def _person(data: Mapping[str, Any]) -> User:
    """This will return whom the mail is for, or drop it."""
    user = person_by_id(int(data["user"]))
    if user is None:
        raise MailIsPointless(_("The person does not sign in any more."))
    return user


class PasswordResetMail(MailKind):
    """The link that sets a new password. `data` is {"user": id}, nothing else.

    The token is made when the mail is sent, and its hour begins then.
    """

    key: ClassVar[str] = "accounts.password_reset"
    label: ClassVar[Any] = gettext_lazy("Link for a new password")
    category: ClassVar[Category] = Category.SERVICE
    template: ClassVar[str] = "accounts/mail/password_reset"

    def facts(self, data: Mapping[str, Any], link: LinkMaker) -> dict[str, Any]:
        """This will make the link; for whoever only looks on, one that opens nothing."""
        person = _person(data)
        token = "masked" if link.masked else password_token(person)
        return {"person": person, "url": link("password_reset", token=token)}

    def subject(self, facts: Mapping[str, Any]) -> str:
        """This will say what the link is for."""
        return _("Your new password for Keepwell")


class PasswordChangedMail(MailKind):
    """Tells that a password was changed. `data` is {"user": id, "at": the moment}."""

    key: ClassVar[str] = "accounts.password_changed"
    label: ClassVar[Any] = gettext_lazy("A password was changed")
    category: ClassVar[Category] = Category.SERVICE
    template: ClassVar[str] = "accounts/mail/password_changed"

    def facts(self, data: Mapping[str, Any], link: LinkMaker) -> dict[str, Any]:
        """This will say when, and what to do if it was somebody else."""
        return {
            "person": _person(data),
            "at": dt.datetime.fromisoformat(data["at"]),
            "url": link("account_reset_password"),
        }

    def subject(self, facts: Mapping[str, Any]) -> str:
        """This will say what happened."""
        return _("Your password was changed")


class SecondFactorMail(MailKind):
    """Tells what became of a second factor. `data` adds "change" to the moment."""

    key: ClassVar[str] = "accounts.second_factor_changed"
    label: ClassVar[Any] = gettext_lazy("A second factor was changed")
    category: ClassVar[Category] = Category.SERVICE
    template: ClassVar[str] = "accounts/mail/second_factor_changed"
    SUBJECTS: ClassVar[dict[str, Any]] = {
        "app_added": gettext_lazy("An authenticator app was added to your account"),
        "app_removed": gettext_lazy("The authenticator app was removed"),
        "passkey_added": gettext_lazy("A passkey was added to your account"),
        "passkey_removed": gettext_lazy("A passkey was removed from your account"),
        "codes_renewed": gettext_lazy("You have new recovery codes"),
        "reset": gettext_lazy("Your second factor was taken away"),
    }

    def facts(self, data: Mapping[str, Any], link: LinkMaker) -> dict[str, Any]:
        """This will say what and when, and what to do if it was somebody else."""
        return {
            "person": _person(data),
            "what": self.SUBJECTS[data["change"]],
            "by_administrator": data["change"] == "reset",
            "at": dt.datetime.fromisoformat(data["at"]),
            "url": link("me"),
        }

    def subject(self, facts: Mapping[str, Any]) -> str:
        """This will say what happened."""
        return str(facts["what"])
