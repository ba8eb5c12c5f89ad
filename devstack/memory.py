"""This module will say how much memory the embedded database may take.

A server that finds its tables in memory of its own does not depend on what the system
happens to keep of its files.
"""

import os
from collections.abc import Mapping
from pathlib import Path

MB = 2**20
# What a group of processes may take, where the system limits it.
LIMITS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)
# Shares of the machine's memory, and the bounds in MB between which they stay.
SHARES: Mapping[str, tuple[float, int, int]] = {
    "shared_buffers": (1 / 4, 256, 8_192),
    "effective_cache_size": (1 / 2, 512, 65_536),
    "maintenance_work_mem": (1 / 64, 64, 512),
}


def memory_bytes(limits: tuple[Path, ...] = LIMITS) -> int:
    """This will return the memory of the machine, or the limit of our group if lower."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for path in limits:
        try:
            total = min(total, int(path.read_text()))
        except (OSError, ValueError):  # no such file, or "max"
            continue
    return total


def memory_settings(total: int) -> dict[str, str]:
    """This will size the database's memory for a machine with so many bytes."""
    return {
        name: f"{min(max(int(total * share) // MB, least), most)}MB"
        for name, (share, least, most) in SHARES.items()
    }
