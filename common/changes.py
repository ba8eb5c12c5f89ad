"""What somebody saw of a row before changing it, and what the change was."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

Values = dict[str, Any]


def values_of(row: models.Model, names: Iterable[str]) -> Values:
    """This will return the named fields of a row."""
    return {name: getattr(row, name) for name in names}


def digest_of(row: models.Model, names: Iterable[str]) -> str:
    """This will return what stands for the values of a row as it was shown.

    A form carries it; a row whose digest is another by then was changed meanwhile. Take
    rows as the database returns them: a default not yet stored is written differently.
    """
    text = json.dumps(values_of(row, sorted(names)), cls=DjangoJSONEncoder)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """This will name what differs, in the order of `after`."""
    return [name for name, value in after.items() if before.get(name) != value]
