"""How django-allauth behaves here."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedDoor(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """Lets nobody in who was not invited: an administrator adds people."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """This will always refuse."""
        return False
