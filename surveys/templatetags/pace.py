"""Spans of time in words: {% load pace %}{{ pace.reply_median|span }}."""

import datetime as dt

from django import template

from surveys.answer_words import span_words

register = template.Library()


@register.filter
def span(value: dt.timedelta) -> str:
    """This will write a span in the largest unit that fits."""
    return span_words(value)
