"""Who is drawn when only a share is asked."""

import hashlib

# The draw is a number below this.
WHOLE = 2**64


def is_drawn(*, survey: int, round_: str, contact: int, share: int) -> bool:
    """This will say whether a contact is among `share` percent of a round.

    The same for ever: it is made of the three alone, so asking twice draws the same, and a
    larger share holds everybody that a smaller one held.
    """
    message = f"{survey}:{round_}:{contact}".encode()
    digest = hashlib.blake2b(message, digest_size=8, person=b"keepwell.draw").digest()
    return int.from_bytes(digest, "big") * 100 < share * WHOLE
