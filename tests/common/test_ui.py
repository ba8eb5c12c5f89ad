"""The tags of every template."""

import datetime as dt
import math
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.template import engines
from django.utils import timezone, translation
from lucide import IconDoesNotExist

from common.charts import Figure

NOTHING = "–"


def render(source: str, **context: Any) -> str:
    """This will render a template text as pages are, tags built in."""
    return engines["django"].from_string(source).render(context).strip()


def test_icons_are_silent_and_sized_by_css() -> None:
    svg = render('{% icon "phone" "ico-m" %}')
    assert 'class="ico-m"' in svg
    assert 'aria-hidden="true"' in svg
    assert "style=" not in svg
    assert 'width="24"' not in svg


def test_an_icon_that_does_not_exist_is_a_mistake() -> None:
    with pytest.raises(IconDoesNotExist):
        render('{% icon "no-such-icon" %}')


def test_numbers_follow_the_active_language() -> None:
    source = (
        '{{ v|money:"EUR" }} {{ v|money_short:"EUR" }} {{ v|number }} {{ v|signed }}'
    )
    assert render(source, v=48000) == "€48,000 €48K 48,000 +48,000"
    with translation.override("de"):
        assert (
            render(source, v=48000).replace("\N{NO-BREAK SPACE}", " ")
            == "48.000 € 48.000 € 48.000 +48.000"
        )


def test_shares() -> None:
    assert render("{{ v|percent }} {{ v|percent:1 }}", v=0.384) == "38% 38.4%"
    assert render("{% percent_range a b %}", a=0.29, b=Decimal("0.47")) == "29 to 47%"


@pytest.mark.parametrize("value", [None, "", math.nan])
@pytest.mark.parametrize(
    "source",
    [
        '{{ v|money:"EUR" }}',
        '{{ v|money_short:"EUR" }}',
        "{{ v|percent }}",
        "{{ v|number }}",
        "{{ v|signed }}",
        "{% percent_range v 1 %}",
        "{% percent_range 0 v %}",
    ],
)
def test_a_missing_number_is_a_dash(source: str, value: float | str | None) -> None:
    assert render(source, v=value) == NOTHING


@pytest.mark.parametrize(
    "source",
    [
        "{{ v|day }}",
        "{{ v|day_long }}",
        "{{ v|weekday }}",
        "{{ v|days_until }}",
        "{{ v|ago }}",
        "{{ v|moment }}",
        "{% when v %}",
    ],
)
def test_a_missing_day_is_a_dash(source: str) -> None:
    assert render(source, v=None) == NOTHING


def test_days_are_told_from_today() -> None:
    today = timezone.localdate()
    source = "{{ v|days_until }}, {{ v|ago }}"
    assert render(source, v=today + dt.timedelta(days=24)) == "in 24 days, in 24 days"
    assert (
        render("{{ v|day_long }}, {{ v|weekday }}", v=dt.date(2026, 12, 18))
        == "18 December 2026, Friday, 18 December"
    )
    assert render("{{ v|day }}", v=dt.date(2016, 12, 18)) == "18 Dec 2016"


def test_moments_belong_to_the_local_day() -> None:
    late = dt.datetime(2016, 11, 23, 22, 30, tzinfo=dt.UTC)
    with timezone.override(ZoneInfo("Europe/Bucharest")):
        assert render("{{ v|moment }}", v=late) == "24 Nov 2016, 00:30"
        assert render("{{ v|day }}", v=late) == "24 Nov 2016"


def test_when_can_be_read_by_machines_and_checked_by_people() -> None:
    today = timezone.localdate()
    late = today - dt.timedelta(days=41)
    assert render('{% when v "ago" "late" %}', v=late).startswith(
        f'<time datetime="{late.isoformat()}" title="'
    )
    assert render('{% when v "ago" "late" %}', v=late).endswith(
        'class="late">41 days ago</time>'
    )
    moment = dt.datetime(2016, 11, 23, 22, 30, tzinfo=dt.UTC)
    assert render('{% when v "day" %}', v=moment) == (
        '<time datetime="2016-11-23T22:30:00+00:00"'
        ' title="23 Nov 2016, 22:30">23 Nov 2016</time>'
    )


@pytest.mark.parametrize(
    ("band", "tone", "word"),
    [
        (0, "unknown", "Unknown"),
        (1, "crit", "At risk"),
        (2, "warn", "Watch"),
        (3, "ok", "Healthy"),
        (None, "unknown", "Unknown"),
    ],
)
def test_bands_have_words(band: int | None, tone: str, word: str) -> None:
    assert render("{{ v|tone }}", v=band) == tone
    tag = render("{% band v %}", v=band)
    assert f'class="tag {tone}"' in tag
    assert word in tag


def test_initials_and_sparklines() -> None:
    assert render("{{ v|initials }}", v="Ana Popescu") == "AP"
    svg = render("{% sparkline v label %}", v=[1, 2], label='"><b>')
    assert 'aria-label="&quot;&gt;&lt;b&gt;"' in svg


def test_figures_have_a_message_and_a_table() -> None:
    chart = Figure(
        headline="Health <fell>",
        subtitle="Last 90 days",
        wide="<svg></svg>",
        columns=["Week", "Health"],
        rows=[("1", "70"), ("2", "<46>")],
    )
    html = render("{% figure chart %}", chart=chart)
    assert "<svg></svg>" in html
    assert "Health &lt;fell&gt;" in html
    assert '<th scope="row">2</th><td>&lt;46&gt;</td>' in html
    assert "narrow" not in html


class SampleForm(forms.Form):
    name = forms.CharField(help_text="As on the contract.")
    note = forms.CharField(required=False)
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    agreed = forms.BooleanField(help_text="In writing.")


def test_fields_connect_label_help_and_error() -> None:
    html = render("{% field form.name %}", form=SampleForm({}))
    assert '<label for="id_name">' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    assert "(optional)" in render("{% field form.note %}", form=SampleForm())


def test_boxes_and_groups() -> None:
    box = render('{% field form.agreed "wide" %}', form=SampleForm())
    assert 'class="field check wide"' in box
    assert box.index("<input") < box.index("<label")
    group = render("{% field form.kind %}", form=SampleForm())
    assert "<fieldset" in group
    assert "<legend>Kind</legend>" in group


def test_the_summary_links_to_the_fields() -> None:
    html = render("{% error_summary form %}", form=SampleForm({"kind": "a"}))
    assert 'href="#id_name"' in html
    assert 'href="#id_agreed"' in html
    assert "data-first" in html
    quiet = render("{% error_summary form first=False %}", form=SampleForm({}))
    assert "data-first" not in quiet
    assert render("{% error_summary form %}", form=SampleForm()) == ""
