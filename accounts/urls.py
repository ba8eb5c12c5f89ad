"""Addresses of signing in. Allauth looks some of them up by these names."""

from allauth.account.views import account_inactive, logout, reauthenticate, signup
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.webauthn import views as passkeys
from django.urls import path

from accounts.views import (
    audit,
    invitations,
    me,
    passwords,
    people,
    second_factor,
    settings,
    settings_calendar,
    settings_money,
    settings_rates,
    setup,
    sign_in,
    teams,
)

urlpatterns = [
    path("sign-in/", sign_in.SignInView.as_view(), name="account_login"),
    path("sign-out/", logout, name="account_logout"),
    path("sign-up/", signup, name="account_signup"),
    path("sign-in/inactive/", account_inactive, name="account_inactive"),
    path("sign-in/reset/", passwords.reset_ask, name="account_reset_password"),
    path("sign-in/reset/sent/", passwords.reset_sent, name="password_reset_sent"),
    path("sign-in/reset/<str:token>/", passwords.reset, name="password_reset"),
    path(
        "sign-in/passkey/",
        second_factor.PasskeySignInView.as_view(),
        name="mfa_login_webauthn",
    ),
    path("sign-in/code/", second_factor.authenticate, name="mfa_authenticate"),
    path("sign-in/again/", reauthenticate, name="account_reauthenticate"),
    path(
        "sign-in/again/code/", second_factor.reauthenticate, name="mfa_reauthenticate"
    ),
    path(
        "sign-in/again/passkey/",
        second_factor.PasskeyAgainView.as_view(),
        name="mfa_reauthenticate_webauthn",
    ),
    path("me/", me.me, name="me"),
    path("me/appearance/", sign_in.appearance, name="appearance"),
    path("me/digest/", me.digest, name="me_digest"),
    path("me/password/", me.password, name="me_password"),
    path("me/sign-out-elsewhere/", me.sign_out_elsewhere, name="me_sign_out"),
    path("me/second-factor/", second_factor.index, name="mfa_index"),
    path(
        "me/second-factor/app/",
        second_factor.AppAddView.as_view(),
        name="mfa_activate_totp",
    ),
    path(
        "me/second-factor/app/remove/",
        second_factor.AppRemoveView.as_view(),
        name="mfa_deactivate_totp",
    ),
    path(
        "me/second-factor/codes/",
        codes.view_recovery_codes,
        name="mfa_view_recovery_codes",
    ),
    path(
        "me/second-factor/codes/new/",
        second_factor.CodesRenewView.as_view(),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "me/second-factor/codes/download/",
        codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path(
        "me/second-factor/passkeys/", passkeys.list_webauthn, name="mfa_list_webauthn"
    ),
    path(
        "me/second-factor/passkeys/add/",
        second_factor.PasskeyAddView.as_view(),
        name="mfa_add_webauthn",
    ),
    path(
        "me/second-factor/passkeys/<int:pk>/",
        passkeys.edit_webauthn,
        name="mfa_edit_webauthn",
    ),
    path(
        "me/second-factor/passkeys/<int:pk>/remove/",
        second_factor.PasskeyRemoveView.as_view(),
        name="mfa_remove_webauthn",
    ),
    path("setup/", setup.setup, name="setup"),
    path("people/", people.people, name="people"),
    path("people/invite/", invitations.invite, name="invitation_create"),
    path(
        "people/invitations/<int:pk>/resend/",
        invitations.resend,
        name="invitation_resend",
    ),
    path(
        "people/invitations/<int:pk>/withdraw/",
        invitations.withdraw,
        name="invitation_withdraw",
    ),
    path("people/teams/", teams.teams, name="teams"),
    path("people/teams/new/", teams.create, name="team_create"),
    path("people/teams/<int:pk>/", teams.team, name="team"),
    path("people/teams/<int:pk>/add/", teams.add, name="team_add"),
    path("people/teams/<int:pk>/delete/", teams.delete, name="team_delete"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/off/", people.deactivate, name="person_deactivate"),
    path("people/<int:pk>/on/", people.reactivate, name="person_reactivate"),
    path("people/<int:pk>/sign-out/", people.sign_out, name="person_sign_out"),
    path(
        "people/<int:pk>/second-factor/",
        people.reset_second_factor,
        name="person_second_factor",
    ),
    path("people/<int:pk>/team/<int:team_pk>/", teams.move, name="person_move"),
    path("invitations/<str:token>/", invitations.accept, name="invitation_accept"),
    path("settings/", settings.settings_start, name="settings"),
    path("settings/company/", settings.settings_company, name="settings_company"),
    path(
        "settings/working-time/",
        settings_calendar.settings_calendar,
        name="settings_calendar",
    ),
    path(
        "settings/working-time/holidays/",
        settings_calendar.holiday_add,
        name="holiday_add",
    ),
    path(
        "settings/working-time/holidays/lines/",
        settings_calendar.holidays_paste,
        name="holidays_paste",
    ),
    path(
        "settings/working-time/holidays/<int:pk>/delete/",
        settings_calendar.holiday_remove,
        name="holiday_remove",
    ),
    path(
        "settings/working-time/holidays/restore/<str:token>/",
        settings_calendar.holiday_restore,
        name="holiday_restore",
    ),
    path("settings/money/", settings_money.settings_money, name="settings_money"),
    path(
        "settings/money/currency/",
        settings_money.currency_change,
        name="currency_change",
    ),
    path("settings/money/rates/", settings_money.rate_create, name="rate_create"),
    path("settings/money/rates/file/", settings_rates.rates_file, name="rates_file"),
    path(
        "settings/money/rates/preview/",
        settings_rates.rates_preview,
        name="rates_preview",
    ),
    path("settings/money/rates/keep/", settings_rates.rates_keep, name="rates_keep"),
    path(
        "settings/money/rates/<int:pk>/delete/",
        settings_money.rate_remove,
        name="rate_remove",
    ),
    path(
        "settings/money/rates/restore/<str:token>/",
        settings_money.rate_restore,
        name="rate_restore",
    ),
    path(
        "settings/money/rates/<str:currency>/",
        settings_money.settings_rates,
        name="settings_rates",
    ),
    path("settings/access/", settings.settings_access, name="settings_access"),
    path("audit/", audit.audit_log, name="audit_log"),
    path("audit/verify/", audit.audit_verify_now, name="audit_verify"),
    path("audit/export/", audit.audit_export, name="audit_export"),
]
