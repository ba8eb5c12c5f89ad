"""Every address, asked by everybody in every way (I3, I8)."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.access.harness import addresses, answers, asked, undone, word
from tests.access.matrix import COLUMNS, MATRIX, OPEN_TO_ALL, WITHOUT_CSRF, Row
from tests.access.objects import OBJECTS, Cast

ROWS = {name: row for group in MATRIX.values() for name, row in group.items()}
NOT_THIS_WAY = "405"
# Nobody, somebody who may everything, and somebody to whom it does not belong.
FEW = ("anonymous", "admin", "other")
UNSAFE = (
    ("anonymous", "POST"), ("admin", "POST"), ("admin", "PUT"), ("admin", "DELETE"),
)  # fmt: skip
LEFT_OUT = (
    "tests/access/matrix.py knows nothing of {names}. Add a row to MATRIX: what the"
    " address names (a builder of tests/access/objects.py), and the answers to GET and"
    " POST for {columns}."
)

pytestmark = pytest.mark.usefixtures("at_noon")


def test_every_address_has_a_name() -> None:
    assert [pattern for name, pattern, _view in addresses() if not name] == []


def test_every_address_is_in_the_matrix() -> None:
    known = {name for name, _pattern, _view in addresses()}
    names = ", ".join(sorted(known - set(ROWS)))
    assert not names, LEFT_OUT.format(names=names, columns=", ".join(COLUMNS))
    assert sorted(set(ROWS) - known) == [], "these addresses are gone: drop their rows"
    assert len(ROWS) == sum(len(group) for group in MATRIX.values())


@pytest.mark.parametrize("group", sorted(MATRIX))
def test_who_gets_what(group: str, everybody: Cast) -> None:
    """HEAD is a GET whose page is thrown away: three ask for what six get."""
    wrong = []
    for name, row in MATRIX[group].items():
        expected = {
            "GET": row.get.split(),
            "HEAD": [row.get.split()[COLUMNS.index(column)] for column in FEW],
            "POST": row.post.split(),
        }
        ways = {"GET": COLUMNS, "HEAD": FEW, "POST": COLUMNS}
        found = answers(everybody, name, row.on, ways)
        wrong += [
            f"{method} {name}: {found[method]} instead of {expected[method]}"
            for method in ways
            if found[method] != expected[method]
        ]
    assert wrong == []


@pytest.mark.parametrize("group", sorted(MATRIX))
def test_no_other_method_opens_a_door(group: str, everybody: Cast) -> None:
    """PUT and DELETE do nothing, or what POST does (allauth's forms take PUT)."""
    wrong = []
    for name, row in MATRIX[group].items():
        ways = dict.fromkeys(("PUT", "DELETE"), FEW)
        for method, found in answers(everybody, name, row.on, ways).items():
            for column, told in zip(FEW, found, strict=True):
                if told not in allowed(row, column):
                    wrong.append(f"{method} {name} as {column}: {told}")
    assert wrong == []


def allowed(row: Row, column: str) -> set[str]:
    place = COLUMNS.index(column)
    return {NOT_THIS_WAY, row.get.split()[place], row.post.split()[place]}


def test_the_rows_are_complete() -> None:
    for name, row in ROWS.items():
        assert row.on in OBJECTS, name
        assert len(row.get.split()) == len(row.post.split()) == len(COLUMNS), name
        assert "500" not in row.get + row.post, name


def test_only_these_are_open_to_all() -> None:
    found = {
        name
        for name, _pattern, view in addresses()
        if not getattr(view, "login_required", True)
    }
    assert sorted(found) == sorted(OPEN_TO_ALL)
    closed = {name for name, row in ROWS.items() if row.get.startswith("in ")}
    assert closed == set(ROWS) - set(OPEN_TO_ALL)


def test_only_these_do_without_a_token_against_forgery() -> None:
    found = {
        name
        for name, _pattern, view in addresses()
        if getattr(view, "csrf_exempt", False)
    }
    assert sorted(found) == sorted(WITHOUT_CSRF)


def test_all_others_refuse_a_post_without_the_token(everybody: Cast) -> None:
    clients = {}
    for column in ("anonymous", "admin"):
        clients[column] = Client(
            enforce_csrf_checks=True, raise_request_exception=False
        )
        clients[column].cookies = everybody.clients[column].cookies
    wrong = []
    for name, row in ROWS.items():
        if name in WITHOUT_CSRF:
            continue
        with undone():
            url = reverse(name, args=OBJECTS[row.on](everybody))
            for column, method in UNSAFE:
                answer: Any = asked(clients[column], method, url)
                refused = [t.name for t in answer.templates if t.name]
                if word(answer) != "403" or "403_csrf.html" not in refused:
                    wrong.append(f"{method} {name} as {column}: {word(answer)}")
    assert wrong == []
