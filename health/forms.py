"""What people may ask of the at-risk list."""

from django import forms

from health.services.snoozes import SnoozeFor


class SnoozeForm(forms.Form):
    """For how long a customer is hidden."""

    period = forms.ChoiceField(choices=SnoozeFor.choices)
