"""How a request is refused, in the words and shapes of Stripe."""

from typing import Any

Obj = dict[str, Any]


class Refusal(Exception):
    """An answer that is not 200. `kind` is Stripe's type of error."""

    def __init__(
        self, status: int, kind: str, message: str, **more: str | Obj | None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.headers: dict[str, str] = {}
        told = {name: value for name, value in more.items() if value}
        self.error: Obj = {"type": kind, "message": message, **told}

    @property
    def body(self) -> Obj:
        """This will return what is sent."""
        return {"error": self.error}


def invalid(message: str, *, code: str = "", param: str = "") -> Refusal:
    """This will refuse what was asked for: 400."""
    return Refusal(400, "invalid_request_error", message, code=code, param=param)


def missing(kind: str, name: str, param: str = "id") -> Refusal:
    """This will say that there is no such thing: 404."""
    words = f"No such {kind}: '{name}'"
    return Refusal(
        404, "invalid_request_error", words, code="resource_missing", param=param
    )


def declined(message: str, *, code: str, decline_code: str, **more: Any) -> Refusal:
    """This will say that a card was refused: 402."""
    return Refusal(
        402, "card_error", message, code=code, decline_code=decline_code, **more
    )
