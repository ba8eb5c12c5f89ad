"""Every stage of the protocol can fail in every way; only four things can come of it."""

import datetime as dt
import ipaddress
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core.mail import EmailMultiAlternatives

from common.sealing import seal
from mail.models import MailServer
from mail.transport import smtp
from mail.transport.base import (
    RefusedForGood,
    RefusedForNow,
    TransportError,
    Unclear,
    Unreachable,
)
from mail.transport.smtp import SmtpTransport
from tests.mail.smtp_server import HANG_UP, SAY_NOTHING, Server


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as made:
        yield made


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "CONNECT_SECONDS", 0.5)
    monkeypatch.setattr(smtp, "COMMAND_SECONDS", 0.5)


def way_to(server: Server, **fields: object) -> SmtpTransport:
    settings = {"security": "none", "host": "127.0.0.1", "port": server.port}
    return SmtpTransport(MailServer(kind="smtp", **{**settings, **fields}))


def letter(to: str = "kim@example.org", **fields: object) -> EmailMultiAlternatives:
    return EmailMultiAlternatives(
        "Hello", "Dear Kim", "Fleetlane <post@fleetlane.example>", [to], **fields
    )


def outcome(server: Server, **fields: object) -> TransportError:
    way = way_to(server, **fields)
    with pytest.raises(TransportError) as caught:
        way.send(letter(), message_id=1)
    way.close()
    return caught.value


def test_a_mail_is_handed_over_and_the_servers_words_are_kept(server: Server) -> None:
    way = way_to(server)
    receipt = way.send(letter("Kim <kim@example.org>"), message_id=1)
    way.close()
    assert receipt.reply == "250 taken as 77"
    assert server.lines[1].startswith("mail FROM:<post@fleetlane.example> size=")
    assert server.lines[2] == "rcpt TO:<kim@example.org>"
    assert b"\r\nDear Kim" in server.taken[0]


def test_a_connection_is_kept_for_many_mails(server: Server) -> None:
    way = way_to(server)
    for number in range(5):
        way.send(letter(), message_id=number)
    way.close()
    assert (server.connections, len(server.taken)) == (1, 5)


def test_lines_that_begin_with_a_dot_arrive_as_they_were(server: Server) -> None:
    mail = letter()
    mail.body = ".first\n..second\n.\nlast"
    way = way_to(server)
    way.send(mail, message_id=1)
    way.close()
    body = server.taken[0].partition(b"\r\n\r\n")[2]
    assert body.replace(b"\r\n..", b"\r\n.").removeprefix(b".").startswith(b".first")
    assert b"\r\n...second\r\n..\r\nlast" in body


@pytest.mark.parametrize(
    ("stage", "answer", "kind"),
    [
        # We ourselves are not let in.
        ("connect", "554 go away", Unreachable),
        ("connect", "421 too many connections", Unreachable),
        ("connect", HANG_UP, Unreachable),
        ("connect", SAY_NOTHING, Unreachable),
        ("MAIL", "550 5.7.1 sender not allowed", Unreachable),
        ("MAIL", "530 5.7.0 sign in first", Unreachable),
        ("MAIL", HANG_UP, Unreachable),
        ("MAIL", SAY_NOTHING, Unreachable),
        # This mail, for now.
        ("MAIL", "451 4.3.2 later", RefusedForNow),
        ("MAIL", "421 4.3.2 later", RefusedForNow),
        ("RCPT", "450 4.2.0 greylisted", RefusedForNow),
        ("RCPT", "421 closing", RefusedForNow),
        ("RCPT", HANG_UP, RefusedForNow),
        ("RCPT", SAY_NOTHING, RefusedForNow),
        ("DATA", "451 later", RefusedForNow),
        ("DATA", HANG_UP, RefusedForNow),
        ("DATA", SAY_NOTHING, RefusedForNow),
        ("DATA", "250 what?", RefusedForNow),
        ("body", "452 4.3.1 disk full", RefusedForNow),
        ("body", "421 4.3.2 closing", RefusedForNow),
        # This mail, for good.
        ("MAIL", "552 5.3.4 too large", RefusedForGood),
        ("RCPT", "550 5.1.1 no such user", RefusedForGood),
        ("DATA", "554 5.7.1 no", RefusedForGood),
        ("body", "554 5.7.1 spam", RefusedForGood),
        # Nobody knows.
        ("body", HANG_UP, Unclear),
        ("body", SAY_NOTHING, Unclear),
        ("body", "354 what?", Unclear),
        ("body", "what?", Unclear),
    ],
)
def test_what_may_come_of_a_mail(
    server: Server, stage: str, answer: str, kind: type[TransportError]
) -> None:
    server.answers[stage] = [answer]
    error = outcome(server)
    assert type(error) is kind
    if answer not in {HANG_UP, SAY_NOTHING}:
        assert answer[4:] in str(error)
    assert len(server.taken) == (1 if stage == "body" else 0)


@pytest.mark.parametrize(
    ("answer", "dead"),
    [
        ("550 5.1.1 no such user", True),
        ("553 5.1.3 bad syntax", True),
        ("556 5.1.10 domain takes no mail", True),
        ("550 no such user here", True),
        ("551 user not local", True),
        ("553 mailbox name not allowed", True),
        ("550 5.7.1 your network is on a list", False),
        ("550 5.2.1 mailbox disabled", False),
        ("552 5.2.2 mailbox full", False),
        ("554 5.1.1 rejected", False),
        ("550-5.7.26 unauthenticated\r\n550 5.7.26 see our page", False),
    ],
)
def test_an_address_is_dead_only_when_the_server_says_so(
    server: Server, answer: str, dead: bool
) -> None:
    server.answers["RCPT"] = [answer]
    error = outcome(server)
    assert isinstance(error, RefusedForGood)
    assert error.dead_address is dead


def test_after_a_refusal_the_same_connection_goes_on(server: Server) -> None:
    server.answers["RCPT"] = ["450 later", "250 ok"]
    way = way_to(server)
    with pytest.raises(RefusedForNow):
        way.send(letter(), message_id=1)
    way.send(letter(), message_id=2)
    way.close()
    assert (server.connections, len(server.taken)) == (1, 1)


def test_after_421_a_new_connection_is_made(server: Server) -> None:
    server.answers["RCPT"] = ["421 closing"]
    way = way_to(server)
    with pytest.raises(RefusedForNow):
        way.send(letter(), message_id=1)
    way.send(letter(), message_id=2)
    way.close()
    assert (server.connections, len(server.taken)) == (2, 1)


@pytest.mark.parametrize("answer", [HANG_UP, "421 4.4.2 you were silent for too long"])
def test_a_connection_that_died_in_between_is_no_error(
    server: Server, answer: str
) -> None:
    way = way_to(server)
    way.send(letter(), message_id=1)
    server.answers["MAIL"] = [answer]
    way.send(letter(), message_id=2)
    way.close()
    assert (server.connections, len(server.taken)) == (2, 2)


def test_a_connection_that_was_hung_up_silently_is_opened_again(
    server: Server,
) -> None:
    server.hang_up_after_mail = True
    way = way_to(server)
    for number in range(3):
        assert way.send(letter(), message_id=number).reply == "250 taken as 77"
    way.close()
    assert (server.connections, len(server.taken)) == (3, 3)


def test_nobody_listens() -> None:
    with Server() as server:
        pass
    error = outcome(server)
    assert type(error) is Unreachable
    assert "refused" in str(error)


def test_a_wrong_password_is_our_fault_and_said_in_the_servers_words(
    server: Server,
) -> None:
    server.usual["EHLO"] = "250-mail.example\r\n250 AUTH PLAIN LOGIN"
    server.usual["AUTH"] = "535 5.7.8 wrong password"
    error = outcome(server, username="post", secrets=seal('{"password": "s3cret"}'))
    assert type(error) is Unreachable
    assert str(error) == "535 5.7.8 wrong password"


def test_the_password_is_used(server: Server) -> None:
    server.usual["EHLO"] = "250-mail.example\r\n250 AUTH PLAIN"
    way = way_to(server, username="post", secrets=seal('{"password": "s3cret"}'))
    assert way.check() == "220 mail.example ready"
    # base64 of \0post\0s3cret
    assert "AUTH PLAIN AHBvc3QAczNjcmV0" in server.lines
    assert server.lines[-1].upper() == "QUIT"


def test_a_password_under_another_secret_key_is_our_fault(server: Server) -> None:
    server.usual["EHLO"] = "250-mail.example\r\n250 AUTH PLAIN"
    error = outcome(server, username="post", secrets="nothing that was sealed")
    assert type(error) is Unreachable
    assert "secret key has changed" in str(error)


def test_the_check_says_what_the_server_says(server: Server) -> None:
    assert way_to(server).check() == "220 mail.example ready"
    assert server.taken == []
    server.answers["NOOP"] = ["421 closing"]
    with pytest.raises(Unreachable, match="421 closing"):
        way_to(server).check()


def test_a_domain_of_other_letters_is_spelled_for_the_protocol(server: Server) -> None:
    way = way_to(server)
    way.send(letter("kim@müller.example"), message_id=1)
    way.close()
    assert server.lines[2] == "rcpt TO:<kim@xn--mller-kva.example>"


def test_other_letters_before_the_at_need_a_server_that_knows_them(
    server: Server,
) -> None:
    way = way_to(server)
    with pytest.raises(RefusedForGood, match="SMTPUTF8"):
        way.send(letter("jörg@example.org"), message_id=1)
    way.close()
    server.usual["EHLO"] = "250-mail.example\r\n250-8BITMIME\r\n250 SMTPUTF8"
    way = way_to(server)
    way.send(letter("jörg@example.org"), message_id=1)
    # The next mail is told in plain letters again.
    way.send(letter(), message_id=2)
    way.close()
    assert "rcpt TO:<jörg@example.org>" in server.lines
    told = [line for line in server.lines if line.startswith("mail FROM")]
    assert [line.endswith("smtputf8") for line in told] == [True, False]


@pytest.mark.parametrize(
    "address", ["", "kim", "kim@", "@example.org", "kim@" + "x" * 70 + ".example"]
)
def test_what_is_no_address_never_reaches_a_server(
    server: Server, address: str
) -> None:
    with pytest.raises(RefusedForGood):
        way_to(server).send(letter(address), message_id=1)
    assert server.connections == 0


def test_a_line_break_in_an_address_adds_no_command(server: Server) -> None:
    mail = letter()
    mail.to = ["kim@example.org\r\nRCPT TO:<other@example.org>"]
    with pytest.raises((RefusedForGood, ValueError)):
        way_to(server).send(mail, message_id=1)
    assert server.taken == []
    assert not [line for line in server.lines if "other@" in line]


def certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """This will make a certificate for 127.0.0.1 that signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example")])
    now = dt.datetime.now(dt.UTC)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    authority, both = folder / "ca.pem", folder / "both.pem"
    authority.write_bytes(made.public_bytes(pem))
    private = key.private_bytes(
        pem,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    both.write_bytes(private + made.public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    return context, authority


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_protection_is_used_and_the_certificate_is_checked(
    security: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, authority = certificate(tmp_path)
    with Server(context, at_once=security == "tls") as server:
        server.usual["EHLO"] += "\r\n250 STARTTLS"
        server.usual["EHLO"] = server.usual["EHLO"].replace("250 8BIT", "250-8BIT")
        error = outcome(server, security=security)
        assert type(error) is Unreachable
        assert "certificate verify failed" in str(error)
        monkeypatch.setenv("SSL_CERT_FILE", str(authority))
        way = way_to(server, security=security)
        way.send(letter(), message_id=1)
        way.send(letter(), message_id=2)
        way.close()
    assert (len(server.taken), server.connections) == (2, 2)


def test_a_server_without_starttls_gets_no_password(server: Server) -> None:
    error = outcome(server, security="starttls", username="post", secrets=seal("{}"))
    assert type(error) is Unreachable
    assert "STARTTLS" in str(error)
    assert not [line for line in server.lines if line.startswith("AUTH")]
