"""A survey's mail as somebody would get it, made of words that need not be saved."""

from accounts.models import User
from common.mailing import Category
from mail.models import OutboxMessage
from mail.rendering.bodies import RenderedMail, message_render
from surveys.calculations.content import Content, content_write
from surveys.mails.invitation import SurveyMail
from surveys.models import Survey


def mail_preview(
    survey: Survey, content: Content, *, language: str, reader: User
) -> RenderedMail:
    """This will make the mail. Nothing is saved or sent, and its links open nothing."""
    message = OutboxMessage(
        kind=SurveyMail.key,
        category=Category.SURVEY,
        data={
            "content": content_write(content),
            "kind": survey.kind,
            "test": True,
            "language": language,
        },
        to_email=reader.email,
        to_name=reader.name,
        language=language,
        sender=survey.sender,
        message_id="preview@keepwell.invalid",
    )
    return message_render(message, masked=True)
