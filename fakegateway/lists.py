"""Pages of lists, the newest first, with the filters that are asked for."""

from fakegateway.errors import Obj, invalid
from fakegateway.forms import whole
from fakegateway.shapes import listing
from fakegateway.shown import shown
from fakegateway.store import Store

MOST = 100
COMPARISONS = {
    "gt": lambda a, b: a > b,
    "gte": lambda a, b: a >= b,
    "lt": lambda a, b: a < b,
    "lte": lambda a, b: a <= b,
}


def page(store: Store, rows: list[Obj], params: Obj, url: str) -> Obj:
    """This will cut a page out of objects that stand the oldest first."""
    limit = whole(params, "limit", 10) or 10
    if not 1 <= limit <= MOST:
        raise invalid("Invalid limit: must be between 1 and 100.", param="limit")
    found = [row for row in rows if _in_time(row, params.get("created"))]
    found = sorted(found, key=lambda row: int(row["created"]))[::-1]
    chosen, more = _cut(found, params, limit)
    expand = _inner(params.get("expand", []))
    return listing([shown(store, row, expand) for row in chosen], url, more=more)


def lines_page(store: Store, name: str, params: Obj) -> Obj:
    """This will cut a page out of an invoice's lines, in the order they stand on it."""
    limit = whole(params, "limit", 10) or 10
    rows = store.find("invoice", name)["lines"]["data"]
    chosen, more = _cut(rows, params, limit)
    return listing(chosen, f"/v1/invoices/{name}/lines", more=more)


def _cut(found: list[Obj], params: Obj, limit: int) -> tuple[list[Obj], bool]:
    if before := params.get("ending_before"):
        end = _place(found, before, "ending_before")
        return found[max(0, end - limit) : end], end > limit
    start = 0
    if after := params.get("starting_after"):
        start = _place(found, after, "starting_after") + 1
    return found[start : start + limit], len(found) > start + limit


def _place(found: list[Obj], name: str, param: str) -> int:
    for place, row in enumerate(found):
        if row["id"] == name:
            return place
    raise invalid(f"No such object: '{name}'", code="resource_missing", param=param)


def _in_time(row: Obj, wanted: Obj | str | None) -> bool:
    if not wanted:
        return True
    if isinstance(wanted, str):
        return bool(row["created"] == int(wanted))
    return all(
        COMPARISONS[name](row["created"], int(value)) for name, value in wanted.items()
    )


def _inner(expand: list[str]) -> list[str]:
    # Counted from the list itself, "data" is one of the four levels.
    for path in expand:
        if len(path.split(".")) > 4:
            words = "You cannot expand more than 4 levels of a property. Property: "
            raise invalid(words + path, param="expand")
        if not path.startswith("data."):
            words = f"This property cannot be expanded ({path}). You may want to try "
            raise invalid(f"{words}'data.{path}'.", param="expand")
    return [path.removeprefix("data.") for path in expand]
