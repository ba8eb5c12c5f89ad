"""Who has a link to a theme's comments. Each link is one member's to one theme."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import F

from common.links import link_read
from mail.services.outbox import Draft, messages_queue
from surveys.enums import ThemeState
from surveys.models import Department, DepartmentMember, Theme, ThemeLink, ThemeNote

PURPOSE = "surveys.theme"
OPEN = (ThemeState.OPEN, ThemeState.PLANNED, ThemeState.DOING)
LONGEST_NOTE = 5_000


@transaction.atomic
def theme_links_settle(*, theme: Theme, now: dt.datetime) -> None:
    """This will give every member of the department in charge a link, nobody else.

    New links go out by mail. An old link that was ended opens nothing for ever: whoever
    is to have one again gets one of a new generation.
    """
    # Two changes at once take turns.
    theme = Theme.objects.select_for_update(of=("self",)).get(pk=theme.pk)
    links = {link.member_id: link for link in ThemeLink.objects.filter(theme=theme)}
    members = _members(theme)
    entitled = {member.pk for member in members}
    for link in links.values():
        if link.ended_at is None and link.member_id not in entitled:
            ThemeLink.objects.filter(pk=link.pk).update(ended_at=now)
    fresh = []
    for member in members:
        link = links.get(member.pk) or ThemeLink(theme=theme)
        link.member = member
        if link.pk and link.ended_at is None:
            continue
        _revive(link, now)
        fresh.append(link)
    _send(fresh, now)


def department_links_settle(*, department: Department, now: dt.datetime) -> None:
    """This will do the same for all open themes of a department: its members changed."""
    for theme in Theme.objects.filter(department=department, state__in=OPEN):
        theme_links_settle(theme=theme, now=now)


def member_links_renew(*, member: DepartmentMember, now: dt.datetime) -> None:
    """This will end a member's links and send new ones: the address is another one."""
    ThemeLink.objects.filter(member=member, ended_at=None).update(ended_at=now)
    department_links_settle(department=member.department, now=now)


def theme_link_opened(token: str) -> ThemeLink | None:
    """This will return the link of a genuine token, as long as it counts.

    A token that is wrong costs the same query as one that is right.
    """
    pk, generation = link_read(PURPOSE, token) or (0, 0)
    link = (
        ThemeLink.objects.filter(
            pk=pk,
            generation=generation,
            ended_at=None,
            theme__state__in=OPEN,
            theme__department=F("member__department"),
        )
        .select_related("theme__department", "member")
        .first()
    )
    return link if generation else None


def theme_link_seen(*, link: ThemeLink, now: dt.datetime) -> None:
    """This will note that somebody, or something, opened the link. It counts for nothing."""
    ThemeLink.objects.filter(pk=link.pk, opened_at=None).update(opened_at=now)


@transaction.atomic
def member_note(*, link: ThemeLink, text: str, done: bool, now: dt.datetime) -> bool:
    """This will keep a member's note; sent twice it is kept once.

    "Done" does not resolve the theme: it marks the note, and somebody who leads decides.
    """
    # The row of the link makes two at once take turns.
    ThemeLink.objects.select_for_update().get(pk=link.pk)
    last = ThemeNote.objects.filter(theme=link.theme, member=link.member)
    newest = last.order_by("-created_at", "-pk").first()
    if newest and (newest.text, newest.done) == (text, done):
        return False
    ThemeNote.objects.create(
        theme=link.theme,
        member=link.member,
        text=text[:LONGEST_NOTE],
        done=done,
        created_at=now,
    )
    return True


def _members(theme: Theme) -> list[DepartmentMember]:
    if theme.department_id is None or theme.state not in OPEN:
        return []
    rows = DepartmentMember.objects.filter(department=theme.department_id)
    return list(rows.order_by("pk"))


def _revive(link: ThemeLink, now: dt.datetime) -> None:
    if link.pk:
        link.generation += 1
    link.created_at, link.opened_at, link.ended_at = now, None, None
    link.reminded_on = None
    link.save()


def _send(links: Iterable[ThemeLink], now: dt.datetime) -> None:
    drafts = [
        Draft(
            kind="surveys.theme_assigned",
            to_email=link.member.email,
            to_name=link.member.name,
            language=link.member.language,
            data={"link": link.pk, "generation": link.generation},
            effect_key=f"surveys.theme_assigned:{link.pk}:{link.generation}",
        )
        for link in links
    ]
    if drafts:
        messages_queue(drafts, now=now)
