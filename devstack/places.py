"""This module will say where things live on this machine."""

import hashlib
import os
import pwd
import secrets
import stat
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from devstack.errors import UnableToRun

CHECKOUT = Path(__file__).resolve().parent.parent

# The length of sun_path on macOS; Linux has four more bytes.
SOCKET_PATH_LIMIT = 104
LONGEST_SOCKET_NAME = "/.s.PGSQL.5432.lock"


@dataclass(frozen=True)
class Account:
    """This will name the unprivileged user that database servers run as."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Places:
    """This will hold the folders of one installation.

    `var` is for what web, worker and the supervisor write; `data` for what the
    database servers write, which differs when root works in a closed folder.
    """

    var: Path
    data: Path
    sockets: Path
    account: Account | None = None

    @property
    def postgres(self) -> Path:
        """This will return the folder of the PostgreSQL cluster."""
        return self.data / "postgres"

    @property
    def valkey(self) -> Path:
        """This will return the folder of Valkey's append-only file."""
        return self.data / "valkey"

    @property
    def static(self) -> Path:
        """This will return the folder that collectstatic fills."""
        return self.var / "static"

    @property
    def state(self) -> Path:
        """This will return the file that says which servers run, and where."""
        return self.var / "state.json"


def server_account() -> Account | None:
    """This will return the user for the servers: `nobody` for root, else None.

    PostgreSQL refuses to run as root.
    """
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        msg = (
            "PostgreSQL cannot run as root, and this machine has no user 'nobody' "
            "to run it as. Please start Keepwell as an ordinary user."
        )
        raise UnableToRun(msg) from None
    return Account(entry.pw_uid, entry.pw_gid)


def reachable_by_others(path: Path) -> bool:
    """This will tell whether any user may enter `path` (o+x all the way up)."""
    return all(
        folder.stat().st_mode & stat.S_IXOTH
        for folder in (path, *path.parents)
        if folder.exists()
    )


def short_hash(path: Path) -> str:
    """This will return eight letters that stand for a path."""
    return hashlib.sha256(str(path).encode()).hexdigest()[:8]


def closed_home(var: Path) -> Path:
    """This will return the folder used when `nobody` cannot reach `var`."""
    return Path("/var/lib") / f"keepwell-{short_hash(var)}"


def make_folder(path: Path, mode: int, account: Account | None = None) -> Path:
    """This will make a folder with exactly this mode, and hand it to `account`."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        path.chmod(mode)
        if account is not None:
            os.chown(path, account.uid, account.gid)
    except PermissionError:
        msg = (
            f"The folder {path} cannot be written: it belongs to another user. "
            "Please run as the user who started Keepwell first, or set "
            "KEEPWELL_VAR to a folder of your own."
        )
        raise UnableToRun(msg) from None
    except OSError as error:
        msg = (
            f"The folder {path} cannot be made ({error.strerror}). Please set "
            "KEEPWELL_VAR to a folder that can be written."
        )
        raise UnableToRun(msg) from None
    return path


def temporary_folder(account: Account | None) -> Path:
    """This will return a folder for sockets, short and open to `account`."""
    folder = Path(tempfile.gettempdir())
    longest = len(str(folder / "keepwell-test-12345678/sockets"))
    too_long = longest + len(LONGEST_SOCKET_NAME) >= SOCKET_PATH_LIMIT
    if too_long or (account is not None and not reachable_by_others(folder)):
        return Path("/tmp")  # noqa: S108
    return folder


def private_sockets(path: Path, account: Account | None) -> Path:
    """This will make the folder of the sockets, closed to everybody else.

    Its name can be guessed, so that a folder somebody else put there is refused.
    """
    owner = account.uid if account else os.geteuid()
    try:
        path.mkdir(mode=0o700)
        if account is not None:
            os.chown(path, account.uid, account.gid)
    except FileExistsError:
        pass
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner:
        msg = f"{path} belongs to somebody else. Please remove it and start again."
        raise UnableToRun(msg)
    path.chmod(0o700)
    return path


def permanent_places(environ: Mapping[str, str] = os.environ) -> Places:
    """This will return the folders of this checkout, making all but the sockets'."""
    wanted = environ.get("KEEPWELL_VAR")
    var = Path(wanted).resolve() if wanted else CHECKOUT / "var"
    account = server_account()
    make_folder(var, 0o711 if account else 0o700)
    data = var
    if account is not None:
        closed = closed_home(var)
        # Once data lives outside it stays there, even if the folder is opened later.
        if (closed / "postgres").exists() or not reachable_by_others(var):
            data = make_folder(closed, 0o711)
    name = f"keepwell-{os.geteuid()}-{short_hash(var)}"
    return Places(var, data, temporary_folder(account) / name, account)


def secret_key(places: Places) -> str:
    """This will return the installation's secret key, made at the first call."""
    path = places.var / "secret_key"
    if not path.exists():
        fresh = path.with_name(f"secret_key.{os.getpid()}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(50))
        try:
            os.link(fresh, path)  # never replaces a key written meanwhile
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text().strip()
