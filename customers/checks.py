"""Proof at start that what the settings name is there and whole."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.utils.module_loading import import_string

from customers.extension import CustomerPanel

ZONES = ("main", "rail")


def check_customer_panels(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """This will resolve CUSTOMER_PANELS, their templates and their anchors."""
    del app_configs, kwargs
    found: list[CheckMessage] = []
    anchors: set[str] = set()
    for path in settings.CUSTOMER_PANELS:
        try:
            panel = import_string(path)
        except ImportError as error:
            text = f"CUSTOMER_PANELS names {path}, which cannot be imported: {error}"
            found.append(Error(text, id="customers.E001"))
            continue
        found += [Error(text, id="customers.E002") for text in _faults(path, panel)]
        anchor = getattr(panel, "anchor", "")
        if anchor in anchors:
            text = f"{path} uses the anchor {anchor!r}, which another panel has."
            found.append(Error(text, id="customers.E003"))
        anchors.add(anchor)
    return found


def _faults(path: str, panel: Any) -> Iterator[str]:
    if not (isinstance(panel, type) and issubclass(panel, CustomerPanel)):
        yield f"{path} is not a CustomerPanel."
        return
    for name in ("title", "anchor", "template"):
        if not getattr(panel, name, ""):
            yield f"{path} has no {name}."
    if panel.zone not in ZONES:
        yield f"{path} has the zone {panel.zone!r}; it must be one of {ZONES}."
    try:
        get_template(getattr(panel, "template", ""))
    except TemplateDoesNotExist:
        yield f"{path} names a template that does not exist."
