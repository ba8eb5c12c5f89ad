"""Which pages are for which role."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse

from accounts.enums import Role
from accounts.http import PersonalRequest

P = ParamSpec("P")
# Who reads about the whole team, and not only about an own portfolio.
LEADERS = frozenset({Role.ADMIN, Role.MANAGER})
View = Callable[Concatenate[PersonalRequest, P], HttpResponse]


def for_administrators(view: View[P]) -> View[P]:
    """This will answer 403 to everybody but administrators."""

    @wraps(view)
    def guarded(
        request: PersonalRequest, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        if not request.user.is_admin:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def for_leaders(view: View[P]) -> View[P]:
    """This will answer 403 to everybody but administrators and managers."""

    @wraps(view)
    def guarded(
        request: PersonalRequest, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        if request.user.role not in LEADERS:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded
