"""What a load counted, and how it tells how far it is."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

# Called with a table, the bytes done so far and the bytes there are.
Progress = Callable[[str, int, int], None]


@dataclass
class TableReport:
    """What became of one table's rows. Rejected and dropped count source rows."""

    table: str
    file: str
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    dropped: int = 0
    seconds: float = 0.0


@dataclass
class ImportReport:
    """What became of a folder."""

    tables: list[TableReport] = field(default_factory=list)
    warnings: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    newest_day: dt.date | None = None
    rejected_file: Path | None = None
    resumed: bool = False

    @property
    def rejected(self) -> int:
        return sum(table.rejected for table in self.tables)

    def warn(self, text: str, rows: int) -> None:
        """This will count rows that were kept but not taken over completely."""
        self.warnings[text] = self.warnings.get(text, 0) + rows


@dataclass(frozen=True)
class Counts:
    """What one batch changed."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
