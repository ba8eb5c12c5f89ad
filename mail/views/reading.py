"""What the mail pages read from an address."""

from django.http import HttpRequest

LOOKS = ("light", "dark")
LARGEST = 2**63 - 1


def number_of(request: HttpRequest, name: str) -> int:
    """This will return a row's id from the query, 0 for none or nonsense."""
    text = request.GET.get(name, "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0
    return number if number <= LARGEST else 0


def look_of(request: HttpRequest) -> str:
    """This will return which look of a mail is wanted, "" for the device's own."""
    look = request.GET.get("look", "")
    return look if look in LOOKS else ""
