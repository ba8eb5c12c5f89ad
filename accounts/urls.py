"""Addresses of signing in. Allauth looks some of them up by these names."""

from allauth.account.views import account_inactive, logout, signup
from django.urls import path

from accounts import views

urlpatterns = [
    path("sign-in/", views.SignInView.as_view(), name="account_login"),
    path("sign-out/", logout, name="account_logout"),
    path("sign-up/", signup, name="account_signup"),
    path("sign-in/inactive/", account_inactive, name="account_inactive"),
    path(
        "sign-in/help/",
        views.PasswordHelpView.as_view(),
        name="account_reset_password",
    ),
    path("me/appearance/", views.appearance, name="appearance"),
]
