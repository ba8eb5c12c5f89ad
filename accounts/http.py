"""What every request carries after our middleware."""

from django.http import HttpRequest

from accounts.models import Company, User


class PersonalRequest(HttpRequest):
    """A request of a signed-in person; views annotate it, nothing constructs it."""

    user: User
    company: Company
