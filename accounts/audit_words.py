"""What the audit log says, in words. Other apps say theirs (settings.AUDIT_WORDS)."""

from django.utils.translation import gettext_lazy as _

from accounts.calculations.verdict import Fault, Wrong

WRONG = {
    Wrong.GAP: _("Before entry %(number)s, entries are missing."),
    Wrong.CHANGED: _("Entry %(number)s was changed: it does not fit its digest."),
    Wrong.UNCHAINED: _("Entry %(number)s does not follow from the one before it."),
    Wrong.DETAIL_CHANGED: _("The personal details of entry %(number)s were changed."),
    Wrong.DETAIL_GONE: _(
        "The personal details of entry %(number)s are gone, and nobody erased them."
    ),
    Wrong.DETAIL_BACK: _(
        "The personal details of entry %(number)s are there, although they were erased."
    ),
    Wrong.DETAIL_STRAY: _(
        "There are personal details of entry %(number)s, which does not exist."
    ),
    Wrong.UNREADABLE: _("What follows entry %(number)s is not readable."),
    Wrong.NO_HEAD: _(
        "The head, which tells the length of the log, is missing; the last entry is %(number)s."
    ),
    Wrong.LENGTH: _("By its head the log has %(number)s entries; it has not."),
    Wrong.END: _("The last entry, %(number)s, is not the one that the head names."),
    Wrong.SEAL: _(
        "The seal of the head (entry %(number)s) is not ours: somebody wrote to the log"
        " by other means, or the secret key was changed without naming the old one."
    ),
    Wrong.CUT: _(
        "Entry %(number)s was noted elsewhere and is missing: the log was cut."
    ),
    Wrong.NOTED: _(
        "Entry %(number)s is another than the one noted elsewhere: the log was rewritten."
    ),
    Wrong.TRIGGER: _("The database no longer refuses to change the log's tables."),
}


AUDIT_WORDS = {
    "accounts.administrator_created": _("First administrator made"),
    "accounts.company_changed": _("Company settings changed"),
    "accounts.holiday_deleted": _("Holiday removed"),
    "accounts.holidays_added": _("Holidays added"),
    "accounts.invitation_accepted": _("Invitation accepted"),
    "accounts.invitation_resent": _("Invitation sent again"),
    "accounts.invitation_sent": _("Somebody invited"),
    "accounts.invitation_withdrawn": _("Invitation withdrawn"),
    "accounts.locked_out": _("Sign-in locked after wrong passwords"),
    "accounts.password_changed": _("Password changed"),
    "accounts.password_reset": _("Password set anew by mail"),
    "accounts.person_changed": _("Person changed"),
    "accounts.person_deactivated": _("Person switched off"),
    "accounts.person_reactivated": _("Person switched on again"),
    "accounts.profile_changed": _("Own profile changed"),
    "accounts.rate_added": _("Exchange rate added"),
    "accounts.rate_deleted": _("Exchange rate removed"),
    "accounts.rates_imported": _("Exchange rates imported"),
    "accounts.second_factor_app_added": _("Second factor: app added"),
    "accounts.second_factor_app_removed": _("Second factor: app removed"),
    "accounts.second_factor_codes_renewed": _("Second factor: new recovery codes"),
    "accounts.second_factor_passkey_added": _("Second factor: passkey added"),
    "accounts.second_factor_passkey_removed": _("Second factor: passkey removed"),
    "accounts.second_factor_reset": _("Second factors taken away"),
    "accounts.signed_in": _("Signed in"),
    "accounts.signed_out_everywhere": _("Signed out everywhere"),
    "accounts.team_created": _("Team made"),
    "accounts.team_deleted": _("Team removed"),
    "accounts.team_renamed": _("Team renamed"),
    "audit.details_erased": _("Person erased from the audit log"),
    "audit.sealed_anew": _("Audit log sealed anew"),
    "audit.verified": _("Audit log verified"),
}
# What is not a field of the thing that was changed.
FIELD_WORDS = {
    "added": _("added"),
    "changed": _("changed"),
    "customers": _("customers"),
    "customer_ids": _("customer numbers"),
    "entries": _("entries"),
    "factors": _("second factors"),
    "faults": _("faults"),
    "members": _("members"),
    "methods": _("signed in by"),
    "owners": _("owners"),
    "reason": _("reason"),
    "source": _("source"),
    "tasks": _("tasks"),
    "texts": _("texts"),
    "version": _("version"),
}


def fault_words(fault: Fault) -> str:
    """This will say a fault in the active language."""
    return str(WRONG[fault.what]) % {"number": fault.number}
