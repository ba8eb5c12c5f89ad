"""Finding a kind of mail by its name."""

from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from common.errors import KeepwellError
from common.mailing import MailKind


class UnableToFindKind(KeepwellError):
    """No kind of mail has that name: a typing error, or its app was taken out."""


@cache
def _known(paths: tuple[str, ...]) -> dict[str, MailKind]:
    kinds: list[MailKind] = [import_string(path)() for path in paths]
    return {kind.key: kind for kind in kinds}


def kinds() -> dict[str, MailKind]:
    """This will return every kind that the settings name, by its key."""
    return _known(tuple(settings.MAIL_KINDS))


def kind_named(key: str) -> MailKind:
    """This will return the kind of a message."""
    try:
        return kinds()[key]
    except KeyError:
        msg = f"No kind of mail is named {key!r}. Name its class in MAIL_KINDS."
        raise UnableToFindKind(msg) from None
