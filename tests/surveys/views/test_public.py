"""The page behind a survey's mail: what it shows, takes, refuses and never does."""

import gzip
import threading
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import Company, User
from common.links import link_token
from customers.models import Event
from surveys.models import (
    Click,
    Invitation,
    Response,
    Survey,
    SurveyVersion,
)
from tests import world
from tests.mail.payloads import PAYLOADS
from tests.pages import words
from tests.surveys.answering import (
    CHROME,
    DAY,
    asked,
    confirm,
    delivered,
    edits,
    stands,
    token,
    url,
)
from tests.world import CONTENT, NOW

FORM = "application/x-www-form-urlencoded"
SEND, TOUCH = {"step": "send"}, {"step": "confirm"}
LARGEST, LARGEST_RAW = 10 * 1024, 11 * 1024
CLOSED_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


@pytest.fixture(autouse=True)
def noon(company: Company, at_noon: None) -> None:
    """Every test looks at noon of the tests' day."""


@pytest.fixture
def invitation(ana: User, company: Company) -> Invitation:
    return asked(customer=world.make_customer("Brightwater", owner=ana))


@pytest.fixture
def stranger() -> Client:
    """No cookie, a browser's name, and tokens of forms are really asked for."""
    return Client(enforce_csrf_checks=True, headers={"User-Agent": CHROME})


def post(client: Client, address: str, data: dict[str, Any]) -> Any:
    """This will send a form as browsers do."""
    return raw(client, address, urlencode(data, doseq=True).encode())


def raw(client: Client, address: str, body: bytes, kind: str = FORM) -> Any:
    return client.generic("POST", address, body, content_type=kind)


def seen(response: Any) -> str:
    """This will return the words of the page."""
    page = response.content.decode()
    return words(page[page.index("<main") :])


class TestGet:
    """Looking records no answer."""

    def test_the_plain_link_asks(
        self, stranger: Client, invitation: Invitation
    ) -> None:
        page = stranger.get(url(invitation))
        assert page.status_code == 200
        assert seen(page) == (
            "F Fleetlane How likely are you to recommend Fleetlane?"
            " 0 1 2 3 4 5 6 7 8 9 10"
            " 0 = not at all likely 10 = extremely likely"
            " What is the main reason? (optional)"
            " I do not want a reply Send my answer"
            " Your answer is seen with your name by the Fleetlane team."
        )
        assert "checked" not in page.content.decode()
        assert Response.objects.count() == 0

    def test_a_tapped_number_is_chosen_and_counts_for_nothing(
        self, stranger: Client, invitation: Invitation
    ) -> None:
        page = stranger.get(url(invitation, 4))
        html = page.content.decode()
        assert html.count("checked") == 1
        assert 'value="4" data-group="low" required checked' in html
        assert (
            "Your 4 counts as soon as you touch the page. Change it or add a sentence."
            " What went wrong? (optional)"
        ) in seen(page)
        assert (Response.objects.count(), Event.objects.count()) == (0, 0)
        kept = Click.objects.values_list("invitation", "score", "agent", "flags")
        assert list(kept) == [(invitation.pk, 4, "Chrome", [])]

    def test_every_link_of_the_mail_and_the_trap_together_record_none(
        self, stranger: Client, invitation: Invitation
    ) -> None:
        delivered(invitation)
        for score in range(11):
            assert stranger.get(url(invitation, score)).status_code == 200
        assert stranger.get(f"/s/more/{token(invitation)}").status_code == 200
        assert Response.objects.count() == 0
        kept = list(Click.objects.order_by("pk").values_list("score", "flags"))
        assert kept[:3] == [(0, []), (1, []), (2, ["many"])]
        assert kept[-1] == (None, ["many", "trap"])

    @pytest.mark.parametrize("method", ["head", "options", "put", "delete", "patch"])
    def test_other_methods_store_nothing(
        self, stranger: Client, invitation: Invitation, method: str
    ) -> None:
        for address in (url(invitation), url(invitation, 4)):
            response = getattr(stranger, method)(address)
            assert response.status_code == (200 if method == "head" else 405)
        assert (Click.objects.count(), Response.objects.count()) == (0, 0)

    def test_a_link_opened_a_thousand_times_answers_and_fills_nothing(
        self, stranger: Client, invitation: Invitation
    ) -> None:
        found = {stranger.get(url(invitation, n % 11)).status_code for n in range(60)}
        assert (found, Click.objects.count()) == ({200}, 50)

    @pytest.mark.parametrize("stroke", ["", "/"])
    def test_with_and_without_the_last_stroke(
        self, stranger: Client, invitation: Invitation, stroke: str
    ) -> None:
        for address in (url(invitation), url(invitation, 4)):
            assert stranger.get(address + stroke).status_code == 200

    @pytest.mark.parametrize("score", ["11", "99", "-1", "4.0", "٤", "x", "1e1", "%00"])
    def test_a_number_that_is_none_chooses_nothing(
        self, stranger: Client, invitation: Invitation, score: str
    ) -> None:
        page = stranger.get(url(invitation, score))
        assert page.status_code == 200
        assert "checked" not in page.content.decode()
        assert Click.objects.get().score is None

    @pytest.mark.parametrize(
        ("kind", "numbers"), [("csat", range(1, 6)), ("ces", range(1, 8))]
    )
    def test_each_kind_has_its_own_scale(
        self, stranger: Client, invitation: Invitation, kind: str, numbers: range
    ) -> None:
        Survey.objects.update(kind=kind)
        html = stranger.get(url(invitation, 0)).content.decode()
        assert html.count('type="radio"') == len(numbers)
        assert f'class="scale n{len(numbers)}"' in html
        assert "checked" not in html

    def test_what_was_said_is_shown_and_can_be_changed(
        self, stranger: Client, invitation: Invitation
    ) -> None:
        confirm(invitation, 4, comment="Too slow", no_reply=True)
        page = stranger.get(url(invitation))
        html = page.content.decode()
        assert ">Too slow</textarea>" in html
        assert html.count("checked") == 2
        assert "Your 4 is saved. You can change it." in seen(page)
        other = stranger.get(url(invitation, 9))
        assert (
            "Your 4 is saved. The 9 takes its place as soon as you touch the page."
        ) in seen(other)
        assert stands() == [(4, "Too slow", True, "sent")]

    def test_strict_surveys_say_so_and_load_no_script(
        self, stranger: Client, invitation: Invitation
    ) -> None:
        assert "survey.js" in stranger.get(url(invitation)).content.decode()
        Survey.objects.update(counting="sent")
        page = stranger.get(url(invitation, 4))
        assert "<script" not in page.content.decode()
        assert "data-confirm" not in page.content.decode()
        assert "Your 4 counts when you press Send." in seen(page)
        confirm(invitation, 3)
        page = stranger.get(url(invitation, 4))
        assert "The 4 takes its place when you press Send." in seen(page)


class TestPost:
    """What a person sends."""

    def test_send_keeps_it_and_says_thanks(
        self, stranger: Client, invitation: Invitation
    ) -> None:
        delivered(invitation)
        data = {**SEND, "score": 4, "comment": "Too slow\r\n", "no_reply": "on"}
        done = post(stranger, url(invitation), data)
        assert (done.status_code, done.headers["Location"]) == (
            302, f"{url(invitation)}?sent",
        )  # fmt: skip
        assert stands() == [(4, "Too slow", True, "sent")]
        page = stranger.get(done.headers["Location"])
        assert seen(page) == (
            "F Fleetlane Thank you Thank you. We will look into it."
            " Your 4 is saved. Change my answer"
            " Your answer is seen with your name by the Fleetlane team."
            " Stop survey mails"
        )
        assert f'href="{url(invitation)}"' in page.content.decode()
        assert Click.objects.count() == 0

    def test_a_touch_keeps_the_number(
        self, stranger: Client, invitation: Invitation
    ) -> None:
        touched = post(stranger, url(invitation), {**TOUCH, "score": 4})
        assert (touched.status_code, touched.content) == (204, b"")
        assert stands() == [(4, "", False, "gesture")]
        post(stranger, url(invitation), {**SEND, "score": 4, "comment": "Slow"})
        post(stranger, url(invitation), {**TOUCH, "score": 6})
        assert stands() == [(6, "Slow", False, "sent")]
        assert edits() == [
            (4, "", "gesture"), (4, "Slow", "sent"), (6, "Slow", "gesture"),
        ]  # fmt: skip

    def test_a_tap_on_the_numbers_own_address_is_taken_too(
        self, stranger: Client, invitation: Invitation
    ) -> None:
        post(stranger, url(invitation, 9), {**SEND, "score": 4})
        assert stands() == [(4, "", False, "sent")]

    def test_strict_surveys_take_no_touch(
        self, stranger: Client, invitation: Invitation
    ) -> None:
        Survey.objects.update(counting="sent")
        touched = post(stranger, url(invitation), {**TOUCH, "score": 4})
        assert (touched.status_code, touched.content) == (422, b"")
        assert stands() == []

    @pytest.mark.parametrize("step", [{}, {"step": ""}, {"step": "x"}])
    def test_a_form_that_no_button_sent_is_no_answer(
        self, stranger: Client, invitation: Invitation, step: dict[str, str]
    ) -> None:
        page = post(stranger, url(invitation), {**step, "score": 4})
        assert page.status_code == 422
        assert "Press Send to answer." in seen(page)
        assert stands() == []

    @pytest.mark.parametrize("agent", ["", "curl/8.4.0", "BarracudaCentral/1.0"])
    def test_a_genuine_token_is_never_kept_out(
        self, stranger: Client, invitation: Invitation, agent: str
    ) -> None:
        for n in range(30):
            sent = stranger.post(
                url(invitation),
                {**SEND, "score": n % 11},
                headers={"User-Agent": agent},
            )
            assert sent.status_code == 302
        assert Response.objects.count() == 1


class TestBadInput:
    """Nothing is a fault of ours, and nothing of it is kept."""

    @pytest.mark.parametrize(
        ("score", "says"),
        [
            ("11", "Choose a number from 0 to 10."),
            ("999", "Choose a number from 0 to 10."),
            ("", "Choose a number first."),
            ("-1", "Choose a number first."),
            ("4.0", "Choose a number first."),
            ("٤", "Choose a number first."),
            ("４", "Choose a number first."),
            (" 4", "Choose a number first."),
            ("4\x00", "Choose a number first."),
            ("1" * 5000, "Choose a number first."),
            ("NaN", "Choose a number first."),
        ],
    )
    def test_what_is_no_score(
        self, stranger: Client, invitation: Invitation, score: str, says: str
    ) -> None:
        data = {**SEND, "score": score, "comment": "My words"}
        page = post(stranger, url(invitation), data)
        assert page.status_code == 422
        assert says in seen(page)
        # Nothing typed is lost.
        assert ">My words</textarea>" in page.content.decode()
        touched = post(stranger, url(invitation), {**data, **TOUCH})
        assert (touched.status_code, touched.content) == (422, b"")
        assert (stands(), edits()) == ([], [])

    def test_no_score_at_all_and_two_of_them(
        self, stranger: Client, invitation: Invitation
    ) -> None:
        assert post(stranger, url(invitation), SEND).status_code == 422
        assert raw(stranger, url(invitation), b"").status_code == 422
        assert stands() == []
        sent = post(stranger, url(invitation), {**SEND, "score": [4, 9]})
        assert sent.status_code == 302
        assert stands() == [(9, "", False, "sent")]

    def test_a_megabyte_is_refused_and_its_beginning_kept_on_the_page(
        self, stranger: Client, invitation: Invitation
    ) -> None:
        data = {**SEND, "score": 4, "comment": "x" * 2**20}
        page = post(stranger, url(invitation), data)
        assert page.status_code == 422
        assert "Your text was too long." in seen(page)
        assert page.content.decode().count("x" * 10_000) == 1
        assert stands() == []

    @pytest.mark.parametrize("kind", [FORM, "multipart/form-data; boundary=b"])
    def test_three_megabytes_are_not_even_read(
        self, stranger: Client, invitation: Invitation, kind: str
    ) -> None:
        body = b"step=send&score=4&comment=" + b"x" * 3 * 2**20
        page = raw(stranger, url(invitation), body, kind)
        assert page.status_code == 413
        assert "Your text is too long." in seen(page)
        assert stands() == []

    @pytest.mark.parametrize(
        ("body", "kind"),
        [
            (b"step=send&score=4" + b"&a=1" * 1001, FORM),
            (b"--b\r\nnonsense", "multipart/form-data; boundary="),
            (b"step=send&score=4", "multipart/form-data"),
            (b"step=send&score=4", "multipart/form-data; boundary=" + "b" * 300),
            (
                b"".join(
                    b'--b\r\nContent-Disposition: form-data; name="f%d"; filename="f"'
                    b"\r\n\r\nx\r\n" % n
                    for n in range(120)
                )
                + b"--b--\r\n",
                "multipart/form-data; boundary=b",
            ),
        ],
        ids=[
            "fields", "no boundary", "none named", "long boundary", "files",
        ],
    )  # fmt: skip
    def test_what_is_malformed_is_said_in_a_friendly_way(
        self, stranger: Client, invitation: Invitation, body: bytes, kind: str
    ) -> None:
        page = raw(stranger, url(invitation), body, kind)
        assert page.status_code == 400
        assert "This could not be read." in seen(page)
        assert "<title>Error: How likely" in page.content.decode()
        assert stands() == []

    @pytest.mark.parametrize(
        ("body", "kind"),
        [
            (b'{"step": "send", "score": 4}', "application/json"),
            (b"step=send&score=4", "text/plain"),
            (b"\xff\xfe\x00", FORM),
            (b"&&&===;;;%%%", FORM),
            (b"", ""),
        ],
    )
    def test_what_is_no_form_is_no_answer(
        self, stranger: Client, invitation: Invitation, body: bytes, kind: str
    ) -> None:
        assert raw(stranger, url(invitation), body, kind).status_code == 422
        assert stands() == []

    @pytest.mark.parametrize("charset", ["hex", "utf-16", "rot13", "nonsense", "cp037"])
    def test_a_claimed_alphabet_changes_nothing(
        self, stranger: Client, invitation: Invitation, charset: str
    ) -> None:
        kind = f"{FORM}; charset={charset}"
        body = b"step=send&score=4&comment=Gr%C3%BC%C3%9Fe"
        assert raw(stranger, url(invitation), body, kind).status_code == 302
        assert stands() == [(4, "Grüße", False, "sent")]

    @pytest.mark.parametrize(
        ("body", "kept"),
        [
            (b"a%00b", "ab"),
            (b"a%ED%A0%80b", "a���b"),
            (b"a%FF%FEb", "a��b"),
            (b"%E2%80%AEevil%E2%80%AC", "\u202eevil\u202c"),
            (b"%F0%9F%98%80", "😀"),
            (b"one%0D%0Atwo", "one\ntwo"),
            (b"%20%09%0A", ""),
        ],
        ids=[
            "NUL",
            "surrogate",
            "no UTF-8",
            "right to left",
            "emoji",
            "lines",
            "space",
        ],
    )
    def test_odd_letters_are_kept_as_far_as_they_can_be(
        self, stranger: Client, invitation: Invitation, body: bytes, kept: str
    ) -> None:
        body = b"step=send&score=4&comment=" + body
        assert raw(stranger, url(invitation), body).status_code == 302
        assert stands() == [(4, kept, False, "sent")]

    def test_files_are_passed_over(
        self, stranger: Client, invitation: Invitation
    ) -> None:
        parts = (
            b'--b\r\nContent-Disposition: form-data; name="step"\r\n\r\nsend\r\n'
            b'--b\r\nContent-Disposition: form-data; name="comment"; filename="x"\r\n'
            b"Content-Type: text/plain\r\n\r\nin a file\r\n"
            b'--b\r\nContent-Disposition: form-data; name="score"\r\n\r\n4\r\n--b--\r\n'
        )
        sent = raw(stranger, url(invitation), parts, "multipart/form-data; boundary=b")
        assert sent.status_code == 302
        assert stands() == [(4, "", False, "sent")]

    @pytest.mark.parametrize("payload", [x for x in PAYLOADS if "<" in x or '"' in x])
    def test_script_in_what_people_type_is_text(
        self, stranger: Client, company: Company, payload: str
    ) -> None:
        company.name = payload[:100]
        company.save()
        content = {**CONTENT, "texts": {"en": {
            **CONTENT["texts"]["en"],  # type: ignore[index]
            "question": "{contact.name} of {customer.name}? {company.name}",
            "follow_up": dict.fromkeys(("low", "middle", "high"), "{contact.name}"),
        }}}  # fmt: skip
        customer = world.make_customer(payload[:100])
        evil = asked(payload[:100], customer=customer)
        SurveyVersion.objects.update(content=content)
        confirm(evil, 4, comment=payload)
        bare = '<script src="/static/survey.js" defer></script>'
        for page in (
            stranger.get(url(evil, 4)),
            stranger.get(url(evil) + "?sent"),
            post(stranger, url(evil), {**SEND, "score": 99, "comment": payload}),
        ):
            html = page.content.decode().replace(bare, "")
            for mark in ("<script", "<img", "<svg", "<iframe", "javascript:alert(1)>"):
                assert mark not in html.lower()
            assert 'onerror="' not in html.lower()


class TestNobody:
    """Wrong tokens are all alike."""

    def wrong(self, invitation: Invitation) -> list[str]:
        genuine = token(invitation)
        gone = asked("Gone", customer=world.make_customer("Gone"))
        ended = asked("Ended", ended_at=NOW)
        older = asked("Older", generation=2)
        dropped = asked("Dropped", state="dropped", drop="new")
        assert gone.contact is not None
        gone.contact.delete()
        return [
            "", "x", genuine[:-1], genuine + "a", "9" + genuine, genuine.upper(),
            genuine[:-1] + ("A" if genuine[-1] != "A" else "B"),
            genuine.replace("-1-", "-2-", 1),
            link_token("mail.unsubscribe", invitation.pk),
            link_token("surveys.theme", invitation.pk),
            link_token("surveys.invitation", older.pk, 1),
            token(gone), token(ended), token(dropped),
            "0-0-masked", "1-1-" + "a" * 22, "a" * 5000, "%00", "%0A", "ț", "%2F%2F",
            "4/x", "more/x", "a/b/c/d", f"4/5/{genuine}", "..%2f..%2f", "%ED%A0%80",
        ]  # fmt: skip

    def test_one_page_for_all_of_them(
        self,
        stranger: Client,
        invitation: Invitation,
        django_assert_num_queries: DjangoAssertNumQueries,
    ) -> None:
        answers = set()
        for text in self.wrong(invitation):
            for method in ("get", "post"):
                with django_assert_num_queries(2):
                    page = getattr(stranger, method)(f"/s/{text}")
                headers = tuple(sorted(page.headers.items()))
                answers.add((page.status_code, page.content, headers))
            head = stranger.head(f"/s/{text}")
            assert (head.status_code, head.content) == (404, b"")
        ((status, body, _headers),) = answers
        assert status == 404
        assert "This link does not work" in words(body.decode())
        assert "Brightwater" not in body.decode()
        assert "Mara" not in body.decode()
        assert (Click.objects.count(), Response.objects.count()) == (0, 0)

    @pytest.mark.parametrize("kind", [FORM, "multipart/form-data"])
    def test_a_large_body_makes_no_difference(
        self, stranger: Client, invitation: Invitation, kind: str
    ) -> None:
        plain = raw(stranger, "/s/x", b"")
        large = raw(stranger, "/s/x", b"x" * 3 * 2**20, kind)
        assert (large.status_code, large.content) == (404, plain.content)

    def test_an_erasure_between_looking_and_sending(
        self, stranger: Client, invitation: Invitation
    ) -> None:
        assert stranger.get(url(invitation)).status_code == 200
        assert invitation.contact is not None
        invitation.contact.delete()
        gone = post(stranger, url(invitation), {**SEND, "score": 4})
        assert (gone.status_code, stands()) == (404, [])


class TestClosed:
    """A genuine link of something that is over."""

    @pytest.mark.parametrize("over", ["survey", "time"])
    def test_it_says_so_and_keeps_nothing(
        self, stranger: Client, invitation: Invitation, over: str
    ) -> None:
        if over == "survey":
            Survey.objects.update(state="closed")
        else:
            Invitation.objects.update(expires_at=NOW)
        for response in (
            stranger.get(url(invitation, 4)),
            post(stranger, url(invitation), {**SEND, "score": 4}),
            post(stranger, url(invitation), {**TOUCH, "score": 4}),
        ):
            assert response.status_code == 200
            assert seen(response).startswith("F Fleetlane This survey is closed")
        assert (Click.objects.count(), stands()) == (0, [])

    def test_closed_while_the_page_was_open(
        self, stranger: Client, invitation: Invitation
    ) -> None:
        confirm(invitation, 4)
        Survey.objects.update(state="closed")
        page = post(stranger, url(invitation), {**SEND, "score": 9})
        assert "This survey is closed" in seen(page)
        assert stands() == [(4, "", False, "sent")]

    def test_answered_and_past_its_time_it_can_be_changed(
        self, stranger: Client, invitation: Invitation
    ) -> None:
        confirm(invitation, 4)
        Invitation.objects.update(expires_at=NOW - DAY)
        assert "You can change it." in seen(stranger.get(url(invitation)))
        post(stranger, url(invitation), {**SEND, "score": 9})
        assert stands() == [(9, "", False, "sent")]


@pytest.mark.django_db(transaction=True)
def test_what_can_not_be_stored_now_is_asked_for_again(
    stranger: Client, invitation: Invitation
) -> None:
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            Invitation.objects.select_for_update().get(pk=invitation.pk)
            held.set()
            done.wait(60)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    assert held.wait(60)
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '50ms'")
    sent = {**SEND, "score": 4}
    busy = post(stranger, url(invitation), sent)
    done.set()
    holder.join()
    assert (busy.status_code, busy.headers["Retry-After"]) == (503, "60")
    assert busy.headers["Cache-Control"] == "no-store"
    assert seen(busy).startswith("Please try again Nothing could be saved just now.")
    assert stands() == []
    assert post(stranger, url(invitation), sent).status_code == 302
    connection.close()


class TestFace:
    """Language, colour, headers, weight."""

    @pytest.mark.parametrize(
        ("language", "button"),
        [
            ("en", "Send my answer"),
            ("de", "Antwort senden"),
            ("ro", "Trimiteți răspunsul"),
        ],
    )
    def test_it_speaks_the_surveys_language(
        self, stranger: Client, invitation: Invitation, language: str, button: str
    ) -> None:
        texts = CONTENT["texts"]["en"]  # type: ignore[index]
        SurveyVersion.objects.update(content={**CONTENT, "texts": {language: texts}})
        Invitation.objects.update(language=language)
        page = stranger.get(url(invitation), headers={"Accept-Language": "fr"})
        html = page.content.decode()
        assert f'<html lang="{language}">' in html
        assert f'<fieldset lang="{language}">' in html
        assert page.headers["Content-Language"] == language
        assert button in seen(page)

    def test_a_language_nobody_wrote_falls_back_in_one_piece(
        self, stranger: Client, invitation: Invitation
    ) -> None:
        Invitation.objects.update(language="fi")
        page = stranger.get(url(invitation))
        assert page.headers["Content-Language"] == "en"
        assert "Send my answer" in seen(page)

    def test_the_surveys_own_colour_and_name(
        self, stranger: Client, invitation: Invitation
    ) -> None:
        html = stranger.get(url(invitation)).content.decode()
        assert 'href="/look/0e6b62.css"' in html
        SurveyVersion.objects.update(
            content={**CONTENT, "accent": "#7B1FA2", "company_name": "Fleetlane Care"}
        )
        page = stranger.get(url(invitation))
        assert 'href="/look/7b1fa2.css"' in page.content.decode()
        assert "recommend Fleetlane Care?" in seen(page)
        look = stranger.get("/look/7b1fa2.css")
        assert "--brand: light-dark(#7b1fa2, " in look.content.decode()
        assert look.headers["Content-Type"] == "text/css; charset=utf-8"
        assert look.headers["Cache-Control"] == "public, max-age=600"
        SurveyVersion.objects.update(content={**CONTENT, "accent": "red"})
        assert 'href="/look.css"' in stranger.get(url(invitation)).content.decode()

    def test_it_sets_no_cookie_and_tells_nobody(
        self, stranger: Client, invitation: Invitation
    ) -> None:
        pages = [
            stranger.get(url(invitation)),
            post(stranger, url(invitation), {**TOUCH, "score": 4}),
            post(stranger, url(invitation), {**SEND, "score": 4}),
            stranger.get(url(invitation) + "?sent"),
            post(stranger, url(invitation), SEND),
            stranger.get("/s/x"),
        ]
        assert [page.status_code for page in pages] == [200, 204, 302, 200, 422, 404]
        for page in pages:
            found = {name: page.headers[name] for name in CLOSED_HEADERS}
            assert found == CLOSED_HEADERS
            assert "Set-Cookie" not in page.headers
            policy = page.headers["Content-Security-Policy"]
            assert "unsafe" not in policy
            html = page.content.decode()
            assert "<style" not in html
            assert "style=" not in html
            assert "onclick" not in html
        assert stranger.cookies == {}

    def test_the_link_to_stop_is_the_first_mails(
        self, stranger: Client, invitation: Invitation
    ) -> None:
        assert "Stop survey mails" not in seen(stranger.get(url(invitation)))
        message = delivered(invitation)
        html = stranger.get(url(invitation)).content.decode()
        stop = f"/u/{link_token('mail.unsubscribe', message.pk)}"
        assert f'href="{stop}"' in html
        assert stranger.get(stop).status_code == 200

    def test_all_of_it_weighs_ten_kilobytes_at_most(
        self, stranger: Client, invitation: Invitation, settings: Settings
    ) -> None:
        delivered(invitation)
        page = stranger.get(url(invitation, 4))
        look = stranger.get("/look/0e6b62.css")
        static = settings.BASE_DIR / "static"
        files = [(static / name).read_bytes() for name in ("public.css", "survey.js")]
        assert b"@font-face" not in files[0]
        html = page.content.decode()
        assert html.count('<link rel="stylesheet"') == 2
        assert html.count("<script") == 1
        # Static files are sent compressed, pages as they are.
        sent = [page.content, look.content, *map(gzip.compress, files)]
        assert sum(map(len, sent)) <= LARGEST
        assert sum(map(len, [page.content, look.content, *files])) <= LARGEST_RAW

    @pytest.mark.parametrize("delivered_first", [False, True])
    def test_few_queries(
        self,
        stranger: Client,
        invitation: Invitation,
        delivered_first: bool,
        django_assert_num_queries: DjangoAssertNumQueries,
    ) -> None:
        if delivered_first:
            delivered(invitation)
        # Invitation, company, answer; three for the click; the link to stop.
        with django_assert_num_queries(7):
            stranger.get(url(invitation, 4))
        with django_assert_num_queries(4):
            stranger.head(url(invitation, 4))
