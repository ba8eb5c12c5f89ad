"""Every kind of mail is proved at start, so that a typing error does not wait for a mail."""

import pytest
from django.conf import LazySettings

from common.mailing import Category, MailKind
from mail.checks import check_mail_kinds
from mail.kinds import kinds


class Homeless(MailKind):
    key = "mail.plain"
    label = "Homeless"
    category = Category.NEWS
    template = "mail/nowhere"


def faults(settings: LazySettings, *paths: str) -> list[str]:
    settings.MAIL_KINDS = list(paths)
    return [fault.msg for fault in check_mail_kinds(None)]


def test_all_kinds_are_there_and_whole(settings: LazySettings) -> None:
    assert check_mail_kinds(None) == []
    assert len(kinds()) == len(settings.MAIL_KINDS)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("mail.mails.NoSuchMail", "cannot be imported"),
        ("mail.models.OutboxMessage", "is not a MailKind"),
    ],
)
def test_what_is_no_kind_is_told(settings: LazySettings, path: str, words: str) -> None:
    [told] = faults(settings, path)
    assert path in told
    assert words in told


def test_missing_templates_and_a_key_taken_twice_are_told(
    settings: LazySettings,
) -> None:
    own = f"{__name__}.Homeless"
    assert faults(settings, "mail.mails.PlainMail", own) == [
        f"{own} has no template mail/nowhere.html.",
        f"{own} has no template mail/nowhere.txt.",
        f"{own} uses the key 'mail.plain', which another kind has.",
    ]
