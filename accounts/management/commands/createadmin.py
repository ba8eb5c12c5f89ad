"""Makes an administrator at the console."""

import sys
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.utils import timezone

from accounts.models import User
from accounts.services.first_admin import (
    UnableToMakeAdministrator,
    administrator_create,
)

LONGEST_NAME = 150


class Command(BaseCommand):
    help = (
        "Makes an administrator: asks for email address, name and password. The first "
        "one can also be made in the browser, at /setup/."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--email", help="the address to sign in with")
        parser.add_argument("--name", help="as colleagues write it")
        parser.add_argument(
            "--password-stdin",
            action="store_true",
            help="read the password from the first line of the standard input",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """This will make the administrator, or say what to do instead."""
        asks = sys.stdin.isatty() and not options["password_stdin"]
        if not asks and not (options["email"] and options["name"]):
            msg = "Nobody is there to ask: give --email and --name."
            raise CommandError(msg)
        email = address(options["email"] or input("Email address: "))
        name = name_of(options["name"] or input("Name: "))
        person = User(email=email, name=name)
        if asks:
            password = password_asked(person)
        elif options["password_stdin"]:
            password = password_read(person)
        else:
            msg = (
                "Nobody is there to ask for a password: give --password-stdin and "
                "send it on the standard input."
            )
            raise CommandError(msg)
        try:
            administrator_create(
                email=email, name=name, password=password, now=timezone.now()
            )
        except UnableToMakeAdministrator as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{email} can sign in as an administrator now.")


def address(text: str) -> str:
    """This will return an address in lower case, or refuse it."""
    email = text.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        msg = f"{text!r} is not an email address."
        raise CommandError(msg) from None
    return email


def name_of(text: str) -> str:
    """This will return a name without stray spaces, or refuse it."""
    name = " ".join(text.split())
    if not 0 < len(name) <= LONGEST_NAME:
        msg = f"A name has 1 to {LONGEST_NAME} letters."
        raise CommandError(msg)
    return name


def password_read(person: User) -> str:
    """This will return the first line of the standard input, or say what is amiss."""
    password = sys.stdin.readline().rstrip("\r\n")
    complaints = weakness(password, person)
    if complaints:
        raise CommandError(complaints)
    return password


def password_asked(person: User) -> str:
    """This will ask until a good password was typed twice alike."""
    while True:
        password = getpass("Password (not shown): ")
        complaints = weakness(password, person)
        if complaints:
            print(complaints, file=sys.stderr)
        elif getpass("The same once more: ") != password:
            print("The two differ. Please try again.", file=sys.stderr)
        else:
            return password


def weakness(password: str, person: User) -> str:
    """This will say why a password is refused; empty when it is good."""
    try:
        validate_password(password, person)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""
