"""What mail scanners do with the links of a survey, and what a person does.

A machine that presses Send itself, as a person would, is an answer to us: nothing on the
page tells the two apart. All that is known of scanners short of that is done here.
"""

import os
import shutil
import time
from collections import Counter
from collections.abc import Sequence
from random import Random

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.chaos.mail import Figure
from tests.live import Site
from tests.wire import PERSON, Wire, share_out

SEED = 20261122
# A finger, a mouse and a keyboard.
TAPS = 3
AT_ONCE = 10
# What headless Chromium waits on every page, and on the first ones.
SHORT, LONG = 300, 6_000
PATIENCE = 600
PLAIN = ("fast", "get", "head", "scores", "trap", "post", "agent")
AGENTS = (
    "Mozilla/5.0 (compatible; BarracudaCentral/1.0)",
    "Mozilla/5.0 (Windows NT 10.0) Mimecast/1.0 Chrome/120.0 Safari/537.36",
    "Mozilla/5.0 (compatible; Proofpoint URL Defense)",
    "Mozilla/5.0 (Windows NT 10.0) SafeLinks Chrome/120.0 Safari/537.36",
    "GoogleImageProxy",
    "curl/8.5.0",
    "python-requests/2.32",
    "",
)
BODIES = (
    "",
    "step=confirm",
    "step=send&comment=hello",
    "score=",
    "score=11&step=confirm",
    "score=-1&step=send",
    "score=four&step=send",
)
# Everything short of sending the form: waiting, scrolling, clicks and events by script.
ROBOT = """addEventListener("load", async () => {
  const wait = WAIT;
  const rest = (ms) => new Promise((done) => setTimeout(done, ms));
  const radios = [...document.querySelectorAll("[name=score]")];
  const spots = [document, document.body, document.querySelector("h1"),
    document.querySelector("textarea"), ...radios, ...document.querySelectorAll("label")];
  await rest(wait);
  for (let y = 0; y <= 2000; y += 200) { window.scrollTo(0, y); await rest(5); }
  for (const radio of radios) { radio.click(); radio.focus(); }
  for (const spot of spots) {
    for (const name of ["pointerdown", "pointerup", "pointercancel"])
      spot.dispatchEvent(new PointerEvent(name, { bubbles: true, pointerType: "touch" }));
    for (const name of ["mousedown", "mouseup", "mousemove"])
      spot.dispatchEvent(new MouseEvent(name, { bubbles: true }));
    for (const name of ["keydown", "keyup"])
      spot.dispatchEvent(new KeyboardEvent(name, { bubbles: true, key: "4" }));
    for (const name of ["touchstart", "touchend", "input", "change", "visibilitychange"])
      spot.dispatchEvent(new Event(name, { bubbles: true }));
  }
  window.dispatchEvent(new Event("pagehide"));
  await rest(500);
  console.debug("robot: done");
});"""
DONE = "robot: done"


def plan(visits: int) -> list[str]:
    """This will say what each visit is: a tenth by a browser, the hurried ones first."""
    browsers = visits // 10
    plain = [PLAIN[n % len(PLAIN)] for n in range(visits - browsers)]
    kinds = [*plain, *["browser", "disguised"] * browsers][:visits]
    return sorted(kinds, key=lambda kind: (kind != "fast", kind in DRIVEN))


DRIVEN = {"browser", "disguised"}


def robot(wait: int) -> str:
    """This will return a script for every page of a context.

    Not for `page.evaluate`: what Playwright evaluates counts as a person's gesture.
    """
    return ROBOT.replace("WAIT", str(wait), 1)


def scanned(
    running: Site, kinds: Sequence[str], links: Sequence[tuple[int, str]]
) -> list[Figure]:
    """This will visit each link in its own way, then let a person touch the last ones."""
    visits = list(zip(kinds, links, strict=False))
    walked = [visit for visit in visits if visit[0] not in DRIVEN]
    began, statuses = time.monotonic(), Counter[int]()

    def walk(wire: Wire, visit: tuple[str, tuple[int, str]]) -> None:
        kind, (pk, token) = visit
        statuses.update(_walk(wire, kind, token, Random(SEED + pk)))

    share_out(running.address, walked, walk)
    with sync_playwright() as playwright:
        path = os.environ.get("KEEPWELL_CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(
            executable_path=path or shutil.which("google-chrome"), args=["--no-sandbox"]
        )
        posts = sum(_drive(browser, running, kind, visits) for kind in sorted(DRIVEN))
        kept = _answers(running)
        print(f"{'visits: seconds, by status':<44} "
              f"{time.monotonic() - began:>8.1f} {dict(statuses)}")  # fmt: skip
        people = links[len(kinds) : len(kinds) + TAPS]
        touched = [_touch(browser, running, *one) for one in enumerate(people)]
        browser.close()
    errors = sum(count for status, count in statuses.items() if status >= 500)
    clicks = _clicks_as_expected(running, visits)
    real = sum(touched)
    return [
        ("scanner visits", len(visits), str(len(kinds)), len(visits) == len(kinds)),
        ("answers by scanners", kept, "0", kept == 0),
        ("posts by headless Chromium", posts, "0", posts == 0),
        ("errors of the server", errors, "0", errors == 0),
        (
            "visits whose clicks bear their flags",
            clicks,
            str(len(visits)),
            clicks == len(visits),
        ),
        ("answers by finger, mouse, key", real, str(TAPS), real == TAPS),
    ]


def _walk(wire: Wire, kind: str, token: str, chance: Random) -> list[int]:
    """This will do what a scanner without a browser does, and return the statuses."""
    page, scored = f"/s/{token}", f"/s/{chance.randrange(11)}/{token}"
    every = [f"/s/{score}/{token}" for score in range(11)]
    asked = {
        "fast": [("GET", scored)],
        "get": [("GET", page), ("GET", scored)],
        "head": [("HEAD", path) for path in (page, scored, f"/s/more/{token}")],
        "scores": [("GET", path) for path in every],
        "trap": [("GET", page), ("GET", f"/s/more/{token}")],
        "agent": [("GET", page), ("GET", scored)],
    }
    if kind == "post":
        return [wire.ask("POST", page, body).status for body in BODIES]
    agent = chance.choice(AGENTS) if kind == "agent" else PERSON
    return [wire.ask(method, path, agent=agent).status for method, path in asked[kind]]


def _drive(
    browser: Browser,
    running: Site,
    kind: str,
    visits: Sequence[tuple[str, tuple[int, str]]],
) -> int:
    """This will open the pages by the tens, act by script, and count what is posted."""
    agent = {"user_agent": PERSON} if kind == "disguised" else {}
    tokens = [token for found, (_pk, token) in visits if found == kind]
    posts: list[str] = []
    for first in range(0, len(tokens), AT_ONCE):
        part, done = tokens[first : first + AT_ONCE], list[str]()
        context = browser.new_context(**agent)  # type: ignore[arg-type]
        context.add_init_script(robot(SHORT if first else LONG))
        context.on("request", lambda asked: posts.append(asked.method))
        context.on("console", lambda line, done=done: done.append(line.text))
        for token in part:
            page = context.new_page()
            page.goto(f"{running.address}/s/9/{token}")
        end = time.monotonic() + PATIENCE
        while done.count(DONE) < len(part):
            if time.monotonic() > end:
                msg = f"Only {done.count(DONE)} of {len(part)} pages were gone through."
                raise TimeoutError(msg)
            page.wait_for_timeout(100)
        context.close()
    return posts.count("POST")


def _touch(browser: Browser, running: Site, number: int, link: tuple[int, str]) -> bool:
    """This will do what a person does once, and say whether a 4 that counts is kept."""
    pk, token = link
    context: BrowserContext = browser.new_context(
        user_agent=PERSON,
        viewport={"width": 390, "height": 844},
        has_touch=True,
        is_mobile=True,
    )
    page: Page = context.new_page()
    page.goto(f"{running.address}/s/4/{token}")
    if number == 0:
        page.locator("h1").tap()
    elif number == 1:
        page.locator("h1").click()
    else:
        page.keyboard.press("Tab")
    page.get_by_role("status").get_by_text("Your 4 is saved").wait_for()
    context.close()
    query = "SELECT score, source, counted FROM surveys_response WHERE invitation_id = "
    return running.rows(f"{query}{pk}") == [(4, "gesture", True)]


def _answers(running: Site) -> int:
    return len(running.rows("SELECT id FROM surveys_response"))


def _clicks_as_expected(
    running: Site, visits: Sequence[tuple[str, tuple[int, str]]]
) -> int:
    """This will count the visits whose clicks, and what speaks against them, are noted."""
    noted: dict[int, list[set[str]]] = {}
    for pk, flags in running.rows(
        "SELECT invitation_id, flags FROM surveys_click ORDER BY id"
    ):
        noted.setdefault(int(str(pk)), []).append(set(flags))  # type: ignore[call-overload]
    nothing: set[str] = set()
    expected: dict[str, list[set[str]]] = {
        "fast": [{"fast"}],
        "get": [nothing, nothing],
        "head": [],
        "scores": [nothing] * 2 + [{"many"}] * 9,
        "trap": [nothing, {"trap"}],
        "post": [],
        "agent": [{"scanner"}, {"scanner"}],
        "browser": [{"scanner"}],
        "disguised": [nothing],
    }
    return sum(noted.get(pk, []) == expected[kind] for kind, (pk, _token) in visits)
