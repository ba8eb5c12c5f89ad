"""After what a survey may ask."""

from surveys.triggers.base import Cause, Trigger
from surveys.triggers.stages import OnboardingFinished
from surveys.triggers.tickets import TicketResolved

__all__ = ["TRIGGERS", "Cause", "Trigger"]

# By key, in the order they are offered; a survey stores the key.
TRIGGERS: dict[str, Trigger] = {
    trigger.key: trigger for trigger in (TicketResolved(), OnboardingFinished())
}
