"""The audit log's page, for administrators."""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access import for_administrators
from accounts.actor import actor_of
from accounts.audit_export import audit_csv
from accounts.audit_rows import log_rows, mapping
from accounts.audit_words import fault_words
from accounts.forms.audit import AuditFilterForm
from accounts.http import PersonalRequest
from accounts.models import AuditEntry
from accounts.selectors.audit import audit_length, audit_page, last_verification
from accounts.services.audit_heads import UnableToReadHead
from accounts.services.audit_verify import Finding, audit_verified_note, audit_verify
from common.formats import number

# Read within a few seconds; a longer log is verified by the command.
AT_ONCE = 50_000
FAULTS_TOLD = 3


@require_safe
@for_administrators
def audit_log(request: PersonalRequest) -> HttpResponse:
    """This will show who changed what, newest first."""
    form = AuditFilterForm(request.GET)
    wanted = form.wanted()
    page = audit_page(
        wanted, below=_number(request, "below"), above=_number(request, "above")
    )
    rows = log_rows(page.entries)
    length = audit_length()
    content = {
        "form": form,
        "rows": rows,
        "filtered": any(form.cleaned_data.values()),
        "about": rows[0].about if rows and wanted.subject else "",
        "older": _url(request, below=page.older),
        "newer": _url(request, above=page.newer),
        "export": _url(request, name="audit_export"),
        "length": length,
        "verified": _verified(last_verification()),
        "too_long": length > AT_ONCE,
    }
    return render(request, "accounts/audit.html", content)


@require_POST
@for_administrators
def audit_verify_now(request: PersonalRequest) -> HttpResponse:
    """This will read the whole log, if it is not too long, and say what is wrong."""
    back = HttpResponseRedirect(reverse("audit_log"))
    if audit_length() > AT_ONCE:
        text = _("The log is too long for this page. Run script/manage audit_verify.")
        messages.warning(request, text)
        return back
    try:
        finding = audit_verify()
    except UnableToReadHead as error:
        messages.error(request, str(error))
        return back
    if finding.head is not None:
        audit_verified_note(finding=finding, by=actor_of(request), now=timezone.now())
    _tell(request, finding)
    return back


@require_safe
@for_administrators
def audit_export(request: PersonalRequest) -> HttpResponse:
    """This will send what the page shows, all of it, as CSV."""
    pieces = audit_csv(
        AuditFilterForm(request.GET).wanted(),
        zone=ZoneInfo(timezone.get_current_timezone_name()),
        language=translation.get_language() or "en",
    )
    name = f"audit-log-{timezone.localdate()}.csv"
    response: Any = StreamingHttpResponse(
        pieces,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
    # Django's own decorators take it for what it stands in for.
    answer: HttpResponse = response
    return answer


def _tell(request: PersonalRequest, finding: Finding) -> None:
    if finding.fine:
        words = ngettext(
            "%(n)s entry was read, and it is as it was written.",
            "%(n)s entries were read, and all are as they were written.",
            finding.entries,
        )
        language = translation.get_language() or "en"
        messages.success(request, words % {"n": number(finding.entries, language)})
        return
    first = " ".join(fault_words(fault) for fault in finding.faults[:FAULTS_TOLD])
    text = _(
        "The audit log is not what was written. %(first)s"
        " Run script/manage audit_verify to see everything."
    )
    messages.error(request, text % {"first": first})


def _verified(entry: AuditEntry | None) -> dict[str, Any] | None:
    if entry is None:
        return None
    after = mapping(entry.after)
    return {
        "at": entry.at,
        "entries": after.get("entries"),
        "faults": after.get("faults"),
    }


def _number(request: PersonalRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    # As long as PostgreSQL's bigint takes it.
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def _url(
    request: PersonalRequest, *, name: str = "audit_log", **place: int | None
) -> str:
    """This will return an address with the filters of this one, at another place."""
    if place and None in place.values():
        return ""
    query = request.GET.copy()
    for key in ("below", "above"):
        query.pop(key, None)
    query.update({key: str(value) for key, value in place.items()})
    return f"{reverse(name)}?{query.urlencode()}" if query else reverse(name)
