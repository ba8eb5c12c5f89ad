"""What the audit log says of customers (settings.AUDIT_WORDS)."""

from django.utils.translation import gettext_lazy as _

AUDIT_WORDS = {
    "customers.campaign_added": _("Campaign added"),
    "customers.campaign_changed": _("Campaign changed"),
    "customers.owner_change_undone": _("Hand-over of customers undone"),
    "customers.owner_changed": _("Customers handed over"),
    "customers.spend_added": _("Acquisition spend noted"),
    "customers.spend_deleted": _("Acquisition spend deleted"),
    "customers.spend_restored": _("Acquisition spend brought back"),
}
