"""This module will start the embedded servers that nobody gave an address for."""

import shutil
from collections.abc import Mapping

from devstack.binaries import find_binaries
from devstack.places import Places, make_folder, private_sockets
from devstack.postgres import cluster_exists, database_url, make_cluster, postgres_spec
from devstack.progress import Progress
from devstack.supervisor import Supervisor
from devstack.valkey import redis_url, valkey_spec


def start_servers(
    supervisor: Supervisor,
    places: Places,
    given: Mapping[str, str],
    *,
    fast: bool = False,
) -> dict[str, str]:
    """This will start what `given` does not name, and return all addresses."""
    addresses = dict(given)
    if {"DATABASE_URL", "REDIS_URL"} <= set(given):
        return addresses
    private_sockets(places.sockets, places.account)
    binaries = find_binaries(places.account)
    if "DATABASE_URL" not in given:
        if not cluster_exists(places):
            progress = Progress(
                supervisor.console,
                "Making an empty database",
                quiet_for=supervisor.quiet_for,
            )
            make_cluster(places, binaries, fast=fast)
            progress.finish()
        supervisor.start(
            postgres_spec(places, binaries, fast=fast), "Starting PostgreSQL"
        )
        addresses["DATABASE_URL"] = database_url(places)
    if "REDIS_URL" not in given:
        make_folder(places.valkey, 0o700, places.account)
        supervisor.start(
            valkey_spec(places, binaries), "Starting Valkey (the job queue)"
        )
        addresses["REDIS_URL"] = redis_url(places)
    return addresses


def remove_sockets(places: Places) -> None:
    """This will remove the folder of the sockets once the servers are gone."""
    shutil.rmtree(places.sockets, ignore_errors=True)
