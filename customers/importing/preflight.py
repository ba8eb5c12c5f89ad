"""Looking at every file of a folder before anything is written."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.module_loading import import_string

from common.errors import KeepwellError
from customers.importing.importer import Importer
from customers.importing.mapping import Lookup, Mapping
from customers.importing.plan import Plan, plan_make
from customers.importing.source import Source, UnableToReadFile, source_read
from customers.importing.values import Reading


class UnableToImport(KeepwellError):
    """Nothing of the folder was loaded; the text lists every reason."""


@dataclass(frozen=True)
class Job:
    """One table of a folder, ready to be loaded."""

    importer: Importer
    source: Source
    plan: Plan
    lookups: dict[str, Source]
    aggregate: bool
    digest: str


def importers() -> list[Importer]:
    """This will make every importer that settings name, in the order of loading."""
    return [import_string(path)() for path in settings.IMPORTERS]


def layouts(known: Sequence[Importer]) -> dict[str, tuple[str, ...]]:
    """This will name the columns of every table of the layout."""
    return {
        importer.table: tuple(column.name for column in importer.columns)
        for importer in known
    }


def jobs_plan(
    *, folder: Path, mapping: Mapping, known: Sequence[Importer], reading: Reading
) -> list[Job]:
    """This will find, check and bind every file, or say all that is wrong at once.

    Reads every file once from end to end (encoding and digest); writes nothing.
    """
    jobs: list[Job] = []
    troubles: list[str] = []
    for importer in known:
        chosen = mapping.table(importer.table)
        if not (chosen.named or importer.required or (folder / chosen.file).is_file()):
            continue
        try:
            jobs.append(_job(folder, mapping, importer, reading))
        except UnableToReadFile as error:
            troubles.append(str(error))
    if troubles:
        raise UnableToImport("\n".join(troubles))
    return jobs


def _job(folder: Path, mapping: Mapping, importer: Importer, reading: Reading) -> Job:
    chosen = mapping.table(importer.table)
    source = source_read(
        folder / chosen.file, encoding=chosen.encoding, separator=chosen.separator
    )
    plan = plan_make(
        file=chosen.file,
        header=source.header,
        mapping=chosen,
        columns=importer.columns,
        reading=Reading(reading.zone, reading.today, chosen.decimal),
    )
    lookups = {
        binding.target: _lookup_source(folder, binding.lookup)
        for binding in plan.bindings
        if binding.lookup is not None
    }
    parts = [source.digest, mapping.text, *(s.digest for s in lookups.values())]
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return Job(importer, source, plan, lookups, chosen.aggregate, digest)


def _lookup_source(folder: Path, lookup: Lookup) -> Source:
    source = source_read(folder / lookup.file, encoding="utf-8", separator="")
    for name in (lookup.key, lookup.value):
        if name not in source.header:
            msg = f"{lookup.file} has no column {name!r} that a lookup names."
            raise UnableToReadFile(msg)
    return source
