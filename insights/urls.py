"""Addresses of the pages that combine."""

from django.urls import path

from insights.views import (
    brief,
    churn,
    churn_departures,
    churn_forecast,
    churn_record,
    hand_over,
    renewals,
    renewals_checkpoint,
    renewals_record,
    renewals_reminder,
    renewals_yearly,
    revenue,
    revenue_cohorts,
    revenue_conventions,
    revenue_kept,
    revenue_movements,
    today,
)

urlpatterns = [
    path("", today.today, name="today"),
    path("customers/", today.customer_list, name="customer_list"),
    path("customers/<int:pk>/brief/", brief.customer_brief, name="customer_brief"),
    path("answers/<int:pk>/replied/", today.answer_replied, name="answer_replied"),
    path("answers/<int:pk>/waiting/", today.answer_waiting, name="answer_waiting"),
    path("people/<int:pk>/hand-over/", hand_over.hand_over, name="hand_over"),
    path("hand-overs/<int:pk>/undo/", hand_over.hand_over_undo, name="hand_over_undo"),
    path("renewals/", renewals.renewals, name="renewals"),
    path(
        "renewals/checkpoints/<int:pk>/",
        renewals_checkpoint.renewal_checkpoint,
        name="renewal_checkpoint",
    ),
    path(
        "renewals/checkpoints/<int:pk>/settle/",
        renewals_checkpoint.renewal_settle,
        name="renewal_settle",
    ),
    path(
        "renewals/disagreements/",
        renewals_checkpoint.renewal_disagreements,
        name="renewal_disagreements",
    ),
    path("renewals/record/", renewals_record.renewals_record, name="renewals_record"),
    path(
        "renewals/yearly/", renewals_yearly.yearly_candidates, name="yearly_candidates"
    ),
    path(
        "renewals/yearly/<int:pk>/",
        renewals_yearly.yearly_offer_new,
        name="yearly_offer_new",
    ),
    path(
        "renewals/offers/<int:pk>/withdraw/",
        renewals_yearly.yearly_offer_withdraw,
        name="yearly_offer_withdraw",
    ),
    path(
        "renewals/reminder/",
        renewals_reminder.renewal_reminder,
        name="renewal_reminder",
    ),
    path(
        "renewals/reminder/test/",
        renewals_reminder.renewal_reminder_test,
        name="renewal_reminder_test",
    ),
    path("revenue/", revenue.revenue, name="revenue"),
    path("revenue/file/", revenue.revenue_file, name="revenue_csv"),
    path(
        "revenue/movements/",
        revenue_movements.revenue_movements,
        name="revenue_movements",
    ),
    path(
        "revenue/movements/file/",
        revenue_movements.revenue_movements_file,
        name="revenue_movements_csv",
    ),
    path("revenue/kept/", revenue_kept.revenue_kept, name="revenue_kept"),
    path("revenue/conventions/", revenue_conventions.conventions, name="conventions"),
    path(
        "revenue/conventions/change/",
        revenue_conventions.conventions_edit,
        name="conventions_edit",
    ),
    path(
        "revenue/conventions/compare/",
        revenue_conventions.conventions_compare,
        name="conventions_compare",
    ),
    path("churn/", churn.churn, name="churn"),
    path("customers/<int:pk>/churn/", churn_record.churn_record, name="churn_record"),
    path("churn/ahead/", churn_forecast.churn_forecast, name="churn_forecast"),
    path("churn/departures/", churn_departures.departures, name="departures"),
    path(
        "churn/departures/file/",
        churn_departures.departures_file,
        name="departures_csv",
    ),
    path("cohorts/", revenue_cohorts.cohorts, name="cohorts"),
    path("cohorts/file/", revenue_cohorts.cohorts_file, name="cohorts_csv"),
]
