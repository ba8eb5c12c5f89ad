"""Languages and the font, built from packages."""

import io
from pathlib import Path

import polib
import pytest
from django.core.management import CommandError, call_command
from fontTools.ttLib import TTFont
from pytest_django import Settings

from common.assets.workshop import Workshop


@pytest.fixture
def places(tmp_path: Path, settings: Settings) -> Path:
    catalogue = tmp_path / "locale" / "de" / "LC_MESSAGES" / "django.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text('msgid ""\nmsgstr ""\n\nmsgid "Today"\nmsgstr "Heute"\n')
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    settings.BUILD_DIR = tmp_path / "build"
    return tmp_path


def build() -> str:
    out = io.StringIO()
    call_command("build_assets", stdout=out)
    return out.getvalue().strip()


def test_builds_once_and_again_only_what_changed_or_was_lost(places: Path) -> None:
    assert build() == "1 catalogues and 1 font built; the rest is current."
    assert build() == "0 catalogues and 0 font built; the rest is current."
    source = places / "locale" / "de" / "LC_MESSAGES" / "django.po"
    source.write_text(source.read_text().replace("Heute", "Heut"))
    assert build() == "1 catalogues and 0 font built; the rest is current."
    compiled = polib.mofile(str(source.with_suffix(".mo")))
    assert [(entry.msgid, entry.msgstr) for entry in compiled] == [("Today", "Heut")]
    font = places / "build" / "static" / "inter-var.woff2"
    font.unlink()
    assert build() == "0 catalogues and 1 font built; the rest is current."
    is_small_and_has_our_letters(font.read_bytes())


def is_small_and_has_our_letters(content: bytes) -> None:
    assert len(content) <= 35 * 1024
    font = TTFont(io.BytesIO(content))
    letters = font.getBestCmap()
    assert [
        sign for sign in "azAZ09äöüßÄÖÜăâîșțĂÂÎȘȚşţ€„“”’–→−" if ord(sign) not in letters
    ] == []
    (weight,) = font["fvar"].axes
    assert (weight.axisTag, weight.minValue, weight.maxValue) == ("wght", 400, 700)


def test_a_place_that_cannot_be_written_says_what_to_do(
    places: Path, settings: Settings
) -> None:
    # A file stands where the folder should be; permissions would not stop root.
    (places / "occupied").write_text("")
    settings.BUILD_DIR = places / "occupied"
    with pytest.raises(CommandError, match="where the checkout is writable"):
        build()


def test_where_everything_is_built_nothing_is_written(tmp_path: Path) -> None:
    workshop = Workshop(tmp_path / "built.json")
    target = tmp_path / "thing"
    assert workshop.build(target, b"source", lambda: b"made") is True
    before = (tmp_path / "built.json").stat().st_mtime_ns
    assert workshop.build(target, b"source", lambda: b"never") is False
    assert target.read_bytes() == b"made"
    assert (tmp_path / "built.json").stat().st_mtime_ns == before
