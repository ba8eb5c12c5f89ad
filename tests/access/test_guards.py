"""Guards on the code: no model without a scope, no view around it."""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from django.apps import apps
from django.db import models

from customers.models import Customer
from customers.models.scope import ScopedQuerySet
from tests.test_repository import APPS, ROOT, tracked

SCOPES = {"visible_to", "editable_by"}
# They take rows and scope them themselves (customers.access).
GATES = {"row_for", "editable_row_for"}
MANAGERS = {"objects", "_default_manager"}
# They take a bare model too.
SHORT = {"get_object_or_404", "get_list_or_404"}
# A customer that has come through customers.access already.
GIVEN = {"customer", "self.customer", "self.customer.pk"}
# Rows read past the scope, by file and model, each with its reason.
ALLOWED = {
    ("insights/views/today.py", "Customer"): "only whether there is one at all",
    ("mail/views/mailbox.py", "MailboxMessage"): "for administrators, who see all mail",
    ("mail/views/unsubscribe.py", "OutboxMessage"): "the link of the mail is the key",
}


def reaching_a_customer() -> set[type[models.Model]]:
    """This will find every model that has a foreign key to a customer, or to one that has."""
    found: set[type[models.Model]] = {Customer}
    while True:
        more = {
            model
            for model in apps.get_models()
            if model not in found
            for field in model._meta.concrete_fields
            if field.is_relation and field.related_model in found
        }
        if not more:
            return found
        found |= more


def test_every_model_of_a_customer_has_a_scope() -> None:
    found = reaching_a_customer()
    assert len(found) > 15
    bare = sorted(
        model._meta.label
        for model in found
        if not isinstance(model._default_manager.all(), ScopedQuerySet)
    )
    assert bare == [], "give them `objects = ScopedQuerySet.as_manager()`"


def handlers() -> list[Path]:
    """This will list the files that meet requests: views, panels and forms."""
    return [
        path
        for path in tracked("*.py")
        if path.relative_to(ROOT).parts[0] in APPS
        and {"views", "panels", "forms"} & {path.stem, path.parent.name}
    ]


def unscoped_reads(path: Path) -> Iterator[tuple[str, str, int]]:
    """This will yield where a file reads rows of customers past the scope."""
    name = str(path.relative_to(ROOT))
    module = importlib.import_module(name.removesuffix(".py").replace("/", "."))
    yield from ((name, model, line) for model, line in strays(path.read_text(), module))


def strays(source: str, module: ModuleType) -> Iterator[tuple[str, int]]:
    tree = ast.parse(source)
    parents = {
        child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in MANAGERS:
            named, past = node.value, not through_the_scope(node, parents)
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in SHORT:
            named, past = node.args[0], True
        else:
            continue
        model = getattr(module, getattr(named, "id", ""), None)
        if past and isinstance(model, type) and model in reaching_a_customer():
            yield model.__name__, node.lineno


def through_the_scope(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    """This will follow the chain of calls upwards: Task.objects.filter(…).visible_to(…)."""
    while True:
        parent = parents[node]
        if isinstance(parent, ast.Attribute):
            if parent.attr in {*SCOPES, "none"}:
                return True
        elif isinstance(parent, ast.Call) and node is parent.func:
            if any(ast.unparse(word.value) in GIVEN for word in parent.keywords):
                return True
        elif isinstance(parent, ast.Call):
            return getattr(parent.func, "id", "") in GATES
        else:
            return False
        node = parent


def test_no_view_reads_customers_rows_past_the_scope() -> None:
    files = handlers()
    assert len(files) > 10
    found = [place for path in files for place in unscoped_reads(path)]
    beyond = [place for place in found if place[:2] not in ALLOWED]
    assert beyond == [], "say .visible_to(user) or .editable_by(user)"
    assert {place[:2] for place in found} == set(ALLOWED), "an exception is not needed"


def test_the_guard_sees_what_it_is_for() -> None:
    """Planted faults, so that a guard that checks nothing is a red light."""
    module = importlib.import_module("tests.access.rows")
    faults = """
Task.objects.get(pk=pk)
Task.objects.all()
get_object_or_404(Task, pk=pk)
get_object_or_404(Task.objects.filter(state="open"), pk=pk)
tasks = Task.objects.select_related("customer")
Board._default_manager.filter(pk=pk)
Task.objects.filter(customer=other)
"""
    fine = """
Task.objects.visible_to(user).get(pk=pk)
Task.objects.filter(state="open").editable_by(user)
editable_row_for(user, Task.objects.all(), pk)
Task.objects.filter(customer=self.customer).first()
"""
    assert sorted(line for _model, line in strays(faults, module)) == [
        2,
        3,
        4,
        5,
        6,
        7,
        8,
    ]
    assert list(strays(fine, module)) == []
