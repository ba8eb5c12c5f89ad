"""Which worker gets which tests: whole files, those that take long first.

A file is set up once and not once in every worker. pytest-xdist's own groups by mark do
nothing with pytest 9.2, without a word (pytest-xdist issue 1386); this does without them.
"""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

# What takes a minute and more: begun last it would be waited for at the end. None of it
# commits to a worker's database, which comes later.
LONG = (
    "tests/chaos/",
    "tests/browser/",
    "tests/stories/",
    "tests/access/",
    "tests/accounts/test_audit_tamperings.py",
    "tests/customers/importing/test_shared_data.py",
)
# The first kill, crash and wait, one after the other; the others share what is dear to make.
TOGETHER = ("tests/chaos/", "tests/demo/calculations/")


class ByFile(LoadScopeScheduling):
    """Hands out the tests of a file in one piece, or in two.

    pytest-django puts tests that commit after those that roll back, for the audit log
    keeps what they wrote. A file with both kinds comes twice.
    """

    scopes: dict[str, str]

    def schedule(self) -> None:
        """This will keep the order of the tests; the longest are taken out of it."""
        self.config.option.loadscopereorder = False
        collections = self.registered_collections.values()
        self.scopes = scopes_of(next(iter(collections), []))
        super().schedule()

    def _split_scope(self, nodeid: str) -> str:
        return self.scopes[nodeid]

    def _assign_work_unit(self, node: Any) -> None:
        self.workqueue.move_to_end(min(self.workqueue, key=_place), last=False)
        super()._assign_work_unit(node)


def scopes_of(nodeids: list[str]) -> dict[str, str]:
    """This will name each test's piece: its file, with a mark where that comes again."""
    scopes: dict[str, str] = {}
    over, now = set[str](), ""
    for nodeid in nodeids:
        file = nodeid.partition("::")[0]
        file = next((one for one in TOGETHER if file.startswith(one)), file)
        if file != now:
            over.add(now)
            now = file
        again = file in over and file not in TOGETHER
        scopes[nodeid] = f"{file}, later" if again else file
    return scopes


def _place(scope: str) -> int:
    return next(
        (place for place, long in enumerate(LONG) if scope.startswith(long)), len(LONG)
    )


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    """This will be asked by pytest-xdist in the process that hands out the tests."""
    return ByFile(config, log)
