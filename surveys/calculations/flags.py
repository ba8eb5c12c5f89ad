"""What makes an answer look like a machine's, and whether it counts all the same."""

import ipaddress
from collections.abc import Collection, Iterable

# Nobody reads a mail and follows its link so soon.
FAST_SECONDS = 60
MANY_SCORES, MANY_WITHIN = 3, 10.0
# Names that mail scanners and fetchers give themselves, in small letters.
SCANNERS = (
    "barracuda", "bitdefender", "bot", "checkpoint", "cisco", "crawler", "curl",
    "fireeye", "forcepoint", "googleimageproxy", "headless", "linkscan", "mimecast",
    "preview", "proofpoint", "python", "safelinks", "scan", "sophos", "spider",
    "symantec", "trend micro", "wget", "zscaler",
)  # fmt: skip
# A telephone, whose name ends like a robot's.
NO_SCANNER = "cubot"
# What leaves doubts also when Send was pressed: people press it once, and see no trap.
GRAVE = frozenset({"many", "trap"})
# The first that fits: browsers also name those that they descend from.
FAMILIES = (
    ("edg", "Edge"),
    ("opr", "Opera"),
    ("samsungbrowser", "Samsung Internet"),
    ("firefox", "Firefox"),
    ("fxios", "Firefox"),
    ("crios", "Chrome"),
    ("chrome", "Chrome"),
    ("safari", "Safari"),
)
SCANNER_FAMILY, OTHER_FAMILY = "Scanner", "Other"


def agent_family(agent: str) -> str:
    """This will name the browser behind a User-Agent header, or say it is a scanner."""
    small = agent.lower().replace(NO_SCANNER, "")
    if not small or any(name in small for name in SCANNERS):
        return SCANNER_FAMILY
    return next((name for part, name in FAMILIES if part in small), OTHER_FAMILY)


def network_of(address: str) -> str:
    """This will return the network an address lies in: /24, for IPv6 /48; "" for none."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(known, ipaddress.IPv6Address) and known.ipv4_mapped:
        known = known.ipv4_mapped
    bits = 24 if known.version == 4 else 48
    return str(ipaddress.ip_network(f"{known}/{bits}", strict=False))


def click_flags(
    *,
    seconds: float | None,
    family: str,
    trap: bool,
    score: int | None,
    before: Iterable[tuple[float, int | None]],
) -> list[str]:
    """This will return what speaks against a click.

    `seconds` since the delivery, None where nothing was delivered; `before` holds the
    earlier clicks as (seconds ago, score).
    """
    near = {old for ago, old in before if ago <= MANY_WITHIN and old is not None}
    scores = near | ({score} if score is not None else set())
    found = {
        "fast": seconds is not None and seconds < FAST_SECONDS,
        "many": len(scores) >= MANY_SCORES,
        "trap": trap,
        "scanner": family == SCANNER_FAMILY,
    }
    return [name for name, holds in found.items() if holds]


def counts(*, flags: Collection[str], source: str, comment: str) -> bool:
    """This will return the rule's word on an answer.

    A flag is evidence, not a verdict: a flagged answer with a comment counts. Without one
    it waits for a person if it came by a touch of the page alone, or if what speaks
    against it is grave.
    """
    if not flags or comment.strip():
        return True
    return source != "gesture" and GRAVE.isdisjoint(flags)
