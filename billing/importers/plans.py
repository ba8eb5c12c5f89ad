"""Plans and products that files name: found by the key made of the name, or made."""

import json
from typing import Any

from django.utils.text import slugify

from billing.models import Plan, Product

KEY_SIZE = 50


def plans_of(cursor: Any) -> str:
    """This will find or make the plans that the stage names: name to id, as JSON."""
    cursor.execute(
        "SELECT plan FROM import_stage WHERE plan IS NOT NULL "
        "GROUP BY plan ORDER BY min(line)"
    )
    return json.dumps({name: plan_ensure(name) for (name,) in cursor.fetchall()})


def plan_ensure(name: str) -> int:
    """This will find a plan by the key made of its name, or make it."""
    key = plan_key(name)
    return int(Plan.objects.get_or_create(key=key, defaults={"name": name})[0].pk)


def plan_key(name: str) -> str:
    """This will make a plan's key of its name."""
    return slugify(name)[:KEY_SIZE] or "plan"


def product_ensure(name: str) -> int:
    """This will find a product by the key made of its name, or make it."""
    key = slugify(name)[:KEY_SIZE] or "product"
    return int(Product.objects.get_or_create(key=key, defaults={"name": name})[0].pk)
