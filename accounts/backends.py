"""Who may not even try to sign in."""

from typing import Any

from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from accounts.models import User

# No secret: the sign-in page prints it where the demo was asked for.
DEMO_PASSWORD = "keepwell-demo"  # noqa: S105


def demo_is_open() -> bool:
    """This will tell whether the demo's people may come in here."""
    return settings.DEMO_ASKED_FOR or settings.DEBUG


class DemoGuard(BaseBackend):
    """Keeps the demo's people out where nobody asked for the demo.

    Their passwords are printed in the documentation, so an installation that ran the
    demo once and went live must not be open to every reader. Stands before the backend
    that checks passwords and never lets anybody in itself.
    """

    def authenticate(
        self, request: HttpRequest | None, email: str | None = None, **credentials: Any
    ) -> None:
        """This will end the attempt for a demo person, or leave it to the next backend."""
        if demo_is_open() or not email:
            return
        if User.objects.filter(email__iexact=email.strip(), is_demo=True).exists():
            msg = "The demo is not switched on here."
            raise PermissionDenied(msg)
