"""What the library's errors mean for us, wherever no money moves."""

from collections.abc import Iterator
from contextlib import contextmanager

import stripe

from billing.gateways.base import (
    UnableToDoThere,
    UnableToReachGateway,
    UnableToUseGateway,
)


@contextmanager
def asking() -> Iterator[None]:
    """This will turn the library's errors into ours.

    Raises UnableToReachGateway where the same may be asked again, UnableToUseGateway where
    our key is at fault, UnableToDoThere for what Stripe understood and refused.
    """
    try:
        yield
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        raise UnableToUseGateway(words_of(error)) from error
    except stripe.RateLimitError as error:
        raise UnableToReachGateway(words_of(error), after=wait_of(error)) from error
    except stripe.APIConnectionError as error:
        raise UnableToReachGateway(words_of(error)) from error
    except (stripe.InvalidRequestError, stripe.CardError) as error:
        raise UnableToDoThere(words_of(error)) from error
    except stripe.StripeError as error:
        # 5xx, and what an intermediary made of an answer.
        raise UnableToReachGateway(words_of(error), after=wait_of(error)) from error


def is_missing(error: stripe.StripeError) -> bool:
    """This will tell whether what was asked for does not stand there."""
    return error.http_status == 404 or error.code == "resource_missing"


def wait_of(error: stripe.StripeError) -> float | None:
    """This will return the seconds after which Stripe wants to be asked again."""
    told = str((error.headers or {}).get("Retry-After", ""))
    return float(told) if told.isascii() and told.isdigit() else None


def words_of(error: stripe.StripeError) -> str:
    """This will return what Stripe said, on one line and not for ever."""
    return " ".join(str(error).split())[:500]
