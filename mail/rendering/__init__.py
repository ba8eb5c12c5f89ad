"""From a row of the outbox to what its reader sees, and to what the server is given."""

from mail.rendering.bodies import RenderedMail, message_render
from mail.rendering.frame import Frame, frame_load
from mail.rendering.headers import message_email

__all__ = [
    "Frame",
    "RenderedMail",
    "frame_load",
    "message_email",
    "message_render",
]
