"""Which worker gets which tests: whole files, those that take long first.

A file is set up once and not once in every worker. pytest-xdist's own groups by mark do
nothing with pytest 9.2, without a word (pytest-xdist issue 1386); this does without them.
"""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

# What takes a minute and more, longest first: begun last it would be waited for at the end.
LONG = (
    "tests/chaos/",
    "tests/browser/",
    "tests/stories/",
    "tests/access/",
    "tests/accounts/test_audit_tamperings.py",
    "tests/customers/importing/",
    "tests/demo/",
    "tests/mail/",
)
# The first kill, crash and wait, one after the other; the others share what is dear to make.
TOGETHER = ("tests/chaos/", "tests/demo/calculations/")


class ByFile(LoadScopeScheduling):
    """Hands out the tests of a file in one piece."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return next((one for one in TOGETHER if file.startswith(one)), file)

    def _assign_work_unit(self, node: Any) -> None:
        """This will put the longest first; the others stand as xdist has ordered them."""
        self.workqueue.move_to_end(min(self.workqueue, key=_place), last=False)
        super()._assign_work_unit(node)


def _place(scope: str) -> int:
    return next(
        (place for place, long in enumerate(LONG) if scope.startswith(long)), len(LONG)
    )


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    """This will be asked by pytest-xdist in the process that hands out the tests."""
    return ByFile(config, log)
