"""Holidays, one by one or pasted as lines."""

import datetime as dt
import re
from typing import TYPE_CHECKING

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Holiday

LONGEST_NAME = 80
MOST_LINES = 1000
# "2027-01-01 New Year", "01.01.2027; Neujahr"
LINE = re.compile(
    r"(?:(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"
    r"|(?P<d2>\d{1,2})\.(?P<m2>\d{1,2})\.(?P<y2>\d{4}))"
    r"[\s,;:|–-]+(?P<name>.*\S)",
    re.ASCII,
)
EARLIEST, LATEST = 1970, 2199

if TYPE_CHECKING:
    HolidayModelForm = forms.ModelForm[Holiday]
else:
    HolidayModelForm = forms.ModelForm

Day = tuple[dt.date, str]


class HolidayForm(HolidayModelForm):
    """One day."""

    class Meta:
        model = Holiday
        fields = ["day", "name"]
        widgets = {"day": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
        error_messages = {
            "day": {"unique": gettext_lazy("This day is a holiday already.")}
        }

    def clean_day(self) -> dt.date:
        """This will refuse years that nobody means."""
        day: dt.date = self.cleaned_data["day"]
        if not EARLIEST <= day.year <= LATEST:
            raise ValidationError(_("The day is out of reach."))
        return day


class HolidayLinesForm(forms.Form):
    """Several days, a line each."""

    lines = forms.CharField(
        label=gettext_lazy("A line for each day"),
        help_text=gettext_lazy("Such as: 2027-01-01 New Year"),
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}),
    )

    def clean_lines(self) -> list[Day]:
        """This will read every line, or say which ones it can not."""
        lines = self.cleaned_data["lines"].splitlines()
        if len(lines) > MOST_LINES:
            msg = _("These are more than %(most)s lines.") % {"most": MOST_LINES}
            raise ValidationError(msg)
        days, wrong = [], []
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                days.append(holiday_read(line))
            except ValueError:
                text = _("Line %(line)s is not a day and a name: %(text)s")
                wrong.append(text % {"line": number, "text": line.strip()[:60]})
        if wrong:
            raise ValidationError(wrong)
        return days


def holiday_read(line: str) -> Day:
    """This will read a day and a name; raises ValueError."""
    found = LINE.fullmatch(line.strip())
    if found is None:
        raise ValueError(line)
    year, month, day = (found[part] or found[f"{part}2"] for part in "ymd")
    name = " ".join(found["name"].split())
    if len(name) > LONGEST_NAME or not EARLIEST <= int(year) <= LATEST:
        raise ValueError(line)
    return dt.date(int(year), int(month), int(day)), name
