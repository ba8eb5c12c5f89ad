"""What a customer said, as somebody writes it down."""

import datetime as dt
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.validators import URLValidator
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.models import Contact, Customer, SupportTicket
from surveys.enums import FeedbackSource
from surveys.models import Feedback
from surveys.services.feedback import Said

# Older tickets are offered only where one stands already.
LATELY = dt.timedelta(days=400)


class WebAddressField(forms.URLField):
    """A link to a page. Anything that could run something is none."""

    default_validators = [
        URLValidator(
            schemes=["http", "https"],
            message=_("Write a link that begins with https:// or http://."),
        )
    ]


class FeedbackForm(forms.Form):
    """A comment of a customer from anywhere."""

    text = forms.CharField(
        label=_("What was said"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
        help_text=_("In the customer’s own words, as far as you have them."),
    )
    source = forms.ChoiceField(label=_("Where"), choices=FeedbackSource.choices)
    said_on = forms.DateField(
        label=_("Day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    contact = forms.ModelChoiceField(
        label=_("Who"), queryset=Contact.objects.none(), required=False
    )
    ticket = forms.ModelChoiceField(
        label=_("Ticket"), queryset=SupportTicket.objects.none(), required=False
    )
    url = WebAddressField(
        label=_("Link"),
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=_("Such as the review or the recording."),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=[("", _("Not known")), *settings.LANGUAGES],
    )

    def __init__(
        self,
        data: Any = None,
        *,
        customer: Customer,
        today: dt.date,
        stored: Feedback | None = None,
        **options: Any,
    ) -> None:
        initial = {
            "said_on": today,
            **options.pop("initial", {}),
            **(_shown(stored) if stored else {}),
        }
        super().__init__(data, initial=initial, **options)
        self.today, self.stored = today, stored
        contact = cast("forms.ModelChoiceField[Contact]", self.fields["contact"])
        people = Contact.objects.filter(customer=customer)
        contact.queryset = people.order_by("-is_primary", "name", "pk")
        contact.empty_label = _("Nobody in particular")
        ticket = cast("forms.ModelChoiceField[SupportTicket]", self.fields["ticket"])
        recent = timezone.now() - LATELY
        tickets = SupportTicket.objects.filter(customer=customer).filter(
            Q(opened_at__gte=recent) | Q(pk=initial.get("ticket"))
        )
        ticket.queryset = tickets.order_by("-opened_at", "-id")
        ticket.empty_label = _("No ticket")
        self.fields["said_on"].widget.attrs["max"] = today.isoformat()

    def clean_said_on(self) -> dt.date:
        """This will refuse days that have not come."""
        day: dt.date = self.cleaned_data["said_on"]
        if day > self.today:
            raise forms.ValidationError(_("This day is still to come."))
        return day

    def said(self, now: dt.datetime) -> Said:
        """This will return what was written down."""
        values = self.cleaned_data
        return Said(
            source=values["source"],
            text=values["text"],
            said_at=self._moment(values["said_on"], now),
            contact=values["contact"],
            ticket=values["ticket"],
            url=values["url"],
            language=values["language"],
        )

    def _moment(self, day: dt.date, now: dt.datetime) -> dt.datetime:
        """This will keep the hour where the day stays, else take now or noon."""
        stored = self.stored.said_at if self.stored else None
        if stored and timezone.localtime(stored).date() == day:
            return stored
        if day == self.today:
            return now
        return timezone.make_aware(dt.datetime.combine(day, dt.time(12)))


def _shown(stored: Feedback) -> dict[str, Any]:
    return {
        "text": stored.text,
        "source": stored.source,
        "said_on": timezone.localtime(stored.said_at).date(),
        "contact": stored.contact_id,
        "ticket": stored.ticket_id,
        "url": stored.url,
        "language": stored.language,
    }
