"""Verifying: what the command finds and says, and where the end of the log is noted."""

import datetime as dt
import logging
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from accounts.actor import CONSOLE, MACHINE, Actor
from accounts.audit_words import WRONG, fault_words
from accounts.calculations.chain import START
from accounts.calculations.verdict import Fault, Head, Wrong
from accounts.models import AuditDetail, AuditEntry, AuditHead, User
from accounts.selectors import audit_chain
from accounts.services import audit_verify as module
from accounts.services.audit import audit_record
from accounts.services.audit_erase import audit_details_erase
from accounts.services.audit_heads import (
    UnableToReadHead,
    audit_head_note,
    head_parse,
    heads_noted,
)
from accounts.services.audit_verify import audit_verify
from accounts.tasks import audit_head_note_task
from config.schedule import SCHEDULE
from tests.world import NOW, make_user

HOUR = dt.timedelta(hours=1)


def write(count: int = 1) -> AuditEntry:
    """This will append entries and return the last."""
    return [audit_record(by=MACHINE, action="a.b", now=NOW) for _ in range(count)][-1]


def wrongs(noted: tuple[Head, ...] = ()) -> list[tuple[Wrong, int]]:
    return [(fault.what, fault.number) for fault in audit_verify(noted=noted).faults]


def verify(*arguments: str) -> str:
    out = StringIO()
    call_command("audit_verify", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def heads(settings: Settings) -> Path:
    return Path(settings.AUDIT_HEADS)


class TestReading:
    def test_the_log_is_read_in_pieces(
        self, db: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write(7)
        total = AuditHead.objects.get().entries
        monkeypatch.setattr(module, "CHUNK", 3)
        read: list[int] = []
        finding = audit_verify(progress=read.append)
        assert (finding.entries, finding.fault_count) == (total, 0)
        assert sum(read) == total
        assert max(read) == 3

    def test_what_is_appended_meanwhile_does_no_harm(
        self, db: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write(2)
        more: Iterator[int] = iter([1])

        def late() -> tuple[Head | None, int | None]:
            for count in more:
                write(count)
            return audit_chain.head_and_newest()

        monkeypatch.setattr(module, "head_and_newest", late)
        finding = audit_verify()
        assert finding.fine
        assert finding.entries == AuditHead.objects.get().entries

    def test_a_forged_entry(self, db: None) -> None:
        last = write(2)
        AuditEntry.objects.create(
            number=last.number + 1,
            at=NOW,
            action="accounts.role_changed",
            before={},
            after={},
            detail_digest="d" * 64,
            previous=last.digest,
            digest="e" * 64,
        )
        number = last.number + 1
        assert wrongs() == [
            (Wrong.CHANGED, number),
            (Wrong.DETAIL_GONE, number),
            (Wrong.LENGTH, last.number),
        ]

    def test_details_taken_away(self, db: None) -> None:
        last = write(2)
        AuditDetail.objects.filter(entry=last).delete()
        assert wrongs() == [(Wrong.DETAIL_GONE, last.number)]

    def test_an_entry_that_no_driver_can_read(self, db: None) -> None:
        last = write()
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO accounts_auditentry VALUES (%s, '90000-01-01', NULL, '', '',"
                " '', '{}', '{}', '', '', 'x')",
                [last.number + 1],
            )
        assert (Wrong.UNREADABLE, 0) in wrongs()

    def test_only_the_first_faults_are_kept(
        self, db: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write(5)
        monkeypatch.setattr(module, "FAULTS_KEPT", 2)
        AuditDetail.objects.all().delete()
        finding = audit_verify()
        assert len(finding.faults) == 2
        assert finding.fault_count >= 5


class TestErasing:
    def test_a_person_goes_and_the_chain_holds(self, admin: User, ana: User) -> None:
        by_ana = Actor(ana, "192.0.2.7", "Firefox")
        first = audit_record(by=by_ana, action="a.b", now=NOW)
        about = audit_record(
            by=Actor(admin), action="a.c", now=NOW, subject=ana, person=ana
        )
        unnamed = audit_record(by=Actor(admin), action="a.d", now=NOW, subject=ana)
        other = audit_record(by=Actor(admin), action="a.e", now=NOW, subject=admin)
        assert audit_details_erase(person=ana, by=Actor(admin), now=NOW) == 3
        gone = [first.number, about.number, unnamed.number]
        entry = AuditEntry.objects.order_by("number").last()
        assert entry is not None
        assert (entry.action, entry.after) == (
            "audit.details_erased",
            {"entries": gone},
        )
        assert not AuditDetail.objects.filter(entry_id__in=gone).exists()
        assert AuditDetail.objects.filter(entry=other).exists()
        everything = str(list(AuditDetail.objects.values()))
        assert "ana@example.org" not in everything
        assert "admin@example.org" in everything
        assert wrongs() == []

    def test_a_hundred_erasures(self, admin: User) -> None:
        people = [make_user(f"p{n}@example.org") for n in range(100)]
        for person in people:
            audit_record(by=Actor(person, "192.0.2.7"), action="a.b", now=NOW)
        for person in people:
            assert audit_details_erase(person=person, by=Actor(admin), now=NOW) == 1
        assert wrongs() == []

    def test_nobody_is_erased_twice(self, ana: User) -> None:
        audit_record(by=Actor(ana), action="a.b", now=NOW)
        assert audit_details_erase(person=ana, by=CONSOLE, now=NOW) == 1
        # The entry about the erasing has the console's details and goes, too.
        assert audit_details_erase(person=ana, by=CONSOLE, now=NOW) == 1
        assert wrongs() == []

    def test_erased_details_that_come_back(self, ana: User) -> None:
        entry = audit_record(by=Actor(ana), action="a.b", now=NOW)
        kept = AuditDetail.objects.get(entry=entry)
        audit_details_erase(person=ana, by=CONSOLE, now=NOW)
        kept.save(force_insert=True)
        assert wrongs() == [(Wrong.DETAIL_BACK, entry.number)]


class TestHeads:
    def test_the_end_is_noted_once_an_hour_if_it_moved(
        self, db: None, heads: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.INFO, "keepwell.audit")
        first = write()
        assert audit_head_note(now=NOW)
        assert not audit_head_note(now=NOW + 2 * HOUR), "nothing moved"
        second = write()
        assert audit_head_note(now=NOW + 2 * HOUR)
        third = write()
        assert not audit_head_note(now=NOW + 2.9 * HOUR), "too early"
        assert audit_head_note(now=NOW + 3 * HOUR)
        entries = (first, second, third)
        assert [h.digest for h in heads_noted()] == [e.digest for e in entries]
        assert caplog.messages == [
            f"audit head {entry.number}:{entry.digest}" for entry in entries
        ]
        assert heads.read_text().startswith("2026-06-30T12:00:00+00:00 ")
        assert wrongs() == []

    def test_every_tick_looks_after_it(self, company: object, heads: Path) -> None:
        entry = write()
        task = "accounts.audit_head_note"
        assert SCHEDULE[task]["task"] == audit_head_note_task.name
        audit_head_note_task()
        assert heads.read_text().split()[1:] == [f"{entry.number}:{entry.digest}"]

    def test_a_shorter_log_raises_the_alarm(
        self, db: None, heads: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        entry = write()
        longer = f"{entry.number + 5}:{'a' * 64}"
        heads.write_text(f"{(NOW - HOUR).isoformat()} {longer}\n")
        assert audit_head_note(now=NOW)
        assert [record.levelname for record in caplog.records] == ["ERROR"]
        assert longer in caplog.text
        assert wrongs() == [(Wrong.CUT, entry.number + 5)]

    def test_what_a_crash_left_half_written_swallows_nothing(
        self, db: None, heads: Path
    ) -> None:
        heads.write_text("2026-06-30T11:00:00+00:00 3:abc")
        entry = write()
        assert audit_head_note(now=NOW)
        assert heads_noted() == [Head(entry.number, entry.digest)]

    @pytest.mark.parametrize("minute", [0, 7])
    def test_without_a_file_the_log_gets_it_at_the_full_hour(
        self,
        db: None,
        settings: Settings,
        tmp_path: Path,
        caplog: pytest.LogCaptureFixture,
        minute: int,
    ) -> None:
        caplog.set_level(logging.INFO, "keepwell.audit")
        settings.AUDIT_HEADS = tmp_path / "missing" / "heads"
        entry = write()
        done = audit_head_note(now=NOW + dt.timedelta(minutes=minute))
        assert done is (minute == 0)
        assert (f"{entry.number}:{entry.digest}" in caplog.text) is (minute == 0)

    def test_a_file_that_is_not_to_be_read_is_no_silence(
        self, db: None, settings: Settings, tmp_path: Path
    ) -> None:
        settings.AUDIT_HEADS = tmp_path
        with pytest.raises(UnableToReadHead, match=str(tmp_path)):
            audit_verify()
        with pytest.raises(CommandError, match="can not be read"):
            verify()

    @pytest.mark.parametrize(
        "text", ["", "5", "5:abc", f"x:{'a' * 64}", f"٣:{'a' * 64}"]
    )
    def test_what_is_no_head(self, text: str) -> None:
        with pytest.raises(UnableToReadHead, match="looks like 123:"):
            head_parse(text)


class TestCommand:
    def test_a_sound_log(self, db: None, heads: Path) -> None:
        entry = write(2)
        audit_head_note(now=NOW)
        lines = verify().splitlines()
        assert lines[0] in {"privileges: enforced", "privileges: triggers only"}
        assert lines[1:] == [
            "compared with 1 head noted elsewhere",
            f"ok {entry.number} entries, head {entry.number}:{entry.digest}",
        ]
        last = AuditEntry.objects.order_by("number").last()
        assert last is not None
        assert last.action == "audit.verified"
        assert last.after == {"entries": entry.number, "faults": 0}

    def test_it_may_leave_no_trace(self, db: None) -> None:
        entry = write()
        verify("--read-only")
        assert AuditHead.objects.get().entries == entry.number

    def test_an_empty_log(self, db: None) -> None:
        if AuditEntry.objects.exists():
            pytest.skip("another test has committed entries")
        assert "ok, nothing was recorded yet" in verify()
        with pytest.raises(CommandError, match="1 faults in 0 entries"):
            verify("--head", f"3:{'a' * 64}")

    def test_it_says_what_is_wrong(
        self, db: None, capsys: pytest.CaptureFixture[str]
    ) -> None:
        entry = write(2)
        AuditDetail.objects.filter(entry=entry).delete()
        with pytest.raises(CommandError) as raised:
            call_command("audit_verify", "--head", f"{entry.number}:{'a' * 64}")
        assert raised.value.returncode == 1
        printed = capsys.readouterr().out
        assert f"The personal details of entry {entry.number} are gone" in printed
        assert (
            f"Entry {entry.number} is another than the one noted elsewhere" in printed
        )

    def test_a_head_that_is_none(self, db: None) -> None:
        with pytest.raises(CommandError, match="is not a noted head") as raised:
            verify("--head", "5")
        assert raised.value.returncode == 2

    def test_sealing_anew(self, db: None) -> None:
        with pytest.raises(CommandError, match="--reason"):
            call_command("audit_seal")
        entry = write()
        AuditHead.objects.update(mac="f" * 64)
        out = StringIO()
        call_command("audit_seal", "--reason", "Looked into it.", stdout=out)
        assert f"entry {entry.number + 1}" in out.getvalue()
        assert wrongs() == []


def test_every_fault_has_words() -> None:
    assert set(WRONG) == set(Wrong)
    for what in Wrong:
        words = fault_words(Fault(what, 12))
        assert ("12" in words) is (what is not Wrong.TRIGGER)


def test_the_first_entry_follows_nothing() -> None:
    assert START == "0" * 64
