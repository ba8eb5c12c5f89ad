"""Addresses of the billing app."""

from django.urls import path, re_path

from billing.views import (
    catalogue,
    catalogue_prices,
    dunning_case,
    dunning_policies,
    failed_payments,
    gateway,
    gateway_customers,
    gateway_hook,
    gateways,
    invoice,
    offer,
    pay,
    recovered,
    subscription,
    subscription_actions,
    subscription_new,
)

urlpatterns = [
    # With and without the last stroke: no mail program may be sent elsewhere.
    re_path(r"^offer/(?P<token>[^/]+)/?$", offer.offer, name="offer"),
    re_path(r"^pay/(?P<token>[^/]+)/?$", pay.pay, name="pay"),
    # Nor a gateway: it would take being sent elsewhere for a failure, or for a success.
    re_path(
        r"^hooks/gateways/(?P<kind>[a-z]+)/(?P<hook_key>[^/]+)/?$",
        gateway_hook.gateway_hook,
        name="gateway_hook",
    ),
    path(
        "customers/<int:pk>/invoices/",
        invoice.customer_invoices,
        name="customer_invoices",
    ),
    path("failed-payments/", failed_payments.failed_payments, name="failed_payments"),
    path("failed-payments/recovered/", recovered.recovered, name="recovered"),
    path(
        "failed-payments/recovered/attempts.csv",
        recovered.recovered_attempts,
        name="recovered_attempts",
    ),
    path(
        "settings/dunning/", dunning_policies.dunning_policies, name="dunning_policies"
    ),
    path(
        "settings/dunning/new/<slug:collection>/",
        dunning_policies.dunning_policy_new,
        name="dunning_policy_new",
    ),
    path(
        "settings/dunning/<int:pk>/",
        dunning_policies.dunning_policy,
        name="dunning_policy",
    ),
    path(
        "settings/dunning/<int:pk>/retire/",
        dunning_policies.dunning_policy_retire,
        name="dunning_policy_retire",
    ),
    path("failed-payments/<int:pk>/", dunning_case.dunning_case, name="dunning_case"),
    path(
        "failed-payments/<int:pk>/<slug:action>/",
        dunning_case.dunning_act,
        name="dunning_act",
    ),
    path("settings/gateways/", gateways.gateways, name="gateways"),
    path(
        "settings/gateways/new/<slug:kind>/", gateways.gateway_new, name="gateway_new"
    ),
    path("settings/gateways/<int:pk>/", gateway.gateway, name="gateway"),
    path(
        "settings/gateways/<int:pk>/change/",
        gateways.gateway_change,
        name="gateway_change",
    ),
    path(
        "settings/gateways/<int:pk>/secrets/<int:place>/forget/",
        gateways.gateway_secret_forget,
        name="gateway_secret_forget",
    ),
    path(
        "settings/gateways/<int:pk>/switch/",
        gateways.gateway_switch,
        name="gateway_switch",
    ),
    path(
        "settings/gateways/<int:pk>/import/",
        gateway.gateway_import,
        name="gateway_import",
    ),
    path(
        "settings/gateways/<int:pk>/again/",
        gateway.gateway_read_again,
        name="gateway_read_again",
    ),
    path(
        "settings/gateways/<int:pk>/events/",
        gateway.gateway_events,
        name="gateway_events",
    ),
    path(
        "settings/gateways/<int:pk>/customers/",
        gateway_customers.gateway_customers,
        name="gateway_customers",
    ),
    path(
        "settings/gateways/<int:pk>/customers/<int:row>/",
        gateway_customers.gateway_customer,
        name="gateway_customer",
    ),
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
