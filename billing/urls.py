"""Addresses of the billing app."""

from django.urls import path, re_path

from billing.views import (
    catalogue,
    catalogue_prices,
    churn_record,
    invoice,
    offer,
    subscription,
    subscription_actions,
    subscription_new,
)

urlpatterns = [
    # With and without the last stroke: no mail program may be sent elsewhere.
    re_path(r"^offer/(?P<token>[^/]+)/?$", offer.offer, name="offer"),
    path(
        "customers/<int:pk>/invoices/",
        invoice.customer_invoices,
        name="customer_invoices",
    ),
    path("customers/<int:pk>/churn/", churn_record.churn_record, name="churn_record"),
    path("invoices/<int:pk>/", invoice.invoice, name="invoice"),
    path(
        "invoices/<int:pk>/note/<slug:kind>/",
        invoice.invoice_note,
        name="invoice_note",
    ),
    path(
        "invoices/take-out/<slug:kind>/<int:pk>/",
        invoice.invoice_take_out,
        name="invoice_take_out",
    ),
    path("catalogue/", catalogue.catalogue, name="catalogue"),
    path("catalogue/plans/new/", catalogue.plan_new, name="plan_new"),
    path("catalogue/plans/<int:pk>/", catalogue.plan, name="plan"),
    path("catalogue/plans/<int:pk>/name/", catalogue.plan_name, name="plan_name"),
    path(
        "catalogue/plans/<int:pk>/retire/",
        catalogue.plan_retire_page,
        name="plan_retire",
    ),
    path(
        "catalogue/plans/<int:pk>/sell-again/",
        catalogue.plan_sell_again_page,
        name="plan_sell_again",
    ),
    path(
        "catalogue/plans/<int:pk>/price/",
        catalogue_prices.price_new,
        name="price_new",
    ),
    path(
        "catalogue/prices/<int:pk>/move/",
        catalogue_prices.price_move,
        name="price_move",
    ),
    path(
        "customers/<int:pk>/subscriptions/new/",
        subscription_new.subscription_new,
        name="subscription_new",
    ),
    path("subscriptions/<int:pk>/", subscription.subscription, name="subscription"),
    path(
        "subscriptions/<int:pk>/take-back/",
        subscription_actions.subscription_booked_take_back,
        name="subscription_take_back",
    ),
    path(
        "subscriptions/<int:pk>/again/",
        subscription_actions.subscription_again,
        name="subscription_again",
    ),
    path(
        "subscriptions/<int:pk>/<slug:action>/",
        subscription_actions.subscription_action,
        name="subscription_action",
    ),
]
