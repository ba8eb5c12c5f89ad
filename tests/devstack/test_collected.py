"""Static files are collected again when one of them changes, and only then."""

from pathlib import Path

from devstack.collected import fingerprint, remember, up_to_date
from devstack.places import Places


def test_every_change_counts(tmp_path: Path) -> None:
    style = tmp_path / "static" / "css" / "app.css"
    style.parent.mkdir(parents=True)
    style.write_text("a")
    seen = [fingerprint(tmp_path)]
    assert fingerprint(tmp_path) == seen[0]

    def look() -> None:
        seen.append(fingerprint(tmp_path))

    style.write_text("bb")
    look()
    style.rename(style.with_name("new.css"))
    look()
    (tmp_path / "requirements.txt").write_text("django==5")
    look()
    built = tmp_path / "var" / "build" / "static"
    built.mkdir(parents=True)
    (built / "font.woff2").touch()
    look()
    assert len(set(seen)) == 5
    collected = tmp_path / "var" / "static"
    collected.mkdir()
    (collected / "app.css").touch()
    assert fingerprint(tmp_path) == seen[-1]


def test_up_to_date_after_collecting(places: Places) -> None:
    assert not up_to_date(places, "one")
    remember(places, "one")
    assert up_to_date(places, "one")
    assert not up_to_date(places, "two")
