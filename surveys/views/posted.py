"""What was sent to the public page, whatever it was that sent it."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, QueryDict, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _

from common.errors import KeepwellError
from surveys.services.confirming import LONGEST_COMMENT

TOO_LARGE, MALFORMED = 413, 400


class UnableToRead(KeepwellError):
    """What was sent is no form of ours; `status` is what HTTP calls it."""

    def __init__(self, text: str, status: int) -> None:
        super().__init__(text)
        self.status = status


@dataclass(frozen=True, slots=True)
class Posted:
    """The fields of the form; a score that is no number is None."""

    step: str
    score: int | None
    comment: str
    is_cut: bool
    no_reply: bool

    @property
    def is_touch(self) -> bool:
        """Whether the page's script sent it, not the person by the button."""
        return self.step == "confirm"


class NoFiles(FileUploadHandler):
    """Files are passed over: the page asks for none, and none touches the disk."""

    def new_file(self, *_args: Any, **_options: Any) -> None:
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """This will never be asked for."""

    def file_complete(self, file_size: int) -> None:
        """This will never be asked for."""


def posted_of(request: HttpRequest) -> Posted:
    """This will read the form; UnableToRead for what is too large or malformed."""
    form = _form(request)
    # What no database keeps; line ends as the browser counted them.
    text = form.get("comment", "").replace("\x00", "").replace("\r\n", "\n").strip()
    return Posted(
        step=form.get("step", ""),
        score=score_read(form.get("score", "")),
        comment=text[:LONGEST_COMMENT],
        is_cut=len(text) > LONGEST_COMMENT,
        no_reply="no_reply" in form,
    )


def score_read(text: str) -> int | None:
    """This will read a number as the page writes it; None for everything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 3 else None


def _form(request: HttpRequest) -> QueryDict:
    if _length(request) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        raise UnableToRead(
            _("Your text is too long. Please shorten it and send it again."), TOO_LARGE
        )
    request.upload_handlers = [NoFiles(request)]
    try:
        return request.POST
    except (
        BadRequest, MultiPartParserError, SuspiciousOperation, UnreadablePostError
    ) as error:  # fmt: skip
        text = _("This could not be read. Please choose a number and send it again.")
        raise UnableToRead(text, MALFORMED) from error


def _length(request: HttpRequest) -> int:
    text = request.META.get("CONTENT_LENGTH") or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0
