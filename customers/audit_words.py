"""What the audit log says of customers (settings.AUDIT_WORDS)."""

from django.utils.translation import gettext_lazy as _

AUDIT_WORDS = {
    "customers.owner_change_undone": _("Hand-over of customers undone"),
    "customers.owner_changed": _("Customers handed over"),
}
