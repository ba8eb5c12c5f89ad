"""Addresses of the health app."""

from django.urls import path

from health.views import operations, snoozes

urlpatterns = [
    path("operations/", operations.operations, name="operations"),
    path("operations/run/", operations.run_now, name="run_now"),
    path("customers/<int:pk>/snooze/", snoozes.snooze, name="snooze"),
    path("customers/<int:pk>/unsnooze/", snoozes.unsnooze, name="unsnooze"),
]
