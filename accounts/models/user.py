"""A person who signs in."""

import datetime as dt
from typing import Any, ClassVar

from django.contrib.auth.models import (
    AbstractBaseUser,
    BaseUserManager,
    PermissionsMixin,
)
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.enums import Digest, Role, Theme
from accounts.models.company import Company
from accounts.models.reach import PersonalReach, reach_of
from accounts.models.team import Team


class UserManager(BaseUserManager["User"]):
    """Creates people by email address."""

    def create_user(
        self, email: str, password: str | None = None, **fields: Any
    ) -> "User":
        """This will save a person; without a password nobody can sign in as them."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str, **fields: Any) -> "User":
        """This will save an administrator."""
        return self.create_user(
            email, password, role=Role.ADMIN, is_superuser=True, **fields
        )


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody of our own company. The customers' people are customers.Contact."""

    email = models.EmailField(_("email address"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    role = models.CharField(
        _("role"), max_length=10, choices=Role.choices, default=Role.CSM
    )
    team = models.ForeignKey(
        Team,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="members",
        verbose_name=_("team"),
    )
    time_zone = models.CharField(
        _("time zone"), max_length=64, blank=True, help_text=_("Empty: the company's.")
    )
    language = models.CharField(_("language"), max_length=10, blank=True)
    theme = models.CharField(
        _("theme"), max_length=10, choices=Theme.choices, default=Theme.SYSTEM
    )
    digest = models.CharField(
        _("digest by mail"), max_length=10, choices=Digest.choices, default=Digest.OFF
    )
    digest_at = models.TimeField(_("digest at"), default=dt.time(7))
    digest_weekday = models.PositiveSmallIntegerField(
        _("weekly digest on"), default=1, help_text=_("1 is Monday, 7 is Sunday.")
    )
    # Part of what a session is checked against: raising it ends all of them.
    session_epoch = models.PositiveIntegerField(default=0, editable=False)
    is_active = models.BooleanField(_("active"), default=True)
    is_demo = models.BooleanField(
        default=False, help_text=_("Made by the demo; its password is public.")
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="accounts_user_email_uniq"),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values),
                name="accounts_user_role_valid",
            ),
            models.CheckConstraint(
                condition=models.Q(digest_weekday__range=(1, 7)),
                name="accounts_user_weekday_valid",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """This will return what a session must carry: password and epoch together.

        Django compares it on every request, so a raised epoch ends all sessions.
        """
        salt = "accounts.models.User.session"
        value = f"{self.password}:{self.session_epoch}"
        return salted_hmac(salt, value, secret=secret, algorithm="sha256").hexdigest()

    # The company as the request has read it, or will (accounts.middleware).
    company: Company | None = None

    @cached_property
    def reach(self) -> PersonalReach:
        """Whose customers this person sees and may change: `reach.sees`, `reach.changes`.

        Worked out once per person and request. Costs no query for those who are not
        CSMs; for a CSM the company's row, unless the request has read it, and the team's
        members where the team counts.
        """
        # Only a CSM's reach depends on what the company has set.
        company = Company() if self.role != Role.CSM else self.company
        return reach_of(
            self, company or Company.objects.filter(id=1).first() or Company()
        )

    @property
    def sees_everything(self) -> bool:
        """Whether this person sees all customers rather than some people's."""
        return self.reach.sees.everybody

    @property
    def is_admin(self) -> bool:
        """Whether this person may change how the installation works."""
        return self.role == Role.ADMIN

    @property
    def may_edit(self) -> bool:
        """Whether this person may change anything at all; which customers: `reach`."""
        return self.role != Role.VIEWER

    @property
    def first_name(self) -> str:
        return self.name.split(" ")[0]
