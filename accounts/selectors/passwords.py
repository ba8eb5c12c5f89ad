"""Who may set a new password: by address, and by the link that was sent there."""

from django.contrib.auth.tokens import default_token_generator
from django.db.models import QuerySet

from accounts.models import User

# Ids are of this length at most.
DIGITS = 18


def _people() -> QuerySet[User]:
    """This will return those who may sign in by a password of their own.

    The demo's passwords are printed and stay as they are.
    """
    return User.objects.filter(is_active=True, is_demo=False)


def person_by_email(email: str) -> User | None:
    """This will return the person whose address it is."""
    return _people().filter(email__iexact=email.strip()).first()


def person_by_id(pk: int) -> User | None:
    """This will return the person a mail about passwords may go to."""
    return _people().filter(pk=pk).first()


def password_token(user: User) -> str:
    """This will make the token of a link: `<id>-<moment>-<seal>`.

    Nothing is stored. The seal covers the password and the last sign-in, so the first
    use ends it, and it ends by itself after PASSWORD_RESET_TIMEOUT.
    """
    return f"{user.pk}-{default_token_generator.make_token(user)}"


def person_by_link(token: str) -> User | None:
    """This will return whose link it is, None if it no longer works."""
    pk, _, sealed = token.partition("-")
    if not (pk.isascii() and pk.isdigit() and len(pk) <= DIGITS):
        return None
    user = person_by_id(int(pk))
    return user if default_token_generator.check_token(user, sealed) else None
