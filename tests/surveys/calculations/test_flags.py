"""What looks like a machine, and what counts all the same."""

import pytest

from surveys.calculations.flags import agent_family, click_flags, counts, network_of

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1"
)
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36"


@pytest.mark.parametrize(
    ("agent", "family"),
    [
        (IPHONE, "Safari"),
        (CHROME, "Chrome"),
        (f"{CHROME} Edg/120.0", "Edge"),
        (f"{CHROME} OPR/106.0", "Opera"),
        ("Mozilla/5.0 (X11; rv:121.0) Gecko/20100101 Firefox/121.0", "Firefox"),
        ("Mozilla/5.0 (Linux; Android 10; CUBOT_X30) Chrome/120.0 Safari", "Chrome"),
        ("NCSA_Mosaic/2.0", "Other"),
        ("", "Scanner"),
        ("BarracudaCentral/1.0", "Scanner"),
        (CHROME.replace("Chrome", "HeadlessChrome"), "Scanner"),
        ("Mozilla/5.0 (compatible; bingbot/2.0)", "Scanner"),
    ],
)
def test_browsers_are_told_from_scanners(agent: str, family: str) -> None:
    assert agent_family(agent) == family


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1234:5678::1", "2001:db8:1234::/48"),
        ("", ""),
        ("nonsense", ""),
    ],
)
def test_only_the_network_is_kept(address: str, network: str) -> None:
    assert network_of(address) == network


@pytest.mark.parametrize(
    ("facts", "flags"),
    [
        ({}, []),
        ({"seconds": None}, []),
        ({"seconds": 59}, ["fast"]),
        ({"seconds": 60}, []),
        ({"family": "Scanner"}, ["scanner"]),
        ({"trap": True, "score": None}, ["trap"]),
        ({"before": [(3, 1), (9, 2)]}, ["many"]),
        ({"before": [(3, 1), (10.1, 2)]}, []),
        ({"before": [(3, 1), (9, 4)]}, []),
        ({"before": [(3, None), (9, 2)]}, []),
        ({"before": [(1, 1), (2, 2), (3, 3)], "score": None}, ["many"]),
    ],
)
def test_a_click_is_judged_by_time_place_and_number(
    facts: dict[str, object], flags: list[str]
) -> None:
    plain = {
        "seconds": 3600,
        "family": "Safari",
        "trap": False,
        "score": 4,
        "before": [],
    }
    assert click_flags(**{**plain, **facts}) == flags  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("flags", "source", "comment", "verdict"),
    [
        ([], "gesture", "", True),
        (["fast"], "gesture", " ", False),
        (["fast"], "sent", "", True),
        (["scanner"], "sent", "", True),
        (["trap"], "sent", "", False),
        (["fast", "many"], "sent", " ", False),
        (["trap", "many"], "sent", "The export breaks.", True),
    ],
)
def test_a_flag_is_evidence_and_no_verdict(
    flags: list[str], source: str, comment: str, verdict: bool
) -> None:
    assert counts(flags=flags, source=source, comment=comment) is verdict
