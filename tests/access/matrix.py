"""Who gets what answer at which address.

A row per name of an address: what the address names (tests/access/objects.py), and the
answers to GET and to POST, a column per person:

    anonymous, administrator, manager, the customer's CSM, another CSM, viewer

The CSMs see and change their own customers only. A number is a status; `in` means asked
to sign in, `go` sent elsewhere (done, or confirm first). 404: must not know of it; 403:
may not; 405: not this way; 422 and 400: allowed, but nothing was entered.
"""

from typing import NamedTuple

COLUMNS = ("anonymous", "admin", "manager", "owner", "other", "viewer")


class Row(NamedTuple):
    """The answers at one address."""

    on: str
    get: str
    post: str


MATRIX: dict[str, dict[str, Row]] = {
    # Customers and what belongs to them: the one row scope.
    "customers": {
        "today": Row("nothing", "in 200 200 200 200 200", "in 405 405 405 405 405"),
        "customer_list": Row(
            "nothing", "in 200 200 200 200 200", "in 405 405 405 405 405"
        ),
        "customer": Row("customer", "in 200 200 200 404 200", "in 405 405 405 405 405"),
        "customer_brief": Row(
            "customer", "in 200 200 200 404 200", "in 405 405 405 405 405"
        ),
        "customer_invoices": Row(
            "customer", "in 200 200 200 404 200", "in 405 405 405 405 405"
        ),
        "churn_record": Row("left", "in 200 200 200 404 403", "in 422 422 422 404 403"),
        "failed_payments": Row(
            "nothing", "in 200 200 200 200 200", "in 405 405 405 405 405"
        ),
        "recovered": Row("nothing", "in 200 200 200 200 200", "in 405 405 405 405 405"),
        "recovered_attempts": Row(
            "nothing", "in 200 200 200 200 200", "in 405 405 405 405 405"
        ),
        "dunning_case": Row(
            "failing", "in 200 200 200 404 200", "in 405 405 405 405 405"
        ),
        "dunning_act": Row(
            "failing+wait", "in 200 200 200 404 403", "in 422 422 422 404 403"
        ),
        "invoice": Row("invoice", "in 200 200 200 404 200", "in 405 405 405 405 405"),
        "invoice_note": Row(
            "invoice+kind", "in 405 405 405 405 405", "in 422 422 422 404 403"
        ),
        "invoice_take_out": Row(
            "kind+payment", "in 405 405 405 405 405", "in go go go 404 403"
        ),
        "subscription": Row(
            "subscription", "in 200 200 200 404 200", "in 405 405 405 405 405"
        ),
        "subscription_new": Row(
            "customer", "in 200 200 200 404 403", "in 422 422 422 404 403"
        ),
        "subscription_action": Row(
            "subscription+seats", "in 200 200 200 404 403", "in 422 422 422 404 403"
        ),
        "subscription_again": Row(
            "subscription", "in go go go 404 403", "in go go go 404 403"
        ),
        "subscription_take_back": Row(
            "subscription", "in 405 405 405 405 405", "in 404 404 404 404 403"
        ),
        # What we sell: everybody reads it.
        "catalogue": Row("nothing", "in 200 200 200 200 200", "in 405 405 405 405 405"),
        "plan": Row("plan", "in 200 200 200 200 200", "in 405 405 405 405 405"),
        "plan_new": Row("nothing", "in 200 200 403 403 403", "in 422 422 403 403 403"),
        "plan_name": Row("plan", "in 405 405 405 405 405", "in 422 422 403 403 403"),
        "plan_retire": Row("plan", "in 405 405 405 405 405", "in go go 403 403 403"),
        "plan_sell_again": Row(
            "plan", "in 405 405 405 405 405", "in go go 403 403 403"
        ),
        "price_new": Row("plan", "in 200 200 403 403 403", "in 422 422 403 403 403"),
        "price_move": Row("price", "in 200 200 403 403 403", "in 422 422 403 403 403"),
        "interaction_create": Row(
            "customer", "in 405 405 405 405 405", "in 422 422 422 404 403"
        ),
        "portfolio": Row("nothing", "in 200 200 200 200 200", "in 405 405 405 405 405"),
        "portfolio_moves": Row(
            "nothing", "in 404 404 404 404 404", "in 405 405 405 405 405"
        ),
        "accuracy": Row("nothing", "in 200 200 200 200 200", "in 405 405 405 405 405"),
        "accuracy_values": Row(
            "nothing", "in 200 200 200 200 200", "in 405 405 405 405 405"
        ),
        "accuracy_values_csv": Row(
            "nothing", "in 404 404 404 404 404", "in 405 405 405 405 405"
        ),
        "healthiest": Row(
            "nothing", "in 200 200 200 200 200", "in 405 405 405 405 405"
        ),
        "healthiest_csv": Row(
            "nothing", "in 404 404 404 404 404", "in 405 405 405 405 405"
        ),
        "healthiest_asked": Row(
            "nothing", "in 200 200 200 200 200", "in 405 405 405 405 405"
        ),
        "ask_note": Row("customer", "in 405 405 405 405 405", "in 400 400 400 404 403"),
        "ask_undo": Row("ask", "in 405 405 405 405 405", "in go go go 404 403"),
        "ask_agreed": Row("ask", "in 405 405 405 405 405", "in go go go 404 403"),
        "customer_health": Row(
            "customer", "in 200 200 200 404 200", "in 405 405 405 405 405"
        ),
        "customer_measure": Row(
            "customer+measure", "in 200 200 200 404 200", "in 405 405 405 405 405"
        ),
        "customer_forecast": Row(
            "customer", "in 200 200 200 404 200", "in 405 405 405 405 405"
        ),
        "override_set": Row(
            "customer", "in 405 405 405 405 405", "in 422 422 422 404 403"
        ),
        "override_end": Row(
            "customer", "in 405 405 405 405 405", "in go go go 404 403"
        ),
        "override_return": Row(
            "customer", "in 405 405 405 405 405", "in go go go 404 403"
        ),
        "snooze": Row("customer", "in 405 405 405 405 405", "in 400 400 400 404 403"),
        "unsnooze": Row("customer", "in 405 405 405 405 405", "in go go go 404 403"),
        "task_close": Row("task", "in 405 405 405 405 405", "in go go go 404 403"),
        "task_reopen": Row("task", "in 405 405 405 405 405", "in go go go 404 403"),
        "answer_replied": Row(
            "answer", "in 405 405 405 405 405", "in go go go 404 403"
        ),
        "answer_waiting": Row(
            "answer", "in 405 405 405 405 405", "in go go go 404 403"
        ),
        "hand_over": Row("person", "in 200 200 403 403 403", "in 422 422 403 403 403"),
        "hand_over_undo": Row(
            "owner change", "in 405 405 405 405 405", "in go go 403 403 403"
        ),
    },
    # Renewals, and offers of yearly billing.
    "renewals": {
        "renewals": Row("nothing", "in 200 200 200 200 200", "in 405 405 405 405 405"),
        "renewal_checkpoint": Row(
            "checkpoint", "in 200 200 200 404 200", "in 422 422 422 404 403"
        ),
        "renewal_settle": Row(
            "checkpoint", "in 200 200 403 403 403", "in 422 422 403 403 403"
        ),
        "renewal_disagreements": Row(
            "nothing", "in 200 200 403 403 403", "in 405 405 405 405 405"
        ),
        "renewals_record": Row(
            "nothing", "in 200 200 200 200 200", "in 405 405 405 405 405"
        ),
        "yearly_candidates": Row(
            "nothing", "in 200 200 200 200 200", "in 405 405 405 405 405"
        ),
        "yearly_offer_new": Row(
            "candidate", "in 200 200 200 404 403", "in 422 422 422 404 403"
        ),
        "yearly_offer_withdraw": Row(
            "offer", "in 405 405 405 405 405", "in go go go 404 403"
        ),
        "renewal_reminder": Row(
            "nothing", "in 200 403 403 403 403", "in 422 403 403 403 403"
        ),
        "renewal_reminder_test": Row(
            "nothing", "in 405 405 405 405 405", "in go 403 403 403 403"
        ),
        "offer": Row("bad token", "404 404 404 404 404 404", "404 404 404 404 404 404"),
        "pay": Row("bad token", "404 404 404 404 404 404", "404 404 404 404 404 404"),
    },
    # Revenue: everybody, of the customers they see.
    "revenue": {
        "revenue": Row("nothing", "in 200 200 200 200 200", "in 405 405 405 405 405"),
        "revenue_csv": Row(
            "nothing", "in 200 200 200 200 200", "in 405 405 405 405 405"
        ),
        "revenue_kept": Row(
            "nothing", "in 200 200 200 200 200", "in 405 405 405 405 405"
        ),
        "revenue_movements": Row(
            "nothing", "in 200 200 200 200 200", "in 405 405 405 405 405"
        ),
        "revenue_movements_csv": Row(
            "nothing", "in 200 200 200 200 200", "in 405 405 405 405 405"
        ),
        "conventions": Row(
            "nothing", "in 200 200 200 200 200", "in 405 405 405 405 405"
        ),
        "conventions_compare": Row(
            "nothing", "in 200 200 200 200 200", "in 405 405 405 405 405"
        ),
        "churn": Row("nothing", "in 200 200 200 200 200", "in 405 405 405 405 405"),
        "churn_forecast": Row(
            "nothing", "in 200 200 200 200 200", "in 405 405 405 405 405"
        ),
        "departures": Row(
            "nothing", "in 200 200 200 200 200", "in 405 405 405 405 405"
        ),
        "departures_csv": Row(
            "nothing", "in 200 200 200 200 200", "in 405 405 405 405 405"
        ),
        "cohorts": Row("nothing", "in 200 200 200 200 200", "in 405 405 405 405 405"),
        "cohorts_csv": Row(
            "nothing", "in 200 200 200 200 200", "in 405 405 405 405 405"
        ),
        "conventions_edit": Row(
            "nothing", "in 200 403 403 403 403", "in 422 403 403 403 403"
        ),
    },
    # What customers said, asked or not.
    "answers": {
        "answers": Row("nothing", "in 200 200 200 200 200", "in 405 405 405 405 405"),
        "answer": Row("answer", "in 200 200 200 404 200", "in 405 405 405 405 405"),
        "answer_reply": Row(
            "answer", "in 405 405 405 405 405", "in 422 422 422 404 403"
        ),
        "answer_resolve": Row(
            "answer", "in 405 405 405 405 405", "in 422 422 422 404 403"
        ),
        "answer_reopen": Row("answer", "in 405 405 405 405 405", "in go go go 404 403"),
        "answer_decide": Row(
            "answer+word", "in 405 405 405 405 405", "in go 403 403 403 403"
        ),
        "feedback": Row("nothing", "in 200 200 200 200 200", "in 405 405 405 405 405"),
        "feedback_new": Row(
            "nothing", "in 200 200 200 200 403", "in 422 422 422 422 403"
        ),
        "feedback_change": Row(
            "feedback", "in 200 200 200 404 403", "in 422 422 422 404 403"
        ),
        "feedback_delete": Row(
            "feedback", "in 405 405 405 405 405", "in go go go 404 403"
        ),
        "feedback_restore": Row(
            "nothing", "in 405 405 405 405 405", "in go go go go go"
        ),
    },
    # Building surveys.
    "surveys": {
        "surveys": Row("nothing", "in 200 200 200 200 200", "in 405 405 405 405 405"),
        "survey_new": Row(
            "nothing", "in 200 403 403 403 403", "in 422 403 403 403 403"
        ),
        "survey": Row("survey", "in 200 200 200 200 200", "in 405 405 405 405 405"),
        "survey_answers": Row(
            "survey", "in 200 200 200 200 200", "in 405 405 405 405 405"
        ),
        "survey_export": Row(
            "survey", "in 200 200 200 200 200", "in 405 405 405 405 405"
        ),
        "survey_rules": Row(
            "nothing", "in 200 403 403 403 403", "in 422 403 403 403 403"
        ),
        "survey_wording": Row(
            "survey", "in 200 403 403 403 403", "in 422 403 403 403 403"
        ),
        "survey_preview_mail": Row(
            "survey", "in 200 403 403 403 403", "in 200 403 403 403 403"
        ),
        "survey_preview_page": Row(
            "survey", "in 200 403 403 403 403", "in 200 403 403 403 403"
        ),
        "survey_test": Row("survey", "in 405 405 405 405 405", "in go 403 403 403 403"),
        "survey_setup": Row(
            "survey", "in 200 403 403 403 403", "in 422 403 403 403 403"
        ),
        "survey_audience": Row(
            "survey", "in 200 200 403 403 403", "in 405 405 405 405 405"
        ),
        "survey_start": Row(
            "survey", "in 200 403 403 403 403", "in go 403 403 403 403"
        ),
        "survey_pause": Row(
            "survey", "in 405 405 405 405 405", "in go 403 403 403 403"
        ),
        "survey_resume": Row(
            "survey", "in 405 405 405 405 405", "in go 403 403 403 403"
        ),
        "survey_close": Row("survey", "in go 403 403 403 403", "in go 403 403 403 403"),
        "survey_copy": Row("survey", "in 405 405 405 405 405", "in go 403 403 403 403"),
        "survey_delete": Row(
            "survey", "in 200 403 403 403 403", "in go 403 403 403 403"
        ),
    },
    # What health is made of.
    "measures": {
        "measures": Row("nothing", "in 200 200 200 200 200", "in 405 405 405 405 405"),
    },
    # Scorecards: everybody reads them, administrators change them.
    "scorecards": {
        "scorecards": Row(
            "nothing", "in 200 200 200 200 200", "in 405 405 405 405 405"
        ),
        "scorecard": Row(
            "scorecard", "in 200 200 200 200 200", "in 405 405 405 405 405"
        ),
        "scorecard_export": Row(
            "scorecard", "in 200 200 200 200 200", "in 405 405 405 405 405"
        ),
        "scorecard_new": Row(
            "nothing", "in 200 403 403 403 403", "in 422 403 403 403 403"
        ),
        "scorecard_begin": Row(
            "nothing", "in 405 405 405 405 405", "in go 403 403 403 403"
        ),
        "scorecard_import": Row(
            "nothing", "in 200 403 403 403 403", "in 422 403 403 403 403"
        ),
        "scorecard_setup": Row(
            "scorecard", "in 200 403 403 403 403", "in 422 403 403 403 403"
        ),
        "scorecard_retire": Row(
            "scorecard", "in 405 405 405 405 405", "in go 403 403 403 403"
        ),
        "scorecard_return": Row(
            "scorecard", "in 405 405 405 405 405", "in go 403 403 403 403"
        ),
        "scorecard_draft": Row(
            "scorecard", "in 200 403 403 403 403", "in 422 403 403 403 403"
        ),
        "scorecard_draft_start": Row(
            "scorecard", "in 405 405 405 405 405", "in go 403 403 403 403"
        ),
        "scorecard_draft_discard": Row(
            "scorecard", "in 405 405 405 405 405", "in go 403 403 403 403"
        ),
        "scorecard_draft_restore": Row(
            "scorecard", "in 405 405 405 405 405", "in go 403 403 403 403"
        ),
        "scorecard_publish": Row(
            "scorecard", "in 200 403 403 403 403", "in 422 403 403 403 403"
        ),
        "scorecard_rollback": Row(
            "scorecard+version", "in 200 403 403 403 403", "in 422 403 403 403 403"
        ),
    },
    # What a draft of a scorecard would change.
    "previews": {
        "scorecard_preview": Row(
            "scorecard to try", "in 200 200 403 403 403", "in go go 403 403 403"
        ),
        "scorecard_preview_customer": Row(
            "scorecard to try+customer",
            "in 200 200 403 403 403",
            "in 405 405 405 405 405",
        ),
    },
    # The machine room.
    "machine": {
        "operations": Row(
            "nothing", "in 200 200 404 404 404", "in 405 405 405 405 405"
        ),
        "run_now": Row("nothing", "in 405 405 405 405 405", "in go go 404 404 404"),
        "forecasts": Row("nothing", "in 200 200 200 200 200", "in 405 405 405 405 405"),
        "forecast_train": Row(
            "nothing", "in 405 405 405 405 405", "in go go 403 403 403"
        ),
        "forecast_version": Row(
            "forecast", "in 200 200 200 200 200", "in 405 405 405 405 405"
        ),
        "forecast_publish": Row(
            "forecast", "in 200 403 403 403 403", "in 422 403 403 403 403"
        ),
        "acquisition": Row(
            "nothing", "in 200 200 403 403 403", "in 405 405 405 405 405"
        ),
        "acquisition_csv": Row(
            "nothing", "in 404 404 403 403 403", "in 405 405 405 405 405"
        ),
        "acquisition_customers": Row(
            "nothing", "in 200 200 403 403 403", "in 405 405 405 405 405"
        ),
        "spend": Row("nothing", "in 200 200 403 403 403", "in 422 422 403 403 403"),
        "spend_delete": Row("spend", "in 405 405 405 405 405", "in go go 403 403 403"),
        "spend_restore": Row(
            "nothing", "in 405 405 405 405 405", "in go go 403 403 403"
        ),
        "campaign_new": Row(
            "nothing", "in 200 200 403 403 403", "in 422 422 403 403 403"
        ),
        "campaign_change": Row(
            "campaign", "in 200 200 403 403 403", "in 422 422 403 403 403"
        ),
        "what_if": Row("nothing", "in 200 200 404 404 404", "in 405 405 405 405 405"),
        "value_over_time": Row(
            "nothing", "in 200 200 404 404 404", "in 405 405 405 405 405"
        ),
        "value_settings": Row(
            "nothing", "in 200 403 403 403 403", "in 422 403 403 403 403"
        ),
        "value_settings_undo": Row(
            "bad token", "in 405 405 405 405 405", "in go 403 403 403 403"
        ),
        "sources": Row("nothing", "in 200 200 404 404 404", "in 405 405 405 405 405"),
        "source_rhythm": Row(
            "nothing", "in 200 403 403 403 403", "in 409 403 403 403 403"
        ),
        "healthz_live": Row(
            "nothing", "200 200 200 200 200 200", "405 405 405 405 405 405"
        ),
        "healthz_ready": Row(
            "nothing", "200 200 200 200 200 200", "405 405 405 405 405 405"
        ),
        "styleguide": Row(
            "nothing", "in 200 200 200 200 200", "in 405 405 405 405 405"
        ),
        "look": Row("nothing", "200 200 200 200 200 200", "405 405 405 405 405 405"),
    },
    # Mail: messages follow their customer, the rest is an administrator's.
    "mail": {
        "unsubscribe": Row(
            "bad token", "404 404 404 404 404 404", "404 404 404 404 404 404"
        ),
        "mail": Row("nothing", "in go go go go go", "in 405 405 405 405 405"),
        "outbox": Row("nothing", "in 200 200 200 200 200", "in 405 405 405 405 405"),
        "outbox_message": Row(
            "message", "in 200 200 200 404 200", "in 405 405 405 405 405"
        ),
        "outbox_message_body": Row(
            "message", "in 404 404 404 404 404", "in 405 405 405 405 405"
        ),
        "outbox_resend": Row("message", "in go go go 404 403", "in go go go 404 403"),
        "outbox_cancel": Row(
            "message", "in 200 200 200 404 403", "in go go go 404 403"
        ),
        "mailbox": Row("nothing", "in 200 403 403 403 403", "in 405 405 405 405 405"),
        "mailbox_message": Row(
            "mailbox", "in 200 403 403 403 403", "in 405 405 405 405 405"
        ),
        "mailbox_message_body": Row(
            "mailbox", "in 200 403 403 403 403", "in 405 405 405 405 405"
        ),
        "mail_hook": Row("hook", "404 404 404 404 404 404", "404 404 404 404 404 404"),
        "gateway_hook": Row(
            "hook", "405 405 405 405 405 405", "404 404 404 404 404 404"
        ),
        "mail_templates": Row(
            "nothing", "in 200 200 200 200 403", "in 405 405 405 405 405"
        ),
        "mail_template_new": Row(
            "nothing", "in 200 403 403 403 403", "in 422 403 403 403 403"
        ),
        "mail_template": Row(
            "template", "in 200 200 200 200 403", "in 405 405 405 405 405"
        ),
        "mail_template_edit": Row(
            "template", "in 200 403 403 403 403", "in 422 403 403 403 403"
        ),
        "mail_template_preview": Row(
            "template", "in 404 404 404 404 403", "in 405 405 405 405 405"
        ),
        "mail_template_retire": Row(
            "template", "in 405 405 405 405 405", "in go 403 403 403 403"
        ),
        "mail_template_restore": Row(
            "template", "in 405 405 405 405 405", "in go 403 403 403 403"
        ),
        "letter_send": Row(
            "template", "in 405 405 405 405 405", "in 404 404 404 404 403"
        ),
        "letter_test": Row(
            "template", "in 405 405 405 405 405", "in 404 404 404 404 403"
        ),
        "suppressions": Row(
            "nothing", "in 200 403 403 403 403", "in 422 403 403 403 403"
        ),
        "suppression_lift": Row(
            "suppression", "in 405 405 405 405 405", "in go 403 403 403 403"
        ),
        "suppression_restore": Row(
            "suppression", "in 405 405 405 405 405", "in go 403 403 403 403"
        ),
    },
    # Pain points: administrators and managers keep them, everybody reads.
    "themes": {
        "themes": Row("nothing", "in 200 200 200 200 200", "in 405 405 405 405 405"),
        "theme_new": Row("nothing", "in 200 200 403 403 403", "in 422 422 403 403 403"),
        "theme": Row("theme", "in 200 200 200 200 200", "in 405 405 405 405 405"),
        "theme_edit": Row("theme", "in 200 200 403 403 403", "in 422 422 403 403 403"),
        "theme_state": Row("theme", "in 405 405 405 405 405", "in 422 422 403 403 403"),
        "theme_department": Row(
            "theme", "in 405 405 405 405 405", "in go go 403 403 403"
        ),
        "theme_note": Row("theme", "in 405 405 405 405 405", "in 422 422 422 422 403"),
        "theme_comments": Row(
            "theme", "in 200 200 200 200 403", "in 405 405 405 405 405"
        ),
        "theme_tell": Row("theme", "in go go 403 403 403", "in go go 403 403 403"),
        "theme_suggestions": Row(
            "nothing", "in 200 200 403 403 403", "in 405 405 405 405 405"
        ),
        "suggestions_start": Row(
            "nothing", "in 405 405 405 405 405", "in go go 403 403 403"
        ),
        "suggestion_accept": Row(
            "suggestion", "in 405 405 405 405 405", "in go go 403 403 403"
        ),
        "suggestion_join": Row(
            "suggestion", "in 405 405 405 405 405", "in go go 403 403 403"
        ),
        "suggestion_dismiss": Row(
            "suggestion", "in 405 405 405 405 405", "in go go 403 403 403"
        ),
        "suggestion_restore": Row(
            "suggestion", "in 405 405 405 405 405", "in go go 403 403 403"
        ),
        "mention_add": Row(
            "nothing", "in 405 405 405 405 405", "in 404 404 404 404 404"
        ),
        "mention_remove": Row(
            "mention", "in 405 405 405 405 405", "in go go go 404 403"
        ),
        "mention_restore": Row(
            "mention", "in 405 405 405 405 405", "in go go go 404 403"
        ),
        "departments": Row(
            "nothing", "in 200 200 403 403 403", "in 405 405 405 405 405"
        ),
        "department_create": Row(
            "nothing", "in 405 405 405 405 405", "in 422 422 403 403 403"
        ),
        "department": Row(
            "department", "in 200 200 403 403 403", "in 422 422 403 403 403"
        ),
        "department_delete": Row(
            "department", "in 200 200 403 403 403", "in go go 403 403 403"
        ),
        "member_add": Row(
            "department", "in 405 405 405 405 405", "in 422 422 403 403 403"
        ),
        "member": Row("member", "in 200 200 403 403 403", "in 422 422 403 403 403"),
        "member_delete": Row(
            "member", "in 405 405 405 405 405", "in go go 403 403 403"
        ),
        "theme_link": Row(
            "bad token", "404 404 404 404 404 404", "404 404 404 404 404 404"
        ),
    },
    # Answering a survey.
    "answering": {
        "survey_answer": Row(
            "bad token", "404 404 404 404 404 404", "404 404 404 404 404 404"
        ),
        "survey_answer_score": Row(
            "score+bad token", "404 404 404 404 404 404", "404 404 404 404 404 404"
        ),
        "survey_answer_trap": Row(
            "bad token", "404 404 404 404 404 404", "404 404 404 404 404 404"
        ),
        "survey_answer_mangled": Row(
            "bad token", "404 404 404 404 404 404", "404 404 404 404 404 404"
        ),
        "look_of": Row("colour", "200 200 200 200 200 200", "405 405 405 405 405 405"),
    },
    # People and teams.
    "people": {
        "setup": Row("nothing", "404 404 404 404 404 404", "404 404 404 404 404 404"),
        "people": Row("nothing", "in 200 200 403 403 403", "in 405 405 405 405 405"),
        "invitation_create": Row(
            "nothing", "in 200 403 403 403 403", "in 422 403 403 403 403"
        ),
        "invitation_resend": Row(
            "invitation", "in 405 405 405 405 405", "in go 403 403 403 403"
        ),
        "invitation_withdraw": Row(
            "invitation", "in 405 405 405 405 405", "in go 403 403 403 403"
        ),
        "teams": Row("nothing", "in 200 200 403 403 403", "in 405 405 405 405 405"),
        "team_create": Row(
            "nothing", "in 405 405 405 405 405", "in 422 403 403 403 403"
        ),
        "team": Row("team", "in 200 403 403 403 403", "in 422 403 403 403 403"),
        "team_add": Row("team", "in 405 405 405 405 405", "in go 403 403 403 403"),
        "team_delete": Row("team", "in 200 403 403 403 403", "in go 403 403 403 403"),
        "person": Row("person", "in 200 403 403 403 403", "in 422 403 403 403 403"),
        "person_deactivate": Row(
            "person", "in 200 403 403 403 403", "in go 403 403 403 403"
        ),
        "person_reactivate": Row(
            "person", "in 405 405 405 405 405", "in go 403 403 403 403"
        ),
        "person_sign_out": Row(
            "person", "in 405 405 405 405 405", "in go 403 403 403 403"
        ),
        "person_second_factor": Row(
            "person", "in 200 403 403 403 403", "in go 403 403 403 403"
        ),
        "person_move": Row(
            "person+team", "in 405 405 405 405 405", "in go 403 403 403 403"
        ),
        "invitation_accept": Row(
            "bad token", "404 404 404 404 404 404", "404 404 404 404 404 404"
        ),
    },
    # Settings and the audit log.
    "settings": {
        "settings_mail": Row(
            "nothing", "in 200 403 403 403 403", "in 422 403 403 403 403"
        ),
        "mail_test": Row("nothing", "in 405 405 405 405 405", "in go 403 403 403 403"),
        "webhook_renew": Row(
            "nothing", "in 405 405 405 405 405", "in go 403 403 403 403"
        ),
        "sender_create": Row(
            "nothing", "in 200 403 403 403 403", "in 422 403 403 403 403"
        ),
        "sender_edit": Row(
            "sender", "in 200 403 403 403 403", "in 422 403 403 403 403"
        ),
        "sender_default": Row(
            "sender", "in 405 405 405 405 405", "in go 403 403 403 403"
        ),
        "sender_retire": Row(
            "sender", "in 405 405 405 405 405", "in go 403 403 403 403"
        ),
        "sender_restore": Row(
            "sender", "in 405 405 405 405 405", "in go 403 403 403 403"
        ),
        "dunning_policies": Row(
            "nothing", "in 200 403 403 403 403", "in 405 405 405 405 405"
        ),
        "dunning_policy": Row(
            "policy", "in 200 403 403 403 403", "in 422 403 403 403 403"
        ),
        "dunning_policy_new": Row(
            "charge", "in 200 403 403 403 403", "in 422 403 403 403 403"
        ),
        "dunning_policy_retire": Row(
            "policy", "in 405 405 405 405 405", "in go 403 403 403 403"
        ),
        "gateways": Row("nothing", "in 200 403 403 403 403", "in 405 405 405 405 405"),
        "gateway_new": Row(
            "stripe", "in 200 403 403 403 403", "in 422 403 403 403 403"
        ),
        "gateway": Row("gateway", "in 200 403 403 403 403", "in 405 405 405 405 405"),
        "gateway_change": Row(
            "gateway", "in 200 403 403 403 403", "in 422 403 403 403 403"
        ),
        "gateway_secret_forget": Row(
            "gateway+place", "in 405 405 405 405 405", "in go 403 403 403 403"
        ),
        "gateway_switch": Row(
            "gateway", "in 405 405 405 405 405", "in go 403 403 403 403"
        ),
        "gateway_import": Row(
            "gateway", "in 405 405 405 405 405", "in go 403 403 403 403"
        ),
        "gateway_read_again": Row(
            "gateway", "in 405 405 405 405 405", "in go 403 403 403 403"
        ),
        "gateway_events": Row(
            "gateway", "in 200 403 403 403 403", "in 405 405 405 405 405"
        ),
        "gateway_customers": Row(
            "gateway", "in 200 403 403 403 403", "in 405 405 405 405 405"
        ),
        "gateway_customer": Row(
            "gateway+nobody", "in 200 403 403 403 403", "in 404 403 403 403 403"
        ),
        "settings": Row("nothing", "in go 403 403 403 403", "in 405 405 405 405 405"),
        "settings_company": Row(
            "nothing", "in 200 403 403 403 403", "in 422 403 403 403 403"
        ),
        "settings_calendar": Row(
            "nothing", "in 200 403 403 403 403", "in 422 403 403 403 403"
        ),
        "holiday_add": Row(
            "nothing", "in 405 405 405 405 405", "in 422 403 403 403 403"
        ),
        "holidays_paste": Row(
            "nothing", "in 405 405 405 405 405", "in 422 403 403 403 403"
        ),
        "holiday_remove": Row(
            "holiday", "in 405 405 405 405 405", "in go 403 403 403 403"
        ),
        "holiday_restore": Row(
            "bad token", "in 405 405 405 405 405", "in go 403 403 403 403"
        ),
        "settings_money": Row(
            "nothing", "in 200 403 403 403 403", "in 422 403 403 403 403"
        ),
        "currency_change": Row(
            "nothing", "in 405 405 405 405 405", "in 422 403 403 403 403"
        ),
        "rate_create": Row(
            "nothing", "in 405 405 405 405 405", "in 422 403 403 403 403"
        ),
        "rates_file": Row(
            "nothing", "in 200 403 403 403 403", "in 405 405 405 405 405"
        ),
        "rates_preview": Row(
            "nothing", "in 405 405 405 405 405", "in 422 403 403 403 403"
        ),
        "rates_keep": Row("nothing", "in 405 405 405 405 405", "in go 403 403 403 403"),
        "rate_remove": Row("rate", "in 405 405 405 405 405", "in go 403 403 403 403"),
        "rate_restore": Row(
            "bad token", "in 405 405 405 405 405", "in go 403 403 403 403"
        ),
        "settings_rates": Row(
            "currency", "in 200 403 403 403 403", "in 405 405 405 405 405"
        ),
        "settings_access": Row(
            "nothing", "in 200 403 403 403 403", "in 422 403 403 403 403"
        ),
        "audit_log": Row("nothing", "in 200 403 403 403 403", "in 405 405 405 405 405"),
        "audit_verify": Row(
            "nothing", "in 405 405 405 405 405", "in go 403 403 403 403"
        ),
        "audit_export": Row(
            "nothing", "in 200 403 403 403 403", "in 405 405 405 405 405"
        ),
    },
    # Signing in, and the own account.
    "account": {
        "account_login": Row("nothing", "200 go go go go go", "200 go go go go go"),
        "account_logout": Row("nothing", "go 200 200 200 200 200", "go go go go go go"),
        "account_signup": Row("nothing", "200 go go go go go", "200 go go go go go"),
        "account_inactive": Row(
            "nothing", "200 200 200 200 200 200", "405 405 405 405 405 405"
        ),
        "account_reset_password": Row(
            "nothing", "200 200 200 200 200 200", "200 200 200 200 200 200"
        ),
        "password_reset_sent": Row(
            "nothing", "200 200 200 200 200 200", "405 405 405 405 405 405"
        ),
        "password_reset": Row(
            "bad token", "410 410 410 410 410 410", "410 410 410 410 410 410"
        ),
        "mfa_login_webauthn": Row("nothing", "go go go go go go", "go go go go go go"),
        "mfa_authenticate": Row("nothing", "go go go go go go", "go go go go go go"),
        "account_reauthenticate": Row(
            "nothing", "in 200 200 200 200 200", "in 200 200 200 200 200"
        ),
        "mfa_reauthenticate": Row("nothing", "in go go go go go", "in go go go go go"),
        "mfa_reauthenticate_webauthn": Row(
            "nothing", "in go go go go go", "in go go go go go"
        ),
        "me": Row("nothing", "in 200 200 200 200 200", "in 422 422 422 422 422"),
        "appearance": Row("nothing", "in 405 405 405 405 405", "in go go go go go"),
        "me_digest": Row("nothing", "in 405 405 405 405 405", "in 422 422 422 422 422"),
        "me_password": Row(
            "nothing", "in 405 405 405 405 405", "in 422 422 422 422 422"
        ),
        "me_sign_out": Row("nothing", "in 405 405 405 405 405", "in go go go go go"),
        "mfa_index": Row("nothing", "in 200 200 200 200 200", "in 405 405 405 405 405"),
        "mfa_activate_totp": Row("nothing", "in go go go go go", "in go go go go go"),
        "mfa_deactivate_totp": Row(
            "nothing", "in 404 404 404 404 404", "in 404 404 404 404 404"
        ),
        "mfa_view_recovery_codes": Row(
            "nothing", "in 404 404 404 404 404", "in 405 405 405 405 405"
        ),
        "mfa_generate_recovery_codes": Row(
            "nothing", "in go go go go go", "in go go go go go"
        ),
        "mfa_download_recovery_codes": Row(
            "nothing", "in 404 404 404 404 404", "in 404 404 404 404 404"
        ),
        "mfa_list_webauthn": Row(
            "nothing", "in 200 200 200 200 200", "in 405 405 405 405 405"
        ),
        "mfa_add_webauthn": Row("nothing", "in go go go go go", "in go go go go go"),
        "mfa_edit_webauthn": Row("passkey", "in go go go go go", "in go go go go go"),
        "mfa_remove_webauthn": Row("passkey", "in go go go go go", "in go go go go go"),
    },
}

# Without a session, and why: everything else asks to sign in.
OPEN_TO_ALL = {
    "account_inactive": "where a switched-off person ends",
    "account_login": "signing in",
    "account_logout": "signing out twice is no mistake",
    "account_reset_password": "a forgotten password",
    "account_signup": "says that it is closed",
    "healthz_live": "the load balancer asks",
    "healthz_ready": "the load balancer asks",
    "invitation_accept": "the link of an invitation",
    "look": "the company's accent colour, for the page of unsubscribing",
    "look_of": "a survey's accent colour, for the page of answering",
    "gateway_hook": "a gateway tells what changed, with a key in the address",
    "mail_hook": "a provider reports, with a key in the address",
    "mfa_authenticate": "the second step of signing in",
    "mfa_login_webauthn": "signing in with a passkey",
    "password_reset": "the link of a reset mail",
    "password_reset_sent": "says to look into the mailbox",
    "setup": "the first administrator, while there is nobody",
    "survey_answer": "the link of a survey's mail",
    "survey_answer_mangled": "the same, where a mail program cut it up",
    "survey_answer_score": "the same, with a number",
    "survey_answer_trap": "the same, where people see no link",
    "offer": "the link of an offer's mail",
    "pay": "the link of a mail about a payment",
    "theme_link": "the link of a department's member",
    "unsubscribe": "the link of every mail",
}
# Without a token against forgery, and what stands in its place.
WITHOUT_CSRF = {
    "gateway_hook": "the gateway's signature and the key in the address",
    "mail_hook": "the provider's signature and the key in the address",
    "survey_answer": "the token of the link",
    "survey_answer_mangled": "the token of the link",
    "survey_answer_score": "the token of the link",
    "survey_answer_trap": "the token of the link",
    "offer": "the token of the link",
    "pay": "the token of the link",
    "theme_link": "the token of the link",
    "unsubscribe": "RFC 8058: a mail program posts, with the token of the link",
}
