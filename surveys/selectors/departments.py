"""Reads about departments."""

from django.db.models import Count, IntegerField, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce

from surveys.models import Department, DepartmentMember, Theme


def departments_with_members() -> QuerySet[Department]:
    """This will return the departments by name, each with `people` and `themes`.

    `themes` counts what it is in charge of. Two queries.
    """
    members = DepartmentMember.objects.order_by("name", "pk")
    counted = (
        Theme.objects.filter(department=OuterRef("pk"))
        .order_by()
        .values("department")
        .annotate(n=Count("pk"))
    )
    themes = Subquery(counted.values("n"), output_field=IntegerField())
    return (
        Department.objects.annotate(themes=Coalesce(themes, 0))
        .prefetch_related(Prefetch("members", queryset=members, to_attr="people"))
        .order_by("name", "pk")
    )
