"""All settings, read from the environment once. Code reads django.conf.settings."""

import os
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config.environment import (
    derived_keys,
    env_bool,
    env_int,
    env_list,
    env_secret,
)

BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = env_bool("KEEPWELL_DEBUG", default=False)
SECRET_KEY = env_secret("KEEPWELL_SECRET_KEY")
# Older secret keys: sessions, stored passwords and links made under them go on working.
SECRET_KEY_FALLBACKS = env_list("KEEPWELL_SECRET_KEY_FALLBACKS", default=[])
# Keys of links in mails and of the audit log's seal, newest first.
LINK_KEYS = derived_keys("link", SECRET_KEY, *SECRET_KEY_FALLBACKS)
AUDIT_KEYS = derived_keys("audit", SECRET_KEY, *SECRET_KEY_FALLBACKS)
# Where the audit log's end is noted every hour, out of the database's reach.
AUDIT_HEADS = Path(
    os.environ.get("KEEPWELL_AUDIT_HEADS", BASE_DIR / "var" / "audit_heads")
)
ALLOWED_HOSTS = env_list("KEEPWELL_ALLOWED_HOSTS", default=["localhost", "127.0.0.1"])
# The demo company's printed passwords open the door only where somebody asked for them.
DEMO_ASKED_FOR = env_bool("KEEPWELL_DEMO", default=False)

INSTALLED_APPS = [
    "demo",
    "insights",
    "health",
    "surveys",
    "billing",
    "mail",
    "customers",
    "accounts",
    "common",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_htmx",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # A list of 25 customers is 200 KB of text, and 20 KB compressed. It pads its answers,
    # and forms mask their tokens, so that sizes tell nothing (BREACH).
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "accounts.middleware.PersonalSettingsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "common.cards_told.CardsToldMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context_processors.face",
            ],
            "builtins": ["common.templatetags.ui", "django.templatetags.i18n"],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                ),
            ],
        },
    },
]

# PostgreSQL is the only truth; every wait on it has an end.
DATABASES = {
    "default": dj_database_url.config(
        default="postgresql://keepwell@localhost/keepwell",
        conn_max_age=60,
        conn_health_checks=True,
    )
}
DATABASES["default"]["OPTIONS"] = {
    **DATABASES["default"].get("OPTIONS", {}),
    "connect_timeout": 5,
    "options": (
        "-c statement_timeout=60000 -c lock_timeout=3000"
        " -c idle_in_transaction_session_timeout=60000"
    ),
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "accounts.backends.DemoGuard",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": (
            "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"
        ),
        "OPTIONS": {"user_attributes": ["email", "name"]},
    },
]

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "today"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "accounts.adapter.ClosedDoor"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_FORMS = {"reauthenticate": "accounts.forms.second_factor.PasswordAgainForm"}
# How long somebody counts as freshly signed in and may change what protects the account.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 60 * 10
# The link in a mail that sets a new password; the mail says "one hour".
PASSWORD_RESET_TIMEOUT = 60 * 60
# Lock-out is axes' work: it counts in PostgreSQL and survives a wiped Redis.
ACCOUNT_RATE_LIMITS = False
MFA_RATE_LIMITS = False
MFA_ADAPTER = "accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Addresses are not verified by allauth: an invitation's link has done that.
MFA_ALLOW_UNVERIFIED_EMAIL = True
# A code counts half a minute longer, as clocks and fingers are slow (RFC 6238, 5.2).
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "accounts.forms.second_factor.CodeForm",
    "reauthenticate": "accounts.forms.second_factor.CodeAgainForm",
    "activate_totp": "accounts.forms.second_factor.AppForm",
    "login_webauthn": "accounts.forms.second_factor.PasskeyDoorForm",
    "authenticate_webauthn": "accounts.forms.second_factor.PasskeyStepForm",
    "reauthenticate_webauthn": "accounts.forms.second_factor.PasskeyAgainForm",
    "add_webauthn": "accounts.forms.second_factor.PasskeyForm",
    "edit_webauthn": "accounts.forms.second_factor.PasskeyNameForm",
}
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "login"
AXES_RESET_ON_SUCCESS = True
# A try during the lock-out does not prolong it: somebody else could lock a person out.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_CALLABLE = "accounts.views.sign_in.locked_out"
AXES_CLIENT_IP_CALLABLE = "accounts.address.lockout_address"
# Never written down beside a failed attempt: it may be right but for one letter.
AXES_SENSITIVE_PARAMETERS = [
    "username",
    "ip_address",
    "csrfmiddlewaretoken",
    "code",
    "credential",
    "old_password",
    "new_password",
    "new_password_again",
]
# How many proxies of our own stand in front and write X-Forwarded-For.
PROXIES = env_int("KEEPWELL_PROXIES", default=0)
AXES_VERBOSE = False

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("de", _("German")), ("ro", _("Romanian"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = Path(os.environ.get("KEEPWELL_STATIC_ROOT", BASE_DIR / "var" / "static"))
# What is built from packages (the font subset, compiled catalogues) stays out of git.
BUILD_DIR = BASE_DIR / "var" / "build"
STATICFILES_DIRS = [BASE_DIR / "static", BUILD_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}

HTTPS = env_bool("KEEPWELL_HTTPS", default=True)
# Where links in mails lead until an administrator types the address.
BASE_URL = os.environ.get("KEEPWELL_BASE_URL", "")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
# "__Host-": the browser takes the cookie from this host alone, over https, for no
# subdomain; a neighbour's page under the same domain can not plant one.
SESSION_COOKIE_NAME = "__Host-sessionid" if HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz/"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_TRUSTED_ORIGINS = env_list("KEEPWELL_TRUSTED_ORIGINS", default=[])
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# Celery is a bell, not a memory: rows say what is to be done (docs/adr/0005).
REDIS_URL = os.environ.get("REDIS_URL", "redis://localhost:6379/0")
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 90
CELERY_TASK_DEFAULT_QUEUE = "default"
# A slow mail server must not hold up the nightly run.
CELERY_TASK_ROUTES = {
    "mail.outbox_work": {"queue": "mail"},
    "health.training_work": {"queue": "training"},
}
# Learning from hundreds of thousands of past days is one piece of work.
CELERY_TASK_ANNOTATIONS = {
    "health.training_work": {"time_limit": 2_100, "soft_time_limit": 1_800}
}
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "unacked_restore_throttle": 1,
    "socket_timeout": 3,
    "socket_connect_timeout": 3,
    "health_check_interval": 10,
}
CELERY_TIMEZONE = "UTC"
CELERY_ENABLE_UTC = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# Apps above say here what they add to the apps below (DESIGN: dotted paths, no signals).
CUSTOMER_PANELS = [
    "health.panels.HealthPanel",
    "billing.panels.SubscriptionsPanel",
    "surveys.panels.AnswersPanel",
]
# Who counts what waits behind an entry of the navigation, by the entry's name.
NAVIGATION_COUNTS = {"failed_payments": "billing.selectors.dunning.lists.waiting_words"}
# What surveys ask of the apps above: plans, renewals, revenue.
SURVEY_FACTS = "insights.survey_facts.SurveyFacts"
# What kinds of mail there are; each app says its own.
MAIL_KINDS: list[str] = [
    "mail.mails.PlainMail",
    "mail.mails.TestMail",
    "mail.mails.TemplateMail",
    "surveys.mails.invitation.SurveyMail",
    "accounts.mails.InvitationMail",
    "accounts.mails.PasswordResetMail",
    "accounts.mails.PasswordChangedMail",
    "accounts.mails.SecondFactorMail",
    "surveys.mails.themes.ThemeAssignedMail",
    "surveys.mails.themes.ThemeReminderMail",
    "surveys.mails.themes.ThemeResolvedMail",
    "insights.mails.DigestMail",
    "billing.mails.YearlyReminderMail",
    "billing.mails.YearlyOfferMail",
    "billing.dunning_mails.PaymentFailedMail",
    "billing.dunning_mails.PaymentConfirmMail",
    "billing.dunning_mails.AccessLimitedMail",
    "billing.dunning_mails.PaymentLetterMail",
    "billing.dunning_mails.CardExpiresMail",
    "billing.dunning_mails.PaymentRecoveredMail",
    "surveys.mails.reply.ReplyMail",
]
EMAIL_BACKEND = "mail.backends.OutboxBackend"
# What the audit log says of each action; each app says its own.
AUDIT_WORDS = [
    "accounts.audit_words.AUDIT_WORDS",
    "mail.audit_words.AUDIT_WORDS",
    "customers.audit_words.AUDIT_WORDS",
    "surveys.audit_words.AUDIT_WORDS",
    "billing.audit_words.AUDIT_WORDS",
    "health.audit_words.AUDIT_WORDS",
]
# Names of those who get a delivery of every event; the playbooks will be the first.
EVENT_CONSUMERS: list[str] = []
IMPORTERS = [
    "customers.importers.campaigns.CampaignImporter",
    "customers.importers.customers.CustomerImporter",
    "customers.importers.spend.SpendImporter",
    "customers.importers.contacts.ContactImporter",
    "billing.importers.catalogue.PlanImporter",
    "billing.importers.catalogue.PriceImporter",
    "billing.importers.bundles.BundlePartImporter",
    "billing.importers.subscriptions.SubscriptionImporter",
    "billing.importers.subscription_changes.SubscriptionChangeImporter",
    "billing.importers.invoices.InvoiceImporter",
    "billing.importers.invoices.PaymentImporter",
    # Before the lines: what is credited in full may be charged again.
    "billing.importers.credit_notes.CreditNoteImporter",
    "billing.importers.invoice_lines.InvoiceLineImporter",
    "billing.importers.refunds.RefundImporter",
    "billing.importers.purchases.PurchaseImporter",
    "customers.importers.usage.UsageImporter",
    "customers.importers.tickets.TicketImporter",
    "customers.importers.interactions.InteractionImporter",
    "surveys.importers.responses.ResponseImporter",
    "surveys.importers.feedback.FeedbackImporter",
    "billing.importers.churn_events.ChurnEventImporter",
]

DEFAULT_EXCEPTION_REPORTER_FILTER = "common.cards_told.CardReportFilter"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(levelname)s %(name)s: %(message)s"}},
    # No number of a card gets into a log, whoever writes it there.
    "filters": {"cards": {"()": "common.cards.CardFilter"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["cards"],
        }
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "axes": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
        # Every question it asks, with the address.
        "stripe": {"level": "WARNING"},
        # Celery turns the root down to what its --loglevel says.
        "keepwell": {"level": "INFO"},
        # Django's own handlers would pass the filter by; the root's does it all.
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
    },
}

# The revenue ledger: customers that are reckoned at once, and how long a worker may take.
LEDGER_PART_CUSTOMERS = env_int("KEEPWELL_LEDGER_CUSTOMERS", default=25_000)
LEDGER_LEASE_SECONDS = env_int("KEEPWELL_LEASE_SECONDS", default=180)

# Where Stripe's library sends its questions; a stand-in for development and tests.
STRIPE_ADDRESS = os.environ.get("KEEPWELL_STRIPE_ADDRESS", "")
# Where Recurly is asked; companies in its European region have another address.
RECURLY_ADDRESS = os.environ.get("KEEPWELL_RECURLY_ADDRESS", "https://v3.recurly.com")
# How long a charge may take before somebody else may ask what became of it.
ATTEMPT_LEASE_SECONDS = env_int("KEEPWELL_ATTEMPT_LEASE_SECONDS", default=180)
# How long a gateway is waited for, per call.
GATEWAY_SECONDS = env_int("KEEPWELL_GATEWAY_SECONDS", default=20)
# When the gateway is first asked what became of a charge; then twice as late each time.
ATTEMPT_LOOK_SECONDS = env_int("KEEPWELL_ATTEMPT_LOOK_SECONDS", default=120)
# How long a worker may hold an object that it reads at a gateway.
GATEWAY_LEASE_SECONDS = env_int("KEEPWELL_GATEWAY_LEASE_SECONDS", default=150)

# The nightly run: customers per shard, and how long a worker may hold one.
HEALTH_SHARD_CUSTOMERS = env_int("KEEPWELL_SHARD_CUSTOMERS", default=25_000)
HEALTH_LEASE_SECONDS = env_int("KEEPWELL_LEASE_SECONDS", default=180)
# How long one stage of learning from the past may take before another worker begins anew.
HEALTH_TRAINING_LEASE_SECONDS = env_int("KEEPWELL_TRAINING_LEASE_SECONDS", default=900)

# The outbox: how long a mail may be under way before it counts as unknown (longer than a
# task may take), a worker's slice, and the first wait when a server says "later".
MAIL_LEASE_SECONDS = env_int("KEEPWELL_MAIL_LEASE_SECONDS", default=150)
MAIL_SLICE_SECONDS = env_int("KEEPWELL_MAIL_SLICE_SECONDS", default=20)
MAIL_RETRY_SECONDS = env_int("KEEPWELL_MAIL_RETRY_SECONDS", default=60)

# Surveys: about how many contacts are asked in one transaction.
SURVEY_SLICE_CONTACTS = env_int("KEEPWELL_SURVEY_SLICE_CONTACTS", default=500)
