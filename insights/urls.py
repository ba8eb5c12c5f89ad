"""Addresses of the pages that combine."""

from django.urls import path

from insights.views import hand_over, today

urlpatterns = [
    path("", today.today, name="today"),
    path("customers/", today.customer_list, name="customer_list"),
    path("answers/<int:pk>/replied/", today.answer_replied, name="answer_replied"),
    path("answers/<int:pk>/waiting/", today.answer_waiting, name="answer_waiting"),
    path("people/<int:pk>/hand-over/", hand_over.hand_over, name="hand_over"),
    path("hand-overs/<int:pk>/undo/", hand_over.hand_over_undo, name="hand_over_undo"),
]
