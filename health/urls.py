"""Addresses of the health app."""

from django.urls import path

from health.views import (
    accuracy,
    accuracy_values,
    acquisition,
    asks,
    customer_forecast,
    explained,
    forecast_version,
    forecasts,
    healthiest,
    measures,
    operations,
    overrides,
    portfolio,
    previews,
    scorecard,
    scorecard_draft,
    scorecard_publish,
    scorecard_setup,
    scorecards,
    snoozes,
    sources,
    spend,
    value_over_time,
    value_settings,
    what_if,
)

urlpatterns = [
    path("acquisition/", acquisition.acquisition, name="acquisition"),
    path("acquisition/csv/", acquisition.acquisition_file, name="acquisition_csv"),
    path(
        "acquisition/customers/",
        acquisition.acquisition_customers,
        name="acquisition_customers",
    ),
    path("acquisition/spend/", spend.spend, name="spend"),
    path("acquisition/spend/<int:pk>/delete/", spend.spend_remove, name="spend_delete"),
    path("acquisition/spend/restore/", spend.spend_return, name="spend_restore"),
    path("acquisition/campaigns/new/", spend.campaign_new, name="campaign_new"),
    path(
        "acquisition/campaigns/<int:pk>/", spend.campaign_edit, name="campaign_change"
    ),
    path("operations/", operations.operations, name="operations"),
    path("operations/run/", operations.run_now, name="run_now"),
    path("operations/sources/", sources.sources, name="sources"),
    path("operations/sources/rhythm/", sources.source_rhythm, name="source_rhythm"),
    path("portfolio/", portfolio.portfolio, name="portfolio"),
    path("portfolio/moves/", portfolio.portfolio_moves, name="portfolio_moves"),
    path("customers/healthiest/", healthiest.healthiest, name="healthiest"),
    path("customers/healthiest/csv/", healthiest.healthiest_csv, name="healthiest_csv"),
    path("customers/healthiest/asked/", healthiest.asked, name="healthiest_asked"),
    path("customers/<int:pk>/asked/", asks.ask_note, name="ask_note"),
    path("asks/<int:pk>/undo/", asks.ask_undone, name="ask_undo"),
    path("asks/<int:pk>/agreed/", asks.ask_agreed, name="ask_agreed"),
    path(
        "customers/<int:pk>/health/",
        explained.customer_health,
        name="customer_health",
    ),
    path(
        "customers/<int:pk>/health/<slug:key>/",
        explained.customer_measure,
        name="customer_measure",
    ),
    path(
        "customers/<int:pk>/forecast/",
        customer_forecast.customer_forecast,
        name="customer_forecast",
    ),
    path(
        "customers/<int:pk>/override/",
        overrides.override_set_page,
        name="override_set",
    ),
    path(
        "customers/<int:pk>/override/end/",
        overrides.override_end_page,
        name="override_end",
    ),
    path(
        "customers/<int:pk>/override/return/",
        overrides.override_return_page,
        name="override_return",
    ),
    path("accuracy/", accuracy.accuracy, name="accuracy"),
    path("accuracy/values/", accuracy_values.accuracy_values, name="accuracy_values"),
    path(
        "accuracy/values/csv/",
        accuracy_values.accuracy_values_csv,
        name="accuracy_values_csv",
    ),
    path("scorecards/", scorecards.scorecards, name="scorecards"),
    path("scorecards/measures/", measures.measures, name="measures"),
    path("scorecards/new/", scorecards.new, name="scorecard_new"),
    path("scorecards/begin/", scorecards.begin, name="scorecard_begin"),
    path("scorecards/import/", scorecards.bring_in, name="scorecard_import"),
    path("scorecards/<int:pk>/", scorecard.scorecard, name="scorecard"),
    path("scorecards/<int:pk>/export/", scorecard.export, name="scorecard_export"),
    path("scorecards/<int:pk>/setup/", scorecard_setup.setup, name="scorecard_setup"),
    path(
        "scorecards/<int:pk>/retire/", scorecard_setup.retire, name="scorecard_retire"
    ),
    path(
        "scorecards/<int:pk>/return/",
        scorecard_setup.bring_back,
        name="scorecard_return",
    ),
    path("scorecards/<int:pk>/draft/", scorecard_draft.draft, name="scorecard_draft"),
    path(
        "scorecards/<int:pk>/draft/start/",
        scorecard_draft.start,
        name="scorecard_draft_start",
    ),
    path(
        "scorecards/<int:pk>/draft/discard/",
        scorecard_draft.discard,
        name="scorecard_draft_discard",
    ),
    path(
        "scorecards/<int:pk>/draft/restore/",
        scorecard_draft.restore,
        name="scorecard_draft_restore",
    ),
    path(
        "scorecards/<int:pk>/draft/publish/",
        scorecard_publish.publish,
        name="scorecard_publish",
    ),
    path(
        "scorecards/<int:pk>/versions/<int:number>/back/",
        scorecard_publish.rollback,
        name="scorecard_rollback",
    ),
    path("customers/<int:pk>/snooze/", snoozes.snooze, name="snooze"),
    path("customers/<int:pk>/unsnooze/", snoozes.unsnooze, name="unsnooze"),
    path(
        "scorecards/<int:pk>/draft/preview/",
        previews.preview,
        name="scorecard_preview",
    ),
    path(
        "scorecards/<int:pk>/draft/preview/<int:customer>/",
        previews.preview_of_customer,
        name="scorecard_preview_customer",
    ),
    path("what-if/", what_if.what_if, name="what_if"),
    path("forecasts/", forecasts.forecasts, name="forecasts"),
    path("forecasts/learn/", forecasts.forecast_train, name="forecast_train"),
    path(
        "forecasts/<int:number>/",
        forecast_version.forecast_version,
        name="forecast_version",
    ),
    path(
        "forecasts/<int:number>/use/",
        forecast_version.forecast_publish,
        name="forecast_publish",
    ),
    path("forecasts/settings/", value_settings.value_settings, name="value_settings"),
    path(
        "forecasts/settings/undo/<str:token>/",
        value_settings.value_settings_undo,
        name="value_settings_undo",
    ),
    path(
        "forecasts/over-time/", value_over_time.value_over_time, name="value_over_time"
    ),
]
