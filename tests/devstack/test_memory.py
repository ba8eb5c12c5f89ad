"""How much memory the embedded database may take."""

from pathlib import Path

from devstack.memory import MB, memory_bytes, memory_settings


def test_shares_of_a_usual_machine():
    assert memory_settings(24 * 1024 * MB) == {
        "shared_buffers": "6144MB",
        "effective_cache_size": "12288MB",
        "maintenance_work_mem": "384MB",
    }


def test_bounds_of_a_small_and_of_a_huge_machine():
    assert memory_settings(512 * MB)["shared_buffers"] == "256MB"
    assert memory_settings(512 * MB)["maintenance_work_mem"] == "64MB"
    assert memory_settings(1024 * 1024 * MB)["shared_buffers"] == "8192MB"


def test_a_limit_of_the_group_counts(tmp_path: Path):
    limit = tmp_path / "memory.max"
    limit.write_text("1073741824\n")
    assert memory_bytes((limit,)) == 1024 * MB
    machine = memory_bytes(())
    limit.write_text("max\n")
    assert memory_bytes((limit, tmp_path / "no such file")) == machine
    assert machine > 1024 * MB
