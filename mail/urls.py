"""Addresses of the mail app."""

from django.urls import path, re_path

from mail.views import (
    hooks,
    letters,
    look,
    mailbox,
    outbox,
    senders,
    server,
    suppressions,
    templates,
    unsubscribe,
)

urlpatterns = [
    # With and without the last stroke: no mail program may be sent elsewhere.
    re_path(r"^u/(?P<token>[^/]+)/?$", unsubscribe.unsubscribe, name="unsubscribe"),
    path("mail/", outbox.mail_home, name="mail"),
    path("mail/outbox/", outbox.outbox, name="outbox"),
    path("mail/outbox/<int:pk>/", outbox.outbox_message, name="outbox_message"),
    path(
        "mail/outbox/<int:pk>/body/",
        outbox.outbox_message_body,
        name="outbox_message_body",
    ),
    path("mail/outbox/<int:pk>/resend/", outbox.outbox_resend, name="outbox_resend"),
    path("mail/outbox/<int:pk>/cancel/", outbox.outbox_cancel, name="outbox_cancel"),
    path("mail/mailbox/", mailbox.mailbox, name="mailbox"),
    path("mail/mailbox/<int:pk>/", mailbox.mailbox_message, name="mailbox_message"),
    path(
        "mail/mailbox/<int:pk>/body/",
        mailbox.mailbox_message_body,
        name="mailbox_message_body",
    ),
    # With and without the last stroke: a redirect would lose what a provider posts.
    re_path(
        r"^hooks/mail/(?P<provider>[a-z_]{1,40})/(?P<key>[A-Za-z0-9_-]{1,100})/?$",
        hooks.mail_hook,
        name="mail_hook",
    ),
    path("mail/templates/", templates.mail_templates, name="mail_templates"),
    path("mail/templates/new/", templates.mail_template_new, name="mail_template_new"),
    path("mail/templates/<int:pk>/", templates.mail_template, name="mail_template"),
    path(
        "mail/templates/<int:pk>/edit/",
        templates.mail_template_edit,
        name="mail_template_edit",
    ),
    path(
        "mail/templates/<int:pk>/preview.html",
        templates.mail_template_preview,
        name="mail_template_preview",
    ),
    path(
        "mail/templates/<int:pk>/retire/",
        templates.mail_template_retire,
        name="mail_template_retire",
    ),
    path(
        "mail/templates/<int:pk>/restore/",
        templates.mail_template_restore,
        name="mail_template_restore",
    ),
    path("mail/templates/<int:pk>/send/", letters.letter, name="letter_send"),
    path("mail/templates/<int:pk>/test/", letters.letter_to_self, name="letter_test"),
    path("mail/suppressions/", suppressions.suppressions, name="suppressions"),
    path(
        "mail/suppressions/<int:pk>/lift/",
        suppressions.suppression_remove,
        name="suppression_lift",
    ),
    path(
        "mail/suppressions/<int:pk>/restore/",
        suppressions.suppression_put_back,
        name="suppression_restore",
    ),
    path("look.css", look.look, name="look"),
    re_path(r"^look/(?P<colour>[0-9a-f]{6})\.css$", look.look_of, name="look_of"),
    path("settings/mail/", server.settings_mail, name="settings_mail"),
    path("settings/mail/test/", server.mail_test, name="mail_test"),
    path("settings/mail/webhook/", server.webhook_renew, name="webhook_renew"),
    path("settings/mail/senders/", senders.sender_create, name="sender_create"),
    path("settings/mail/senders/<int:pk>/", senders.sender_edit, name="sender_edit"),
    path(
        "settings/mail/senders/<int:pk>/default/",
        senders.sender_default,
        name="sender_default",
    ),
    path(
        "settings/mail/senders/<int:pk>/retire/",
        senders.sender_leave,
        name="sender_retire",
    ),
    path(
        "settings/mail/senders/<int:pk>/restore/",
        senders.sender_return,
        name="sender_restore",
    ),
]
