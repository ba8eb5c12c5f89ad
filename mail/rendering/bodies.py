"""Subject, HTML and text of a message, in its reader's language and time."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from css_inline import CSSInliner
from django.conf import settings
from django.template import Context, engines
from django.utils import timezone, translation

from common.links import link_token
from common.mailing import Category, LinkMaker
from mail.calculations.colours import Palette, palette
from mail.calculations.lines import clean_line, wrapped
from mail.kinds import kind_named
from mail.models import OutboxMessage
from mail.rendering.frame import Frame, frame_load, zone_of

UNSUBSCRIBE = "mail.unsubscribe"


@dataclass(frozen=True, slots=True)
class RenderedMail:
    """What the reader gets to see."""

    subject: str
    html: str
    text: str


def message_render(
    message: OutboxMessage, *, masked: bool = False, frame: Frame | None = None
) -> RenderedMail:
    """This will render a message anew; with `masked`, its links open nothing.

    Raises MailIsPointless when there is nothing left to say. `frame` saves two queries
    for each message of a batch; the rest is what the kind reads, and the rows of contact,
    user and customer unless they were selected along.
    """
    frame = frame or frame_load()
    kind = kind_named(message.kind)
    link = LinkMaker(frame.base_url, masked=masked)
    with (
        translation.override(language_of(message)),
        timezone.override(zone_of(message, frame)),
    ):
        facts = kind.facts_of(message, link, frame.company)
        subject = clean_line(str(kind.subject(facts)))
        content = {**facts, **_surroundings(message, frame, link), "subject": subject}
        content["company_name"] = facts.get("company_name") or frame.company.name
        text = _template(f"{kind.template}.txt", content, escape=False)
        html = _template(f"{kind.template}.html", content, escape=True)
    own = facts.get("accent")
    colours = palette(own) if own else frame.palette
    return RenderedMail(
        subject=subject, html=_dressed(html, colours), text=wrapped(text)
    )


def language_of(message: OutboxMessage) -> str:
    """This will return the message's language if it is still one of ours."""
    known = dict(settings.LANGUAGES)
    return message.language if message.language in known else settings.LANGUAGE_CODE


def may_unsubscribe(message: OutboxMessage) -> bool:
    """This will be true of mail to customers' people that they can do without."""
    return message.contact_id is not None and message.category != Category.SERVICE


def unsubscribe_url(message: OutboxMessage, link: LinkMaker) -> str:
    """This will return the address that stops such mail; it is good for ever."""
    return link("unsubscribe", token=link_token(UNSUBSCRIBE, message.pk or 0))


def _surroundings(
    message: OutboxMessage, frame: Frame, link: LinkMaker
) -> dict[str, Any]:
    """This will return what mail/base.html and mail/base.txt print around the content."""
    return {
        "to_name": message.to_name,
        "to_email": message.to_email,
        "for_user": message.user_id is not None,
        "category": message.category,
        "customer_name": message.customer.name if message.customer else "",
        "unsubscribe_url": (
            unsubscribe_url(message, link) if may_unsubscribe(message) else ""
        ),
    }


def _template(name: str, content: Mapping[str, Any], *, escape: bool) -> str:
    engine = engines["django"].engine  # type: ignore[attr-defined]
    made: str = engine.get_template(name).render(
        Context(dict(content), autoescape=escape)
    )
    return made


def _dressed(html: str, colours: Palette) -> str:
    """This will write the light look into the tags and put the dark one into the head."""
    inliner, kept = _wardrobe(colours)
    return inliner.inline(html).replace("</head>", kept, 1)


@cache
def _wardrobe(colours: Palette) -> tuple[CSSInliner, str]:
    """This will prepare what is the same for every mail of a colour.

    Rules that no tag can carry (dark, narrow, Outlook's) go into the head as they are.
    """
    content = {"look": colours}
    light = _template("mail/light.css", content, escape=False)
    dark = _template("mail/dark.css", content, escape=False)
    inliner = CSSInliner(
        inline_style_tags=False, load_remote_stylesheets=False, extra_css=light
    )
    return inliner, f"<style>{dark}</style></head>"
