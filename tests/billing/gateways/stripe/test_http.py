"""How questions travel: once, to nobody else, and it is known whether they left."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import stripe

from billing.gateways.stripe.http import CarefulClient, NotSent

Serve = Callable[[socket.socket], None]


@contextmanager
def serving(*answers: Serve) -> Iterator[tuple[str, list[bytes]]]:
    """A server that does with each connection what is said, and what it was asked."""
    asked: list[bytes] = []
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()

        def work() -> None:
            for answer in answers:
                link, _from = door.accept()
                with link:
                    asked.append(link.recv(65_536))
                    answer(link)

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{door.getsockname()[1]}/v1/x", asked
        thread.join(10)


def says(head: str, body: bytes = b"{}") -> Serve:
    def answer(link: socket.socket) -> None:
        length = f"Content-Length: {len(body)}\r\n\r\n"
        link.sendall(f"HTTP/1.1 {head}\r\n{length}".encode() + body)

    return answer


def test_a_redirect_is_not_followed_with_a_charge() -> None:
    away = says("302 Found\r\nLocation: /elsewhere")
    with serving(away) as (url, asked):
        _body, status, _headers = CarefulClient(5).request("post", url, {}, "a=1")
    assert (status, len(asked)) == (302, 1)


def test_the_key_is_never_replaced_from_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login someone password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with serving(says("200 OK")) as (url, asked):
        CarefulClient(5).request("get", url, {"Authorization": "Bearer sk_1"})
    assert b"Authorization: Bearer sk_1\r\n" in asked[0]


def test_a_lost_answer_and_a_lost_question_are_told_apart() -> None:
    with (
        serving(lambda _link: None) as (url, asked),
        pytest.raises(stripe.APIConnectionError) as lost,
    ):
        CarefulClient(5).request("post", url, {}, "a=1")
    assert not isinstance(lost.value, NotSent)
    assert len(asked) == 1
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{closed.getsockname()[1]}/"
        for url in (nowhere, "ftp://127.0.0.1/", "http://"):
            with pytest.raises(NotSent):
                CarefulClient(5).request("post", url, {}, "a=1")


def test_half_an_answer_is_a_lost_one() -> None:
    def half(link: socket.socket) -> None:
        link.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")

    with (
        serving(half) as (url, _asked),
        pytest.raises(stripe.APIConnectionError) as lost,
    ):
        CarefulClient(5).request("post", url, {}, "a=1")
    assert not isinstance(lost.value, NotSent)


def test_who_is_not_proved_to_be_stripe_was_not_asked() -> None:
    """What speaks no TLS at all may be anything: that is taken for a lost answer."""
    with (
        serving(lambda link: link.sendall(b"what?")) as (url, _asked),
        pytest.raises(stripe.APIConnectionError) as lost,
    ):
        CarefulClient(5).request("post", url.replace("http", "https"), {}, "a=1")
    assert not isinstance(lost.value, NotSent)


def test_an_answer_that_drips_ends_with_our_patience() -> None:
    stop = threading.Event()

    def drips(link: socket.socket) -> None:
        link.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        for _number in range(100):
            if stop.wait(0.05):
                return
            try:
                link.sendall(b"x")
            except OSError:
                return

    with serving(drips) as (url, _asked):
        with pytest.raises(stripe.APIConnectionError, match="took too long"):
            CarefulClient(0.5).request("get", url, {})
        stop.set()
