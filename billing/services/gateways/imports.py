"""Starting, stopping and going on with an import, as people do."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.services.audit import audit_record
from billing.enums import GatewayKind
from billing.gateways.choose import gateway_class
from billing.models import GatewayAccount, GatewayImport
from billing.services.gateways.applying.whole import READ_IN_ORDER
from billing.services.gateways.importing import TASK
from billing.services.ledger import ledger_outdate
from common.errors import KeepwellError
from common.jobs import enqueue


class UnableToImport(KeepwellError):
    """This account cannot be imported from now; the text says why."""


def import_start(
    *, account: GatewayAccount, by: Actor, now: dt.datetime
) -> GatewayImport:
    """This will begin to read everything at a gateway; the one under way, if there is one.

    Raises UnableToImport for a gateway that cannot be asked and for one that is off.
    """
    if not gateway_class(GatewayKind(account.kind)).asks:
        msg = _("This gateway only tells us of changes. Load its history from files.")
        raise UnableToImport(msg)
    if not account.is_on:
        raise UnableToImport(_("The account is off. Turn it on first."))
    try:
        with transaction.atomic():
            row = GatewayImport.objects.create(
                account=account,
                kind=READ_IN_ORDER[0],
                started_at=now,
                started_by=by.user,
            )
            audit_record(
                by=by,
                action="billing.gateway_import_started",
                now=now,
                subject=account,
                after={"import": row.pk},
            )
            enqueue(TASK, import_id=row.pk)
    except IntegrityError:
        return account.imports.get(finished_at__isnull=True)
    return row


@transaction.atomic
def import_stop(*, account: GatewayAccount, by: Actor, now: dt.datetime) -> bool:
    """This will stop an import behind the page that is read now; False where none runs."""
    return _stopped(account, True, "billing.gateway_import_stopped", by, now)


@transaction.atomic
def import_go_on(*, account: GatewayAccount, by: Actor, now: dt.datetime) -> bool:
    """This will go on where an import was stopped; False where none waits."""
    return _stopped(account, False, "billing.gateway_import_continued", by, now)


def _stopped(
    account: GatewayAccount,
    stopped: bool,
    action: str,
    by: Actor,
    now: dt.datetime,
) -> bool:
    rows = account.imports.filter(finished_at__isnull=True, stopped=not stopped)
    row = rows.select_for_update().first()
    if row is None:
        return False
    row.stopped, row.trouble = stopped, ""
    row.save(update_fields=["stopped", "trouble"])
    audit_record(
        by=by, action=action, now=now, subject=account, after={"import": row.pk}
    )
    if stopped:
        # What was read so far is shown.
        ledger_outdate()
    else:
        enqueue(TASK, import_id=row.pk)
    return True
