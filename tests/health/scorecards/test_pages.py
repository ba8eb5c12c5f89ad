"""The pages: reading for everybody, editing for administrators."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.actor import Actor
from accounts.models import User
from customers.models import Segment
from health.default_scorecard import default_config
from health.models import Scorecard, ScorecardVersion
from health.scorecard_file import scorecard_read, scorecard_write
from health.selectors.scorecards import draft_of, version_live
from health.services.scorecards import scorecard_leave_out
from health.services.scorecards.drafts import draft_discard, draft_save, draft_seen
from health.services.scorecards.setup import SetupValues, scorecard_create
from tests import world
from tests.health.scorecards.test_drafts import heavier
from tests.health.scorecards.test_publishing import publish
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("company")]


def text_of(response: Any) -> str:
    """This will return what a page says, without its markup."""
    html = re.sub(
        r"<(script|style|svg).*?</\1>", "", response.content.decode(), flags=re.DOTALL
    )
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def fields_of(client: Client, address: str) -> dict[str, Any]:
    """This will return what a browser would send of the editor as it is shown."""
    form = client.get(address).context["form"]
    values = {bound.html_name: bound.value() for bound in form}
    return {
        name: "on" if value is True else value
        for name, value in values.items()
        if value not in (None, False)
    }


def draft_page(card: Scorecard) -> str:
    return f"/scorecards/{card.pk}/draft/"


@pytest.fixture
def editing(admin_client: Client, card: Scorecard) -> dict[str, Any]:
    """What is in the editor of a draft that was just begun."""
    admin_client.post(f"/scorecards/{card.pk}/draft/start/")
    return fields_of(admin_client, draft_page(card))


def stored(card: Scorecard) -> dict[str, Any]:
    draft = draft_of(card)
    assert draft is not None
    config: dict[str, Any] = draft.config
    return config


class TestList:
    def test_it_begins_with_a_button(
        self, admin_client: Client, ana_client: Client
    ) -> None:
        assert "Make the default scorecard" in text_of(admin_client.get("/scorecards/"))
        page = text_of(ana_client.get("/scorecards/"))
        assert "The first run makes the default one." in page
        assert Scorecard.objects.count() == 0
        answer = admin_client.post("/scorecards/begin/")
        card = Scorecard.objects.get()
        assert answer["Location"] == f"/scorecards/{card.pk}/"

    def test_it_says_who_is_scored_by_what(
        self, second: Scorecard, by: Actor, ana: User, ana_client: Client,
        viewer_client: Client, enterprise: Segment,
    ) -> None:  # fmt: skip
        publish(second, by, "For the big ones")
        world.make_customer(owner=ana)
        world.make_customer(owner=ana, segment="enterprise")
        world.make_customer()
        world.score()
        page = viewer_client.get("/scorecards/")
        lines = page.context["lines"]
        assert [(one.scorecard.name, one.customers) for one in lines] == [
            ("Big ones", 1), ("Default scorecard", 2),
        ]  # fmt: skip
        # Ana sees her own only.
        lines = ana_client.get("/scorecards/").context["lines"]
        assert [one.customers for one in lines] == [1, 1]
        segments = page.context["segments"]
        assert [(one.segment.name, one.winner.name, one.others) for one in segments] == [
            ("Enterprise", "Big ones", []), ("Mid-market", "Default scorecard", []),
        ]  # fmt: skip
        assert "For the big ones" in text_of(page)

    def test_who_else_names_a_segment(
        self, second: Scorecard, by: Actor, admin_client: Client, enterprise: Segment
    ) -> None:
        publish(second, by)
        third = scorecard_create(
            values=SetupValues("Third", 5, [enterprise.pk]), by=by, now=NOW
        )
        # A draft scores nobody yet.
        [line] = admin_client.get("/scorecards/").context["segments"]
        assert (line.winner, line.others) == (second, [])
        publish(third, by)
        page = admin_client.get("/scorecards/")
        [line] = page.context["segments"]
        assert (line.winner, line.others) == (second, [third])
        assert "also named by Third, which is looked at later" in text_of(page)

    def test_queries_do_not_grow(
        self, card: Scorecard, by: Actor, admin_client: Client, enterprise: Segment,
        django_assert_num_queries: Any,
    ) -> None:  # fmt: skip
        def count() -> int:
            with django_assert_num_queries(100, exact=False) as queries:
                admin_client.get("/scorecards/")
            return len(queries)

        one = count()
        for name in ("Second", "Third"):
            values = SetupValues(name, 5, [enterprise.pk])
            scorecard_create(values=values, by=by, now=NOW)
        assert count() == one


class TestCard:
    def test_nothing_was_published_yet(
        self, second: Scorecard, viewer_client: Client
    ) -> None:
        page = text_of(viewer_client.get(f"/scorecards/{second.pk}/"))
        assert "It scores nobody before its draft is published." in page
        answer = viewer_client.get(f"/scorecards/{second.pk}/export/")
        assert answer.status_code == 404

    def test_it_is_readable(self, card: Scorecard, viewer_client: Client) -> None:
        page = viewer_client.get(f"/scorecards/{card.pk}/")
        said = text_of(page)
        assert "worst 2 – warn 6 – good 8 – best 10 (of 10)" in said
        assert "Counts in full for 90 days, half every 90 days from then on" in said
        assert "at risk below 50, watch below 70, healthy from 70 on" in said
        groups = page.context["view"].groups
        assert sum(group.share for group in groups) == pytest.approx(1)
        parts = [one.share for group in groups for one in group.measures]
        assert sum(parts) == pytest.approx(1)
        assert "Begin a draft" not in said

    def test_versions_with_their_differences(
        self, card: Scorecard, admin_client: Client
    ) -> None:
        scorecard_leave_out(keys={"nps"}, now=NOW)
        page = admin_client.get(f"/scorecards/{card.pk}/")
        newest, first = page.context["versions"]
        name = "Latest NPS answer does not count any more (it had weight 10)"
        assert newest["changes"] == [name]
        assert (first["changes"], first["line"].first) == ([], True)
        assert "These do not count here: Latest NPS answer." in text_of(page)
        assert page.context["view"].left_out == ["Latest NPS answer"]
        old = admin_client.get(f"/scorecards/{card.pk}/?version=1")
        assert "This is version 1. It is not in use any more." in text_of(old)
        assert old.context["view"].left_out == []
        missing = (
            f"/scorecards/{card.pk}/?version=9",
            "/scorecards/99/",
            f"/scorecards/{10**30}/",
        )
        assert [admin_client.get(url).status_code for url in missing] == [404] * 3
        # What is no number at all is overlooked.
        assert admin_client.get(f"/scorecards/{card.pk}/?version=x").status_code == 200

    def test_queries_do_not_grow_and_old_versions_are_paged(
        self, card: Scorecard, admin_client: Client, django_assert_num_queries: Any
    ) -> None:
        def count() -> int:
            with django_assert_num_queries(100, exact=False) as queries:
                admin_client.get(f"/scorecards/{card.pk}/")
            return len(queries)

        one = count()
        scorecard_leave_out(keys={"nps"}, now=NOW)
        scorecard_leave_out(keys={"pulse"}, now=NOW)
        assert count() == one
        for _turn in range(19):
            scorecard_leave_out(keys=set(), now=NOW)
        page = admin_client.get(f"/scorecards/{card.pk}/")
        numbers = [one["line"].version.number for one in page.context["versions"]]
        assert numbers == list(range(22, 2, -1))
        page = admin_client.get(
            f"/scorecards/{card.pk}/?before={page.context['older']}"
        )
        numbers = [one["line"].version.number for one in page.context["versions"]]
        assert numbers == [2, 1]

    def test_export(
        self, card: Scorecard, admin_client: Client, ana_client: Client
    ) -> None:
        answer = ana_client.get(f"/scorecards/{card.pk}/export/")
        assert answer["Content-Disposition"] == (
            'attachment; filename="scorecard-default-1.yaml"'
        )
        read = scorecard_read(answer.content)
        assert (read.name, read.config) == ("Default scorecard", default_config())
        scorecard_leave_out(keys={"nps"}, now=NOW)
        old = ana_client.get(f"/scorecards/{card.pk}/export/?version=1")
        assert scorecard_read(old.content).config == default_config()
        admin_client.post(f"/scorecards/{card.pk}/draft/start/")
        # The draft is the administrators' own; others get what is in use.
        names = [
            client.get(f"/scorecards/{card.pk}/export/?draft=1")["Content-Disposition"]
            for client in (admin_client, ana_client)
        ]
        assert [name.rpartition("-")[2] for name in names] == ['3.yaml"', '2.yaml"']


class TestEditor:
    def test_it_comes_back_as_it_is(
        self, card: Scorecard, admin_client: Client, editing: dict[str, Any]
    ) -> None:
        answer = admin_client.post(draft_page(card), editing, follow=True)
        assert "Nothing was changed." in text_of(answer)
        assert stored(card) == default_config()

    def test_without_a_draft_it_leads_to_the_scorecard(
        self, card: Scorecard, admin_client: Client
    ) -> None:
        answer = admin_client.get(draft_page(card))
        assert answer["Location"] == f"/scorecards/{card.pk}/"

    def test_numbers_are_saved(
        self, card: Scorecard, admin_client: Client, editing: dict[str, Any]
    ) -> None:
        editing |= {
            "group-survey": "25.5", "nps-weight": "3", "nps-anchor-0": "0",
            "nps-fresh-2": "400", "at_risk": "45", "watch": "75", "floor": "40",
            "rollup": "worst", "prior-at_risk": "20",
        }  # fmt: skip
        del editing["pulse-counts"]
        answer = admin_client.post(draft_page(card), editing, follow=True)
        assert "The draft is saved." in text_of(answer)
        config = stored(card)
        [nps] = [line for line in config["measures"] if line["key"] == "nps"]
        assert (nps["weight"], nps["anchors"], nps["freshness"]) == (
            3, [0, 6, 8, 10], [90, 90, 400],
        )  # fmt: skip
        assert {"key": "survey", "weight": 25.5} in config["groups"]
        assert "pulse" not in [line["key"] for line in config["measures"]]
        assert (config["bands"], config["floor"], config["rollup"]) == (
            {"at_risk": 45, "watch": 75}, 0.4, "worst",
        )  # fmt: skip
        assert config["prior"]["at_risk"] == 0.2
        # What does not count keeps the anchors of what is in use.
        assert fields_of(admin_client, draft_page(card))["pulse-weight"] == "3"

    def test_errors_stand_beside_their_fields_all_at_once(
        self, card: Scorecard, admin_client: Client, editing: dict[str, Any]
    ) -> None:
        editing |= {
            "nps-weight": "-1", "pulse-weight": "many", "active_days-anchor-1": "99",
            "tickets-fresh-1": "", "watch": "20", "floor": "140", "group-usage": "",
        }  # fmt: skip
        # What does not count may hold anything.
        del editing["overdue-counts"]
        editing["overdue-weight"] = "-1"
        answer = admin_client.post(draft_page(card), editing)
        assert answer.status_code == 422
        errors = answer.context["form"].errors
        assert {name: one for name, [one] in errors.items()} == {
            "nps-weight": "Write 0 or more.",
            "pulse-weight": "Write a number without thousands separators, such as 1234.5.",
            "active_days-anchor-0": "Write the four numbers in one direction, from worst"
            " to best.",
            "tickets-fresh-1": "Write a number.",
            "watch": "Choose more than 50, where “at risk” ends.",
            "floor": "Write a percentage from 0 to 100, with two decimals at most.",
            "group-usage": "Write a number.",
        }
        assert stored(card) == default_config()
        html = answer.content.decode()
        assert (
            '<a href="#id_nps-weight">Latest NPS answer: Weight in the group: ' in html
        )
        # What stands around a number says of which measure it is.
        [nps] = re.findall(
            r'aria-label="Latest NPS answer">.*?</details>', html, re.DOTALL
        )
        assert 'name="nps-weight" value="-1"' in nps
        assert 'aria-invalid="true" aria-describedby="id_nps-weight_error"' in nps

    @pytest.mark.parametrize("language", ["en", "de", "ro"])
    def test_it_is_small_enough(
        self,
        language: str,
        card: Scorecard,
        admin: User,
        admin_client: Client,
        editing: dict[str, Any],
    ) -> None:
        """All measures are on one page: what is said of each of them has to be short."""
        User.objects.filter(pk=admin.pk).update(language=language)
        page = admin_client.get(draft_page(card)).content
        assert f'<html lang="{language}"'.encode() in page
        assert len(page) <= 120 * 1024

    def test_nothing_counts(
        self, card: Scorecard, admin_client: Client, editing: dict[str, Any]
    ) -> None:
        data = {k: v for k, v in editing.items() if not k.endswith("-counts")}
        answer = admin_client.post(draft_page(card), data)
        [error] = answer.context["form"].non_field_errors()
        assert error == "At least one measure must count."

    def test_steps_for_young_customers_without_script(
        self, card: Scorecard, admin_client: Client, editing: dict[str, Any]
    ) -> None:
        address = draft_page(card)
        answer = admin_client.post(address, editing | {"do": "add:nps", "floor": "60"})
        assert answer.status_code == 200
        form = answer.context["form"]
        # What was typed is still there, and nothing was saved.
        assert form["floor"].value() == "60"
        assert stored(card)["floor"] == 0.5
        step = {"nps-step-0-months": "6"} | {
            f"nps-step-0-anchor-{i}": i for i in range(4)
        }
        admin_client.post(address, editing | step)
        [nps] = [line for line in stored(card)["measures"] if line["key"] == "nps"]
        assert nps["by_age"] == [{"until_months": 6, "anchors": [0, 1, 2, 3]}]
        data = fields_of(admin_client, address)
        assert data["nps-step-0-months"] == "6"
        # An empty row is none; a wrong one says so.
        bad = {"nps-step-1-months": "3"} | {
            f"nps-step-1-anchor-{i}": "" for i in range(4)
        }
        errors = admin_client.post(address, data | bad).context["form"].errors
        assert sorted(errors) == [
            *(f"nps-step-1-anchor-{i}" for i in range(4)), "nps-step-1-months",
        ]  # fmt: skip
        answer = admin_client.post(address, data | {"do": "remove:nps:0"})
        assert "nps-step-0-months" not in answer.context["form"].fields
        kept = {k: v for k, v in data.items() if "step" not in k}
        admin_client.post(address, kept | {"nps-step-2-months": ""})
        assert stored(card) == default_config()

    def test_a_second_editor_sees_both_and_decides(
        self, card: Scorecard, by: Actor, admin_client: Client, editing: dict[str, Any]
    ) -> None:
        draft = draft_of(card)
        draft_save(
            scorecard=card, config=heavier(20), seen=draft_seen(draft), by=by, now=NOW
        )
        editing["nps-weight"] = "30"
        answer = admin_client.post(draft_page(card), editing)
        assert answer.status_code == 409
        assert "Stored now: 20. Yours: 30." in text_of(answer)
        assert stored(card) == heavier(20)
        form = answer.context["form"]
        admin_client.post(draft_page(card), editing | {"seen": form["seen"].value()})
        assert stored(card) == heavier(30)

    def test_what_was_typed_survives_a_discarded_draft(
        self, card: Scorecard, by: Actor, admin_client: Client, editing: dict[str, Any]
    ) -> None:
        draft_discard(scorecard=card, by=by, now=NOW)
        editing["nps-weight"] = "30"
        answer = admin_client.post(draft_page(card), editing)
        assert answer.status_code == 409
        assert "What you typed is still here" in text_of(answer)
        form = answer.context["form"]
        assert form["nps-weight"].value() == "30"
        admin_client.post(draft_page(card), editing | {"seen": form["seen"].value()})
        assert stored(card) == heavier(30)

    def test_a_measure_that_came_later_is_offered(
        self, card: Scorecard, admin_client: Client
    ) -> None:
        scorecard_leave_out(keys={"nps"}, now=NOW)
        admin_client.post(f"/scorecards/{card.pk}/draft/start/")
        data = fields_of(admin_client, draft_page(card))
        assert ("nps-counts" in data, data["nps-weight"]) == (False, "10")
        admin_client.post(draft_page(card), data | {"nps-counts": "on"})
        assert stored(card) == default_config()

    def test_discard_and_undo(
        self, card: Scorecard, admin_client: Client, editing: dict[str, Any]
    ) -> None:
        admin_client.post(draft_page(card), editing | {"nps-weight": "30"})
        answer = admin_client.post(f"{draft_page(card)}discard/", follow=True)
        assert "The draft is discarded. Undo" in text_of(answer)
        assert draft_of(card) is None
        answer = admin_client.post(f"{draft_page(card)}restore/", follow=True)
        assert "The draft is back." in text_of(answer)
        assert stored(card) == heavier(30)
        answer = admin_client.post(f"{draft_page(card)}restore/", follow=True)
        assert "There is nothing to bring back." in text_of(answer)

    def test_commas_in_german(
        self,
        card: Scorecard,
        admin: User,
        admin_client: Client,
        editing: dict[str, Any],
    ) -> None:
        User.objects.filter(pk=admin.pk).update(language="de")
        data = fields_of(admin_client, draft_page(card))
        html = admin_client.get(draft_page(card)).content.decode()
        assert 'name="active_users_trend-anchor-0" value="0,3"' in html
        admin_client.post(draft_page(card), data | {"nps-weight": "2,5"})
        assert stored(card) == heavier(2.5)


class TestPublish:
    def test_with_a_note(
        self, card: Scorecard, admin_client: Client, editing: dict[str, Any]
    ) -> None:
        address = f"{draft_page(card)}publish/"
        answer = admin_client.post(
            draft_page(card), editing | {"nps-weight": "30", "do": "publish"}
        )
        assert answer["Location"] == address
        page = admin_client.get(address)
        assert page.context["changes"] == ["Weight of Latest NPS answer: from 10 to 30"]
        assert "What it changes is not known before the first run." in text_of(page)
        seen = page.context["form"]["seen"].value()
        answer = admin_client.post(address, {"seen": seen, "note": " "})
        assert answer.status_code == 422
        answer = admin_client.post(address, {"seen": seen, "note": "More"}, follow=True)
        assert "Version 2 of “Default scorecard” is in use from the next run on." in (
            text_of(answer)
        )
        live = version_live(card)
        assert live is not None
        assert (live.config, live.note) == (heavier(30), "More")
        assert admin_client.get(address)["Location"] == f"/scorecards/{card.pk}/"

    def test_what_changed_since_is_looked_at_first(
        self, card: Scorecard, admin_client: Client, editing: dict[str, Any]
    ) -> None:
        address = f"{draft_page(card)}publish/"
        seen = admin_client.get(address).context["form"]["seen"].value()
        scorecard_leave_out(keys={"pulse"}, now=NOW)
        answer = admin_client.post(address, {"seen": seen, "note": "More"})
        assert answer.status_code == 422
        said = text_of(answer)
        assert "Somebody changed the draft or what is in use meanwhile." in said
        assert "Version 2 was published after this draft was begun." in said
        assert answer.context["changes"] == ["Own impression counts now: weight 3"]
        seen = answer.context["form"]["seen"].value()
        admin_client.post(address, {"seen": seen, "note": "More"})
        live = version_live(card)
        assert live is not None
        assert (live.number, live.note) == (3, "More")

    def test_a_preview_stands_above_the_note(
        self, card: Scorecard, admin_client: Client, editing: dict[str, Any]
    ) -> None:
        world.make_customer()
        world.score()
        page = admin_client.get(f"{draft_page(card)}publish/")
        assert "See what changes for whom" in text_of(page)

    def test_back_to_an_earlier_version(
        self, card: Scorecard, admin_client: Client
    ) -> None:
        scorecard_leave_out(keys={"nps"}, now=NOW)
        address = f"/scorecards/{card.pk}/versions/1/back/"
        page = admin_client.get(address)
        assert page.context["changes"] == ["Latest NPS answer counts now: weight 10"]
        form = page.context["form"]
        assert form["note"].value() == "Back to version 1: "
        data = {"seen": form["seen"].value(), "note": "Back to version 1: we ask again"}
        admin_client.post(address, data)
        live = version_live(card)
        assert live is not None
        assert (live.number, live.config) == (3, default_config())
        answer = admin_client.post(f"/scorecards/{card.pk}/versions/2/back/", data)
        assert answer.status_code == 422
        assert "Somebody published another version meanwhile." in text_of(answer)
        answer = admin_client.get(f"/scorecards/{card.pk}/versions/3/back/")
        assert answer["Location"] == f"/scorecards/{card.pk}/"
        assert (
            admin_client.get(f"/scorecards/{card.pk}/versions/9/back/").status_code
            == 404
        )


class TestSetup:
    def test_new(self, admin_client: Client, enterprise: Segment) -> None:
        data = {"name": "Big ones", "priority": "3", "segments": [enterprise.pk]}
        answer = admin_client.post("/scorecards/new/", data)
        made = Scorecard.objects.get(name="Big ones")
        assert answer["Location"] == draft_page(made)
        assert (made.priority, list(made.segments.all())) == (3, [enterprise])
        answer = admin_client.post("/scorecards/new/", data)
        assert answer.status_code == 422
        assert "There is a scorecard of this name already." in text_of(answer)

    def test_change_and_conflict(
        self, second: Scorecard, admin_client: Client, enterprise: Segment
    ) -> None:
        address = f"/scorecards/{second.pk}/setup/"
        seen = admin_client.get(address).context["form"]["seen"].value()
        data = {
            "name": "First",
            "priority": "5",
            "segments": [enterprise.pk],
            "seen": seen,
        }
        admin_client.post(address, data)
        answer = admin_client.post(address, data | {"name": "Second"})
        assert answer.status_code == 409
        assert "Stored now: First. Yours: Second." in text_of(answer)
        seen = answer.context["form"]["seen"].value()
        answer = admin_client.post(
            address,
            data | {"name": "Second", "segments": [], "seen": seen},
            follow=True,
        )
        assert "Saved. The next run goes by it." in text_of(answer)
        second.refresh_from_db()
        assert (second.name, list(second.segments.all())) == ("Second", [])

    def test_a_taken_name_and_nothing_new(
        self, second: Scorecard, admin_client: Client, enterprise: Segment
    ) -> None:
        address = f"/scorecards/{second.pk}/setup/"
        data = {
            "name": "Default scorecard", "priority": "5", "segments": [enterprise.pk],
            "seen": admin_client.get(address).context["form"]["seen"].value(),
        }  # fmt: skip
        assert admin_client.post(address, data).status_code == 422
        answer = admin_client.post(address, data | {"name": "Big ones"}, follow=True)
        assert "Nothing was changed." in text_of(answer)

    def test_retire_and_undo(self, second: Scorecard, admin_client: Client) -> None:
        answer = admin_client.post(f"/scorecards/{second.pk}/retire/", follow=True)
        assert "“Big ones” is retired. The next run scores nobody by it. Undo" in (
            text_of(answer)
        )
        assert "retired on" in text_of(admin_client.get("/scorecards/"))
        # Neither its draft nor its setup can be changed now.
        for part in ("draft/", "draft/publish/"):
            answer = admin_client.get(f"/scorecards/{second.pk}/{part}")
            assert answer["Location"] == f"/scorecards/{second.pk}/"
        admin_client.post(f"/scorecards/{second.pk}/return/")
        second.refresh_from_db()
        assert second.retired_at is None

    def test_the_default_stays(self, card: Scorecard, admin_client: Client) -> None:
        answer = admin_client.post(f"/scorecards/{card.pk}/retire/", follow=True)
        assert "The default scorecard cannot be retired" in text_of(answer)
        form = admin_client.get(f"/scorecards/{card.pk}/setup/").context["form"]
        assert sorted(form.fields) == ["name", "seen"]


class TestImport:
    def post(self, client: Client, content: str, into: object) -> Any:
        file = SimpleUploadedFile("card.yaml", content.encode())
        return client.post("/scorecards/import/", {"file": file, "into": into})

    def test_a_file_becomes_a_draft(
        self, card: Scorecard, admin_client: Client
    ) -> None:
        content = scorecard_write(name="From a file", note="", config=heavier(30))
        answer = self.post(admin_client, content, card.pk)
        assert answer["Location"] == draft_page(card)
        assert stored(card) == heavier(30)
        live = version_live(card)
        assert live is not None
        assert live.config == default_config()
        # It has a draft now, so it is not offered any more.
        assert self.post(admin_client, content, card.pk).status_code == 422
        answer = self.post(admin_client, content, "new")
        made = Scorecard.objects.get(name="From a file")
        assert answer["Location"] == draft_page(made)
        answer = self.post(admin_client, content, "new")
        assert "There is a scorecard of this name already." in text_of(answer)

    def test_every_wrong_line_is_said(
        self, card: Scorecard, admin_client: Client
    ) -> None:
        content = scorecard_write(name="Bad", note="", config=heavier(-1))
        content = content.replace("floor: 0.5", "floor: half")
        answer = self.post(admin_client, content, card.pk)
        assert answer.status_code == 422
        errors = answer.context["form"].errors["file"]
        assert [re.sub(r"\d+", "n", error) for error in errors] == [
            "Line n, measures[n].weight (nps): Write n or more.",
            "Line n, floor: Write a share from n to n, such as n.n.",
        ]
        assert ScorecardVersion.objects.count() == 1
