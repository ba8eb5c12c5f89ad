"""Is the audit log what was written?"""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from accounts.actor import CONSOLE
from accounts.audit_words import fault_words
from accounts.selectors.audit import audit_length
from accounts.selectors.audit_chain import privileges_enforced
from accounts.services.audit_heads import UnableToReadHead, head_parse, head_text
from accounts.services.audit_verify import Finding, audit_verified_note, audit_verify


class Command(BaseCommand):
    help = (
        "Reads the whole audit log and tells every entry that was changed, added, taken"
        " out or cut off (docs/audit.md). Ends with 1 when anything is wrong."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--head",
            action="append",
            default=[],
            metavar="ENTRIES:DIGEST",
            help="a head noted elsewhere, as the log shows it; may be given several times",
        )
        parser.add_argument(
            "--read-only",
            action="store_true",
            help="do not record in the log that it was verified",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """This will verify, record that it did, and print the verdict."""
        try:
            finding = self.verify(options["head"])
        except UnableToReadHead as error:
            raise CommandError(str(error), returncode=2) from error
        if finding.head is not None and not options["read_only"]:
            audit_verified_note(finding=finding, by=CONSOLE, now=timezone.now())
        self.report(finding)

    def verify(self, texts: list[str]) -> Finding:
        """This will read the log under a progress bar, shown when it takes longer."""
        noted = [head_parse(text) for text in texts]
        with tqdm(
            total=audit_length(),
            desc="Verifying the audit log",
            unit=" entries",
            delay=1,
            leave=False,
            disable=not sys.stderr.isatty(),
        ) as bar:
            return audit_verify(noted=noted, progress=bar.update)

    def report(self, finding: Finding) -> None:
        """This will say in words what was found."""
        guarded = "enforced" if privileges_enforced() else "triggers only"
        self.stdout.write(f"privileges: {guarded}")
        noun = "head" if finding.heads_compared == 1 else "heads"
        self.stdout.write(
            f"compared with {finding.heads_compared} {noun} noted elsewhere"
        )
        for fault in finding.faults:
            self.stdout.write(fault_words(fault))
        hidden = finding.fault_count - len(finding.faults)
        if hidden:
            self.stdout.write(f"… and {hidden} more.")
        if not finding.fine:
            msg = (
                f"The audit log is not what was written: {finding.fault_count} faults in"
                f" {finding.entries} entries (docs/audit.md says what to do)."
            )
            raise CommandError(msg, returncode=1)
        if not finding.entries:
            self.stdout.write("ok, nothing was recorded yet")
            return
        noun = "entry" if finding.entries == 1 else "entries"
        self.stdout.write(
            f"ok {finding.entries} {noun}, head {head_text(finding.head)}"
        )
