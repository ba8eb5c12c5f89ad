"""A customer's life with us."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from customers.enums import Stage
from customers.events import STAGE_CHANGED
from customers.models import Event
from surveys.triggers.base import Cause, Trigger


class OnboardingFinished(Trigger):
    """A customer left the stage of onboarding for another one."""

    key = "onboarding_finished"
    label = _("onboarding was finished")

    def causes(self, *, since: dt.datetime, until: dt.datetime) -> list[Cause]:
        """This will return the changes of stage that end the onboarding."""
        rows = Event.objects.filter(
            kind=STAGE_CHANGED,
            happened_at__gt=since,
            happened_at__lte=until,
            data__before=Stage.ONBOARDING,
        )
        found = rows.order_by("happened_at", "id").values_list(
            "customer_id", "pk", "happened_at"
        )
        return [
            Cause(customer, None, f"onboarding:{pk}", at) for customer, pk, at in found
        ]
