"""Browsers by their short names."""

import pytest

from accounts.calculations.browser import browser_short

LINUX = "X11; Linux x86_64; rv:140.0"
WINDOWS = "Windows NT 10.0; Win64; x64"
MAC = "Macintosh; Intel Mac OS X 10_15_7"
IPHONE = "iPhone; CPU iPhone OS 18_0 like Mac OS X"
WEBKIT = "AppleWebKit/605.1.15 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (f"Mozilla/5.0 ({LINUX}) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        (
            f"Mozilla/5.0 ({WINDOWS}) {WEBKIT} Chrome/141.0 Safari/537.36 Edg/141.0",
            "Edge, Windows",
        ),
        (f"Mozilla/5.0 ({MAC}) {WEBKIT} Version/18.0 Safari/605.1.15", "Safari, macOS"),
        (
            f"Mozilla/5.0 ({IPHONE}) {WEBKIT} Version/18.0 Mobile/15E148 Safari/604.1",
            "Safari, iPhone",
        ),
        (
            f"Mozilla/5.0 (Linux; Android 10; K) {WEBKIT} Chrome/141.0 Safari/537.36",
            "Chrome, Android",
        ),
        ("curl/8.5.0", "curl/8.5.0"),
        ("x" * 100, "x" * 40),
        ("", ""),
    ],
)
def test_browsers(agent: str, words: str) -> None:
    assert browser_short(agent) == words
