"""No language lags behind: whatever is in a catalogue is translated."""

from pathlib import Path

import polib
import pytest
from django.conf import settings

LANGUAGES = [code for code, _ in settings.LANGUAGES if code != "en"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_string_is_translated(language: str) -> None:
    path = Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / "django.po"
    catalogue = polib.pofile(str(path))
    assert len(catalogue) > 0
    lacking = [entry.msgid for entry in catalogue if not entry.translated()]
    assert lacking == []
    assert [entry.msgid for entry in catalogue if entry.fuzzy] == []


def test_romanian_has_three_forms() -> None:
    path = Path(settings.LOCALE_PATHS[0]) / "ro" / "LC_MESSAGES" / "django.po"
    plurals = [entry for entry in polib.pofile(str(path)) if entry.msgid_plural]
    assert plurals
    assert [entry.msgid for entry in plurals if len(entry.msgstr_plural) != 3] == []
