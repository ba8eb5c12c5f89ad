"""What people may ask of the lists."""

from typing import Any

from django import forms


class ListForm(forms.Form):
    """Filter, name and place of a list; whatever is wrong falls back to the whole list."""

    f = forms.CharField(required=False, max_length=20)
    q = forms.CharField(required=False, max_length=100)
    at = forms.CharField(required=False, max_length=200)

    def asked(self, filters: dict[str, Any]) -> tuple[str, str, str]:
        """This will return filter, words and cursor. The first filter is the whole list."""
        self.is_valid()
        chosen = self.cleaned_data.get("f", "")
        words = self.cleaned_data.get("q", "").replace("\0", "")
        first = next(iter(filters))
        return (
            chosen if chosen in filters else first,
            words,
            self.cleaned_data.get("at", ""),
        )
