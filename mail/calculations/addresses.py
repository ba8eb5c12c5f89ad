"""An email address in its one form, and its trace after the address itself is gone."""

import contextlib
import hashlib
import hmac

LONGEST = 254


def address_normal(email: str) -> str:
    """This will return the address in lower case, its domain as mail servers spell it.

    Letters before the @ may differ in theory; nobody relies on it, and somebody who asked
    for no more mail must not get it because of a capital letter.
    """
    local, at, domain = email.strip().lower().rpartition("@")
    if not at:
        return domain
    # What is no name of a server is still the same text every time.
    with contextlib.suppress(UnicodeError):
        domain = domain.encode("idna").decode("ascii")
    return f"{local}@{domain}"


def address_hash(email: str, key: bytes) -> str:
    """This will return 64 hexadecimal digits that only the key's owner can compare."""
    message = b"mail.address:" + address_normal(email).encode("utf-8", "replace")
    return hmac.new(key, message, hashlib.sha256).hexdigest()


def address_flaw(email: str) -> str:
    """This will say what keeps a text from being an address, "" when nothing does.

    Nobody can tell whether an address works but its own server; this looks only for what
    could do harm in a header or could never be delivered.
    """
    local, at, domain = email.rpartition("@")
    if not (local and at and domain):
        return "The address has to look like name@company.example."
    if len(email) > LONGEST:
        return "The address is longer than 254 letters."
    if any(letter.isspace() or not letter.isprintable() for letter in email):
        return "The address holds a space or a control character."
    if set('<>,;:"()[]\\@') & set(local) or set('<>,;:"()\\') & set(domain):
        return "The address holds a character that no address holds."
    try:
        domain.encode("idna")
    except UnicodeError:
        return "The part after the @ cannot be the name of a server."
    return ""


def is_printable(text: str) -> bool:
    """This will be false of what could end a line or hide: control characters and such."""
    return all(letter.isprintable() for letter in text)
