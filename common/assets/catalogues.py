"""Translations, from the text people edit to the form gettext reads."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path

import polib

from common.assets.workshop import Workshop


def catalogues_build(folders: Iterable[Path], workshop: Workshop) -> int:
    """This will compile every changed .po beside itself and return how many there were.

    Django looks for the .mo nowhere else. Fuzzy entries are left out, as msgfmt does.
    """
    sources = [
        source
        for folder in folders
        for source in sorted(folder.glob("*/LC_MESSAGES/*.po"))
    ]
    return sum(
        workshop.build(
            source.with_suffix(".mo"), source.read_bytes(), partial(_compile, source)
        )
        for source in sources
    )


def _compile(source: Path) -> bytes:
    content: bytes = polib.pofile(str(source)).to_binary()
    return content
