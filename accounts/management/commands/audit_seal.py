"""Accepts the audit log as it is, after a person looked into a broken seal."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.actor import CONSOLE
from accounts.services.audit_seal import UnableToSeal, audit_seal


class Command(BaseCommand):
    help = (
        "Seals the end of the audit log anew: for a secret key that was lost, or after"
        " tampering was looked into (docs/audit.md). The log keeps who did it and why."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--reason", required=True, metavar="TEXT")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            head = audit_seal(reason=options["reason"], by=CONSOLE, now=timezone.now())
        except UnableToSeal as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"The head at entry {head.entries} carries our seal again.")
