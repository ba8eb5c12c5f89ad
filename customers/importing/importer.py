"""The base class of everything that can be imported; apps find it in `extension`."""

from collections.abc import Sequence
from typing import Any, ClassVar

from customers.importing.load import Check, Load
from customers.importing.tally import Counts
from customers.importing.values import Column


class Importer:
    """One table of the CSV layout and how its checked rows are written.

    The checked rows stand in the temporary table `import_stage`: `line` and a column per
    column of the layout, NULL where the file has none. `checks` deletes the bad rows
    from it in order, then `write` is called once per batch of lines.
    """

    table: ClassVar[str]
    noun: ClassVar[str]
    columns: ClassVar[tuple[Column, ...]]
    # What must not stand in a file twice; the first is shown to the file's owner.
    key: ClassVar[tuple[str, ...]]
    required: ClassVar[bool] = False
    # The layout column that tells how new the facts are; empty where there are none.
    newest: ClassVar[str] = ""
    # Whether `prepare` leaves something behind that `conclude` of another table reads.
    leaves_notes: ClassVar[bool] = False
    # Temporary tables of its own, dropped when the load ends.
    temporary: ClassVar[tuple[str, ...]] = ()

    def unique(self, load: Load) -> tuple[str, ...]:
        """This will name the layout columns that together stand in a file only once."""
        del load
        return self.key

    def checks(self, load: Load) -> Sequence[Check]:
        """This will list what makes a row bad, to be judged by the database."""
        del load
        return ()

    def prepare(self, cursor: Any, load: Load) -> None:
        """This will do once, before the first batch, what the batches build on."""

    def write(self, cursor: Any, load: Load, first: int, last: int) -> Counts:
        """This will write the rows of lines after `first` up to `last`."""
        raise NotImplementedError

    def written(
        self,
        cursor: Any,
        load: Load,
        first: int,
        last: int,
        statement: str,
        **more: Any,
    ) -> Counts:
        """This will run an upsert over a batch and count what it did with the rows."""
        parameters = load.parameters(first=first, last=last, **more)
        cursor.execute(
            "SELECT count(*) FROM import_stage "
            "WHERE line > %(first)s AND line <= %(last)s",
            parameters,
        )
        (total,) = cursor.fetchone()
        cursor.execute(statement, parameters)
        created, changed = cursor.fetchone()
        return Counts(created, changed, total - created - changed)

    def conclude(self, cursor: Any, load: Load) -> Sequence[str]:
        """This will do what needs the whole file; returns notes for the reader."""
        del cursor, load
        return ()

    def finish(self, cursor: Any, load: Load) -> Sequence[str]:
        """This will do what needs all tables; returns notes for the reader."""
        del cursor, load
        return ()
