"""What the audit log says of billing (settings.AUDIT_WORDS)."""

from django.utils.translation import gettext_lazy as _

AUDIT_WORDS = {
    "billing.churn_recorded": _("Reason for leaving noted"),
    "billing.conventions_changed": _("Conventions of revenue changed"),
    "billing.credit_noted": _("Credit note noted"),
    "billing.credit_taken_out": _("Credit note taken out"),
    "billing.invoice_recorded": _("Invoice noted"),
    "billing.payment_recorded": _("Payment noted"),
    "billing.payment_taken_out": _("Payment taken out"),
    "billing.plan_added": _("Plan added to the catalogue"),
    "billing.plan_renamed": _("Plan renamed"),
    "billing.plan_retired": _("Plan no longer sold"),
    "billing.plan_sold_again": _("Plan sold again"),
    "billing.price_added": _("Price added"),
    "billing.price_move_asked": _("Customers moved to another price"),
    "billing.purchase_recorded": _("Purchase noted"),
    "billing.refund_recorded": _("Refund or chargeback noted"),
    "billing.refund_taken_out": _("Refund or chargeback taken out"),
    "billing.reminders_changed": _("Reminders of yearly charges changed"),
    "billing.renewal_settled": _("Disagreement about a renewal settled"),
    "billing.subscription_booked": _("Change of a subscription booked for later"),
    "billing.subscription_cancelled": _("Subscription cancelled for later"),
    "billing.subscription_changed": _("Subscription changed"),
    "billing.subscription_ended": _("Subscription ended"),
    "billing.subscription_kept": _("Cancellation withdrawn"),
    "billing.subscription_started": _("Subscription started"),
    "billing.yearly_answered": _("Offer of yearly billing answered"),
    "billing.yearly_offered": _("Yearly billing offered"),
    "billing.yearly_withdrawn": _("Offer of yearly billing withdrawn"),
}
