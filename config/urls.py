"""Addresses."""

from django.urls import include, path

urlpatterns = [
    path("", include("insights.urls")),
    path("", include("health.urls")),
    path("", include("surveys.urls")),
    path("", include("billing.urls")),
    path("", include("mail.urls")),
    path("", include("customers.urls")),
    path("", include("accounts.urls")),
    path("", include("common.urls")),
]
