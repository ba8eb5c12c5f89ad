"""Addresses that belong to no app."""

from django.urls import path

from common import views

urlpatterns = [
    path("healthz/live", views.live, name="healthz_live"),
    path("healthz/ready", views.ready, name="healthz_ready"),
    path("styleguide/", views.styleguide, name="styleguide"),
]
