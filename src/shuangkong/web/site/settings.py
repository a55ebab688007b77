"""Django settings: one embedded database under ``var/``, Chinese first, every asset served from here.

Environment:
    SHUANGKONG_VAR: folder of everything this installation writes (default ``var/`` of the working tree or here).
    SHUANGKONG_DATABASE: path of the SQLite file (default ``shuangkong.sqlite3`` in that folder), or
        ``postgresql://user:password@host:port/name``.
    SHUANGKONG_HOSTS: host names that may be asked for, separated by commas (default: this machine only).
    SHUANGKONG_DEBUG: ``1`` shows tracebacks in the browser; for people who change code.
    SHUANGKONG_PROXIED: ``1`` where a front server speaks HTTPS to the users and sets X-Forwarded-Proto and adds the
        user's address at the end of X-Forwarded-For.
    SHUANGKONG_HTTPS: ``1`` where the site itself speaks HTTPS; ``shuangkong serve --certificate`` sets it.
    SHUANGKONG_PASSWORD_DAYS: after how many days a password must be changed (default 0: never).
    SHUANGKONG_IDLE_MINUTES, SHUANGKONG_SIGNED_IN_HOURS: when who does nothing (default 60), and anybody (default 12),
        must sign in again.
    SHUANGKONG_TICK_SECONDS: how often the site itself does what a clock does, reminders and derived standings (default
        300); 0 leaves it to a scheduler that runs ``shuangkong tick``.
    SHUANGKONG_OIDC_ISSUER, _CLIENT, _SECRET: an identity provider (OpenID Connect) by which persons may sign in; its
        address, and what this site is called there (default none).
    SHUANGKONG_OIDC_CLAIM: which of its claims tells a person for good (default ``sub``).
    SHUANGKONG_OIDC_LABEL: what people call it (default 政务统一身份认证).
    SHUANGKONG_STORE, _USER, _KEY: a cluster that keeps the readings of monitoring; see ``readings.opening``.
    SHUANGKONG_ADDRESS, _SMTP, _MAIL_FROM, _WECOM_ROBOT, _DINGTALK_ROBOT, _DINGTALK_SECRET, _SMS_GATEWAY, _SMS_TOKEN,
        _SMS_REPEATABLE: how reminders leave this site; see ``records.plans.reminders.channels``.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from shuangkong.records.plans.reminders.channels import setups
from shuangkong.web.site.database import database

PACKAGE = Path(__file__).resolve().parents[2]
HOUSE = PACKAGE.parents[1]
IN_WORKING_TREE = (HOUSE / "pyproject.toml").is_file()
VAR = Path(os.environ.get("SHUANGKONG_VAR") or (HOUSE if IN_WORKING_TREE else Path.cwd()) / "var")
VAR.mkdir(parents=True, exist_ok=True)


def _kept_secret(path: Path) -> str:
    """The secret kept in ``path``, made at the first start; only its owner may read the file."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text()


SECRET_KEY = _kept_secret(VAR / "secret_key")
DEBUG = os.environ.get("SHUANGKONG_DEBUG") == "1"
ALLOWED_HOSTS = [
    "127.0.0.1",
    "localhost",
    "[::1]",
    *filter(None, os.environ.get("SHUANGKONG_HOSTS", "").split(",")),
]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "shuangkong.web.site",
    "shuangkong.web.people.apps.PeoplePagesConfig",
    "shuangkong.web.plans.cascade.apps.CascadePagesConfig",
    "shuangkong.records.journal",
    "shuangkong.records.people",
    "shuangkong.records.registry",
    "shuangkong.records.plans",
    "shuangkong.records.plans.tasks.apps.TasksConfig",
    "shuangkong.records.plans.cascade.apps.CascadeConfig",
    "shuangkong.records.plans.exchange.apps.ExchangeConfig",
    "shuangkong.records.notices.apps.NoticesConfig",
    "shuangkong.records.plans.reminders.apps.RemindersConfig",
    "shuangkong.records.assessment.commendation.apps.CommendationConfig",
    "shuangkong.records.assessment.years.apps.AssessmentConfig",
    "shuangkong.records.assessment.accountability.apps.AccountabilityConfig",
    "shuangkong.records.assessment.key_units.apps.KeyUnitsConfig",
    "shuangkong.records.targets",
    "shuangkong.records.targets.decomposition.apps.DecompositionConfig",
    "shuangkong.records.facts",
    "shuangkong.records.indicators",
    "shuangkong.records.bulletins.apps.BulletinsConfig",
    "shuangkong.records.outlook.barometer.apps.BarometerConfig",
    "shuangkong.records.outlook.headroom.apps.HeadroomConfig",
    "shuangkong.records.outlook.response.apps.ResponseConfig",
    "shuangkong.records.outlook.projects.apps.ProjectsConfig",
    "shuangkong.records.outlook.weather.apps.WeatherConfig",
    "shuangkong.records.quotas",
    "shuangkong.records.monitoring.apps.MonitoringConfig",
    "shuangkong.records.monitoring.uploads.apps.UploadsConfig",
    "shuangkong.records.monitoring.equipment.apps.EquipmentConfig",
    "shuangkong.records.indicators.emissions.apps.EmissionsConfig",
    "shuangkong.records.reporting.apps.ReportingConfig",
    "shuangkong.records.reporting.verification.apps.VerificationConfig",
]
AUTH_USER_MODEL = "people.Person"

LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "shuangkong.web.api.calls.CallLog",
    "shuangkong.web.api.faults.FaultsOnly",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "shuangkong.web.site.middleware.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "shuangkong.web.site.middleware.UploadLimit",
    "shuangkong.web.site.nul.NoNul",
    "shuangkong.web.site.middleware.NoStore",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "shuangkong.web.people.middleware.VisitLimits",
    "shuangkong.web.people.middleware.FirstThings",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "shuangkong.web.site.access.Refusals",
]
ROOT_URLCONF = "shuangkong.web.site.urls"
WSGI_APPLICATION = "shuangkong.web.site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [
            PACKAGE / "web" / room / "templates"
            for room in (
                "plans",
                "targets",
                "indicators",
                "monitoring",
                "outlook",
                "notices",
                "quotas",
                "assessment",
                "registry",
                "policy",
                "reporting",
                "api",
            )
        ],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "shuangkong.web.site.context.frame",
            ],
            "builtins": ["shuangkong.web.site.templatetags.words"],
        },
    },
]

DATABASES = {"default": database(os.environ.get("SHUANGKONG_DATABASE", ""), VAR / "shuangkong.sqlite3")}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# Static files are served from where they lie; each address carries a digest of its content, so browsers may keep it.
STATIC_URL = "static/"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "shuangkong.web.site.assets.LibraryFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "shuangkong.web.site.assets.StampedStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 30 * 24 * 3600
LIBRARIES_ROOT = HOUSE / "node_modules" if IN_WORKING_TREE else PACKAGE / "_libraries"
DEMO_FOLDER = HOUSE / "demo" if IN_WORKING_TREE else PACKAGE / "_demo"
MAP_FOLDERS = [VAR / "maps", DEMO_FOLDER / "maps"]
#: Where the gateway keeps raw frames; where the store of readings is, see ``readings.opening``.
EVIDENCE_FOLDER = VAR / "gateway" / "evidence"
#: For how long live states that were read serve all who see the same; a screen that watches asks every six seconds.
LIVE_SECONDS = 3

# Nothing is loaded from elsewhere, nothing runs that is not a file of ours; images made by charts are data: addresses.
SECURE_CSP = {
    "default-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
}
SECURE_REFERRER_POLICY = "same-origin"
#: What a page of ours never asks of a device.
PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "shuangkong.web.site.views.errors.form_expired"
CSRF_COOKIE_HTTPONLY = True
UPLOAD_LIMIT_BYTES = 50 * 1024**2
# A call of the interface bears files of evidence, 20 MB at most, as base64 in its JSON.
DATA_UPLOAD_MAX_MEMORY_SIZE = 30 * 1024**2

# Faults go to the server's own output, with their traceback; what was merely asked for wrongly does not.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"output": {"class": "logging.StreamHandler"}},
    "loggers": {"django.request": {"handlers": ["output"], "level": "ERROR", "propagate": False}},
}

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if os.environ.get("SHUANGKONG_PROXIED") == "1" else None
_IS_HTTPS = SECURE_PROXY_SSL_HEADER is not None or os.environ.get("SHUANGKONG_HTTPS") == "1"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _IS_HTTPS
SESSION_COOKIE_HTTPONLY = True
# Who came by HTTPS once comes by HTTPS for a year.
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SECURE_PROXY_SSL_HEADER else 0
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "shuangkong.records.people.passwords.MixtureValidator"},
    {"NAME": "shuangkong.records.people.passwords.PastPasswordValidator"},
]
PASSWORD_DAYS = int(os.environ.get("SHUANGKONG_PASSWORD_DAYS") or 0)

# How long a person stays signed in: the cookie goes with the browser, the session at the latest after the longest time.
IDLE_SECONDS = 60 * int(os.environ.get("SHUANGKONG_IDLE_MINUTES") or 60)
SIGNED_IN_SECONDS = 3600 * int(os.environ.get("SHUANGKONG_SIGNED_IN_HOURS") or 12)
SESSION_COOKIE_AGE = SIGNED_IN_SECONDS
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
VISITS_PER_PERSON = 5
#: What generators of codes call this site.
SITE_LABEL = "双控"

OIDC_ISSUER = os.environ.get("SHUANGKONG_OIDC_ISSUER", "")
OIDC_CLIENT = os.environ.get("SHUANGKONG_OIDC_CLIENT", "")
OIDC_SECRET = os.environ.get("SHUANGKONG_OIDC_SECRET", "")
OIDC_CLAIM = os.environ.get("SHUANGKONG_OIDC_CLAIM") or "sub"
OIDC_LABEL = os.environ.get("SHUANGKONG_OIDC_LABEL", "")

#: Where people reach the site, for links in messages and calendars; "" where nobody said.
SITE_ADDRESS = os.environ.get("SHUANGKONG_ADDRESS", "").rstrip("/")
CHANNELS = setups(os.environ)
TICK_SECONDS = max(0, int(os.environ.get("SHUANGKONG_TICK_SECONDS") or 300))

# Columns beside the key of an index are PostgreSQL's; SQLite makes the index without them.
SILENCED_SYSTEM_CHECKS = ["models.W040"]
