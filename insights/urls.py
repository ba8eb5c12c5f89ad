"""Addresses of the pages that combine."""

from django.urls import path

from insights import views

urlpatterns = [
    path("", views.today, name="today"),
    path("customers/", views.customer_list, name="customer_list"),
    path("answers/<int:pk>/replied/", views.answer_replied, name="answer_replied"),
    path("answers/<int:pk>/waiting/", views.answer_waiting, name="answer_waiting"),
]
