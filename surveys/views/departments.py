"""Departments: who gets the links to themes."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.access import for_leaders
from accounts.actor import actor_of
from accounts.http import PersonalRequest
from surveys.forms.departments import DepartmentForm, MemberForm
from surveys.models import Department, DepartmentMember
from surveys.selectors.departments import departments_with_members
from surveys.services.departments import (
    UnableToAddMember,
    UnableToNameDepartment,
    department_create,
    department_delete,
    department_rename,
    member_add,
    member_change,
    member_delete,
)


@require_safe
@for_leaders
def departments(request: PersonalRequest) -> HttpResponse:
    """This will list the departments with their members."""
    return _list(request, DepartmentForm())


@require_POST
@for_leaders
def create(request: PersonalRequest) -> HttpResponse:
    """This will make a department and lead to it."""
    form = DepartmentForm(request.POST)
    if form.is_valid():
        try:
            made = department_create(
                name=form.cleaned_data["name"], by=actor_of(request), now=timezone.now()
            )
        except UnableToNameDepartment as error:
            form.add_error("name", str(error))
        else:
            return HttpResponseRedirect(reverse("department", args=[made.pk]))
    return _list(request, form, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@for_leaders
def department(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will show a department and rename it."""
    found = _department(pk)
    if request.method != "POST":
        return _page(request, found)
    form = DepartmentForm(request.POST)
    if form.is_valid():
        name = form.cleaned_data["name"]
        try:
            department_rename(
                department=found, name=name, by=actor_of(request), now=timezone.now()
            )
        except UnableToNameDepartment as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, _("Saved: %(name)s") % {"name": name})
            return HttpResponseRedirect(reverse("department", args=[pk]))
    return _page(request, _department(pk), form=form, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@for_leaders
def delete(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will ask, and delete a department with its links."""
    found = _department(pk)
    if request.method != "POST":
        content = {"department": found}
        return render(request, "surveys/department_delete.html", content)
    left = department_delete(department=found, by=actor_of(request), now=timezone.now())
    text = ngettext(
        "The department %(name)s is deleted. Nobody is in charge of %(left)d theme now.",
        "The department %(name)s is deleted. Nobody is in charge of %(left)d themes now.",
        left,
    )
    messages.success(request, text % {"name": found.name, "left": left})
    return HttpResponseRedirect(reverse("departments"))


@require_POST
@for_leaders
def add(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will add a member."""
    found = _department(pk)
    form = MemberForm(request.POST)
    if form.is_valid():
        try:
            made = member_add(
                department=found,
                **form.cleaned_data,
                by=actor_of(request),
                now=timezone.now(),
            )
        except UnableToAddMember as error:
            form.add_error("email", str(error))
        else:
            text = _("%(name)s gets the links of %(department)s now.")
            messages.success(request, text % {"name": made, "department": found})
            return HttpResponseRedirect(reverse("department", args=[pk]))
    return _page(request, found, member=form, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@for_leaders
def member(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will change a member."""
    found = get_object_or_404(
        DepartmentMember.objects.select_related("department"), pk=pk
    )
    shown = {"name": found.name, "email": found.email, "language": found.language}
    form = MemberForm(request.POST if request.method == "POST" else None, initial=shown)
    if request.method == "POST" and form.is_valid():
        try:
            member_change(
                member=found,
                **form.cleaned_data,
                by=actor_of(request),
                now=timezone.now(),
            )
        except UnableToAddMember as error:
            form.add_error("email", str(error))
        else:
            messages.success(request, _("Saved: %(name)s") % {"name": found.name})
            return HttpResponseRedirect(
                reverse("department", args=[found.department_id])
            )
    content = {"member": found, "department": found.department, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "surveys/department_member.html", content, status=status)


@require_POST
@for_leaders
def remove(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will take a member out; the links end."""
    found = get_object_or_404(
        DepartmentMember.objects.select_related("department"), pk=pk
    )
    back = reverse("department", args=[found.department_id])
    member_delete(member=found, by=actor_of(request), now=timezone.now())
    text = _("%(name)s is out of %(department)s, and the links have ended.")
    messages.success(
        request, text % {"name": found.name, "department": found.department}
    )
    return HttpResponseRedirect(back)


def _department(pk: int) -> Department:
    return get_object_or_404(departments_with_members(), pk=pk)


def _list(
    request: PersonalRequest, form: DepartmentForm, status: int = 200
) -> HttpResponse:
    content = {"departments": departments_with_members(), "form": form}
    return render(request, "surveys/departments.html", content, status=status)


def _page(
    request: PersonalRequest,
    found: Department,
    *,
    form: DepartmentForm | None = None,
    member: MemberForm | None = None,
    status: int = 200,
) -> HttpResponse:
    content = {
        "department": found,
        "form": form or DepartmentForm(initial={"name": found.name}),
        "member": member or MemberForm(),
    }
    return render(request, "surveys/department.html", content, status=status)
