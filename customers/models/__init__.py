"""The companies we look after, and all that happened with them."""

from customers.models.campaign import AcquisitionSpend, Campaign
from customers.models.contact import Contact
from customers.models.customer import Customer, Segment
from customers.models.event import Event, EventDelivery
from customers.models.imports import ImportedFile, ImportRun
from customers.models.interaction import Interaction
from customers.models.owner_change import OwnerChange
from customers.models.profile import ProfileChange
from customers.models.task import Task
from customers.models.ticket import SupportTicket
from customers.models.usage import UsageDaily

__all__ = [
    "AcquisitionSpend",
    "Campaign",
    "Contact",
    "Customer",
    "Event",
    "EventDelivery",
    "ImportRun",
    "ImportedFile",
    "Interaction",
    "OwnerChange",
    "ProfileChange",
    "Segment",
    "SupportTicket",
    "Task",
    "UsageDaily",
]
