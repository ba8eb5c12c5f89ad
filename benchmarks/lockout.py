"""Guessing from one address: how many guesses are really tried, and who is kept out.

    script/bench lockout          200 guesses of each sort
    script/bench lockout --full   1,000 guesses of each sort

A real web server on the loopback, reached from 127.0.0.1 (the one who guesses) and from
127.0.0.2 (the person, elsewhere). Every guess carries other forwarding headers, and the
guesses come on several connections at once. What was tried is counted twice: outside, by
the answers that are not 429 (the last tried one answers 429 too), and inside, by the rows
that django-axes writes for every wrong one it let through; the larger number counts.
"""

import argparse
import http.client
import random
import re
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

from tests.live import Site, site

PASSWORD = "a long enough password"  # noqa: S105 - of a throw-away site
CODES = "codes@example.org"
HERE, ELSEWHERE = "127.0.0.1", "127.0.0.2"
AT_ONCE = 8
GOAL = 10
MAKE = f"""
from accounts.models import User
from allauth.mfa.totp.internal.auth import TOTP
for name in ("none", "one", "{CODES.split("@")[0]}"):
    made = User.objects.create_user(name + "@example.org", {PASSWORD!r}, name=name)
TOTP.activate(made, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
"""


class Caller:
    """A program that keeps cookies and sits at an address of its own."""

    def __init__(self, running: Site, source: str) -> None:
        host, _, port = running.address.removeprefix("http://").partition(":")
        self.connection = http.client.HTTPConnection(
            host, int(port), timeout=60, source_address=(source, 0)
        )
        self.cookies: dict[str, str] = {}

    def send(
        self, method: str, path: str, headers: dict[str, str], body: str = ""
    ) -> tuple[int, str]:
        """This will return the status and the page."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        self.connection.request(
            method, path, body or None, {**headers, **kind, "Cookie": cookies}
        )
        answer = self.connection.getresponse()
        page = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, page

    def post(self, path: str, headers: dict[str, str], **fields: str) -> int:
        """This will send a form with the token of the page it stands on."""
        if "csrftoken" not in self.cookies:
            self.send("GET", path, headers)
        token = self.cookies["csrftoken"]
        body = urlencode({**fields, "csrfmiddlewaretoken": token})
        return self.send("POST", path, headers, body)[0]

    def sign_in(self, email: str, password: str, headers: dict[str, str]) -> int:
        return self.post("/sign-in/", headers, login=email, password=password)


def forged(number: int, *, proxied: str = "") -> dict[str, str]:
    """This will make headers that claim another address with every guess.

    `proxied` is what a proxy of ours adds at the end, as real ones do.
    """
    address = f"10.{number >> 8 & 255}.{number & 255}.7"
    chain = ", ".join(filter(None, [address, proxied]))
    return {
        "X-Forwarded-For": chain,
        "X-Real-IP": address,
        "Forwarded": f"for={address}",
        "X-Client-IP": address,
        "CF-Connecting-IP": address,
        "User-Agent": f"guess/{number}",
    }


def guesses(
    running: Site, email: str, count: int, *, proxied: str = ""
) -> Counter[int]:
    """This will guess a password from one address, several at once."""

    def part(first: int) -> list[int]:
        caller = Caller(running, HERE)
        return [
            caller.sign_in(email, f"wrong {number}", forged(number, proxied=proxied))
            for number in range(first, count, AT_ONCE)
        ]

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return Counter(
            status for answers in pool.map(part, range(AT_ONCE)) for status in answers
        )


def code_guesses(running: Site, count: int) -> Counter[int]:
    """This will guess the code of somebody whose password is known."""
    caller = Caller(running, HERE)
    caller.sign_in(CODES, PASSWORD, forged(0))
    random.seed(1)
    return Counter(
        caller.post("/sign-in/code/", forged(number), code=f"{number:06}")
        for number in random.sample(range(10**6), count)
    )


def tried(running: Site, email: str, answers: Counter[int]) -> int:
    """This will return how many guesses got as far as being compared."""
    ((rows,),) = running.rows(
        "SELECT coalesce(sum(failures_since_start), 0) FROM axes_accessattempt"
        f" WHERE username = '{email}'"
    )
    outside = sum(answers.values()) - answers[429]
    return max(int(str(rows)), outside)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true")
    count = 1000 if parser.parse_args().full else 200
    fine = True
    for proxies, email in ((0, "none@example.org"), (1, "one@example.org")):
        with (
            tempfile.TemporaryDirectory() as name,
            site(Path(name)) as running,
        ):
            running.env["KEEPWELL_PROXIES"] = str(proxies)
            running.python(MAKE)
            running.start_web()
            fine &= figures(running, email, count, proxies)
    return 0 if fine else 1


def figures(running: Site, email: str, count: int, proxies: int) -> bool:
    """This will guess, then let the person come in from elsewhere; a line per figure."""
    label = ("direct", "one_proxy")[proxies]
    here, there = ("198.51.100.1", "198.51.100.2") if proxies else ("", "")
    answers = guesses(running, email, count, proxied=here)
    checked = tried(running, email, answers)
    right = forged(count, proxied=here)
    locked = Caller(running, HERE).sign_in(email, PASSWORD, right)
    # Behind a proxy all connections come from it: elsewhere is what it writes down.
    source = HERE if proxies else ELSEWHERE
    open_there = Caller(running, source).sign_in(
        email, PASSWORD, forged(1, proxied=there)
    )
    lines = [
        (f"{label}.guesses", sum(answers.values()), count),
        (f"{label}.checked", checked, None),
        (f"{label}.right_password_from_there", locked, 429),
        (f"{label}.person_from_elsewhere", open_there, 302),
    ]
    if not proxies:
        codes = code_guesses(running, count)
        lines += [
            ("codes.guesses", sum(codes.values()), count),
            ("codes.checked", tried(running, CODES, codes), None),
        ]
    fine = True
    for what, value, goal in lines:
        good = value == goal if goal is not None else 0 < value <= GOAL
        unit = "status" if re.search("password|person", what) else "guesses"
        print(
            f"{what} {value} {unit} {goal or f'<={GOAL}'} {'ok' if good else 'short'}"
        )
        fine &= good
    return fine


if __name__ == "__main__":
    sys.exit(main())
