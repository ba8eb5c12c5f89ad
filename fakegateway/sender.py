"""Who sends the webhooks: at once in the background, or when told, over connections."""

import http.client
import threading
import time
from collections import Counter
from urllib.parse import urlsplit

from fakegateway.errors import Obj
from fakegateway.hooks import Delivery, delivery
from fakegateway.store import Store

PATIENCE = 30.0
# Seconds until a webhook that was not taken is sent again.
PAUSES = (1, 2, 5, 15, 60, 300)


def sent(
    url: str, told: list[Delivery], *, connections: int = 1, delay: float = 0.0
) -> Obj:
    """This will send everything, in order, shared by so many connections at once."""
    counts: Counter[str] = Counter()
    queue = iter(told)
    lock = threading.Lock()

    def work() -> None:
        link = Connection(url)
        while True:
            with lock:
                one = next(queue, None)
            if one is None:
                break
            time.sleep(delay)
            status = link.post(one)
            with lock:
                counts[f"{one.forged or 'true'} {status}"] += 1
        link.close()

    threads = [threading.Thread(target=work) for _one in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return dict(counts)


class Connection:
    """One kept-alive connection to where webhooks go."""

    def __init__(self, url: str) -> None:
        self.parts = urlsplit(url)
        self.link = http.client.HTTPConnection(
            self.parts.hostname or "127.0.0.1", self.parts.port, timeout=PATIENCE
        )

    def post(self, one: Delivery) -> int:
        """This will send one and return the status; 0 where there was no answer."""
        for _turn in range(2):
            fresh = self.link.sock is None
            try:
                self.link.request("POST", self.parts.path, one.body, one.headers)
                reply = self.link.getresponse()
                reply.read()
            except (OSError, http.client.HTTPException):
                self.link.close()
                if fresh:
                    return 0
            else:
                return reply.status
        return 0

    def close(self) -> None:
        """This will hang up."""
        self.link.close()


class Sender(threading.Thread):
    """Sends new events by itself, and those again that were not taken."""

    def __init__(self, store: Store) -> None:
        super().__init__(daemon=True, name="fake gateway's webhooks")
        self.store = store
        self.ends = threading.Event()

    def run(self) -> None:
        later: dict[str, tuple[float, int]] = {}  # event -> (not before, tries so far)
        while not self.ends.wait(0.2):
            with self.store.lock:
                settings = self.store.settings
                url = settings.get("hook_url", "")
                by_itself = url and settings.get("hooks_by_themselves", False)
                waiting = list(self.store.waiting) if by_itself else []
            now = time.monotonic()
            due = [name for name in waiting if later.get(name, (0, 0))[0] <= now]
            if due:
                link = Connection(url)
                for name in due:
                    self._told(link, name, later)
                link.close()

    def _told(
        self, link: Connection, name: str, later: dict[str, tuple[float, int]]
    ) -> None:
        tries = later.pop(name, (0.0, 0))[1]
        taken = self._one(link, name) // 100 == 2
        if not taken and tries < len(PAUSES):
            later[name] = time.monotonic() + PAUSES[tries], tries + 1
            return
        with self.store.lock:
            self.store.told([name])
            self.store.flush()

    def _one(self, link: Connection, name: str) -> int:
        with self.store.lock:
            if self.store.get(name) is None:  # everything was forgotten meanwhile
                return 200
            secrets = self.store.settings.get("hook_secrets", [])
            one = delivery(self.store, name, secrets, self.store.clock.now())
        return link.post(one)
