"""Reads about second factors: what a person has, and what a role demands."""

from dataclasses import dataclass

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator

from accounts.models import Company, User

# Recovery codes alone are a way back in, not a factor.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
# What a session remembers, so that the question is asked once.
HAS_SECOND_FACTOR = "has_second_factor"


@dataclass(frozen=True, slots=True)
class SecondFactors:
    """What a person has set up."""

    app: Authenticator | None
    passkeys: list[Authenticator]
    codes: Authenticator | None

    @property
    def count(self) -> int:
        """How many factors there are; recovery codes do not count."""
        return len(self.passkeys) + (self.app is not None)

    @property
    def codes_left(self) -> int:
        """How many recovery codes were not used yet; none where there are none."""
        if self.codes is None:
            return 0
        used: int = self.codes.data["used_mask"].bit_count()
        return int(app_settings.RECOVERY_CODE_COUNT) - used


def second_factors_of(user: User) -> SecondFactors:
    """This will read all that a person has set up, in one query."""
    found = list(Authenticator.objects.filter(user_id=user.pk).order_by("pk"))

    def of(kind: str) -> list[Authenticator]:
        return [one for one in found if one.type == kind]

    return SecondFactors(
        app=next(iter(of(Authenticator.Type.TOTP)), None),
        passkeys=of(Authenticator.Type.WEBAUTHN),
        codes=next(iter(of(Authenticator.Type.RECOVERY_CODES)), None),
    )


def has_second_factor(user: User) -> bool:
    """This will be true of somebody whose password alone does not open the door."""
    return bool(
        Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exists()
    )


def second_factor_demanded(user: User, company: Company) -> bool:
    """This will be true where the company wants this person's role to have one."""
    return user.role in company.second_factor_roles
