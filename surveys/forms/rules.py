"""The rules that hold for all surveys."""

import copy
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.seen import SeenForm
from surveys.models import SurveyRules
from surveys.services.rules import FIELDS

if TYPE_CHECKING:
    RulesModelForm = forms.ModelForm[SurveyRules]
else:
    RulesModelForm = forms.ModelForm


class RulesForm(SeenForm, RulesModelForm):
    """Four numbers, each with what it does."""

    class Meta:
        model = SurveyRules
        fields = list(FIELDS)
        help_texts = {
            "throttle_days": _(
                "Whoever was asked by any survey is asked by no other for so long. What"
                " falls into this time is not made up for later."
            ),
            "new_contact_days": _(
                "Whoever we have known for a shorter time is not asked yet."
            ),
            "reply_hours": _(
                "Bad news gives the customer’s owner a task that is due so many hours"
                " later. Days off do not count."
            ),
            "keep_days": _(
                "So long after its end, a link opens nothing any more, and who clicked"
                " when is deleted. Answers stay."
            ),
        }

    def __init__(self, data: Any = None, *, stored: SurveyRules) -> None:
        super().__init__(data, instance=copy.copy(stored))
        self.see(stored, FIELDS)
