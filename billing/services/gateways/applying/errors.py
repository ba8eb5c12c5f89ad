"""Why something of a gateway cannot be written here."""

from billing.enums import ObjectKind
from common.errors import KeepwellError


class UnableToApply(KeepwellError):
    """It makes no sense here as it stands; the text says what to do."""


class MissingObject(KeepwellError):
    """It refers to something that was not read yet: read that first, then this again."""

    def __init__(self, kind: ObjectKind, external_id: str) -> None:
        super().__init__(f"{kind} {external_id}")
        self.kind = kind
        self.external_id = external_id
