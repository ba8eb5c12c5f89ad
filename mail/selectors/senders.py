"""Reads about senders."""

from mail.models import Sender


def senders_listed() -> list[Sender]:
    """This will list the senders in use, the default one first, then retired ones."""
    everybody = Sender.objects.order_by("-is_default", "name", "id")
    return sorted(everybody, key=lambda sender: sender.retired_at is not None)
