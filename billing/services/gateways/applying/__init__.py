"""Writing here what stands at a gateway: one small file per kind of object.

Everything is told as it is now, never as an event, so that to apply it twice is to apply
it once, and the newest reading is always right (ADR 32).
"""

from billing.services.gateways.applying.errors import MissingObject, UnableToApply
from billing.services.gateways.applying.gone import remote_gone
from billing.services.gateways.applying.whole import remote_apply

__all__ = ["MissingObject", "UnableToApply", "remote_apply", "remote_gone"]
