"""python -m fakegateway --port N [--journal FILE] [--hook-url URL --hook-secret S]"""

import argparse
import signal
import threading
from pathlib import Path

from fakegateway.server import Server
from fakegateway.subscriptions import clock_followed

MINUTE = 60


def main() -> None:
    """This will answer until somebody asks to stop."""
    parser = argparse.ArgumentParser(prog="fakegateway", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes any free one")
    parser.add_argument("--journal", type=Path, help="what is kept over a restart")
    parser.add_argument("--hook-url", default="", help="where webhooks go")
    parser.add_argument("--hook-secret", action="append", default=[])
    parser.add_argument("--port-file", type=Path, help="is told the port")
    chosen = parser.parse_args()
    server = Server(chosen.port, chosen.journal)
    if chosen.hook_url:
        server.store.settings["hook_url"] = chosen.hook_url
        server.store.settings["hooks_by_themselves"] = True
    if chosen.hook_secret:
        server.store.settings["hook_secrets"] = chosen.hook_secret
    ends = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: ends.set())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    if chosen.port_file:
        fresh = chosen.port_file.with_suffix(".new")
        fresh.write_text(str(server.server_address[1]))
        fresh.rename(chosen.port_file)
    while not ends.wait(MINUTE):
        with server.store.lock:
            clock_followed(server.store)
            server.store.flush()
    server.shutdown()
    server.server_close()


if __name__ == "__main__":
    main()
