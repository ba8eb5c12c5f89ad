"""Addresses of the customers app."""

from django.urls import path

from customers import views

urlpatterns = [
    path("customers/<int:pk>/", views.customer, name="customer"),
    path(
        "customers/<int:pk>/interactions/",
        views.interaction_create,
        name="interaction_create",
    ),
    path("tasks/<int:pk>/done/", views.task_close, name="task_close"),
    path("tasks/<int:pk>/open/", views.task_open, name="task_reopen"),
]
