"""A small news site on SQLite; NEWSAPP_DB names its file, for tests that run it in a process of their own."""

import os
import tempfile
from pathlib import Path

HOME = Path(os.environ.get("NEWSAPP_HOME") or tempfile.mkdtemp(prefix="newsapp-"))
SECRET_KEY = "for tests only"
DEBUG = False
USE_TZ = True
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "newsapp.urls"
STATIC_URL = "/static/"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "taggit",
    "newstagger_django",
    "newsapp",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
DATABASES = {
    "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": HOME / "site.sqlite3", "TEST": {"NAME": HOME / "test.sqlite3"}},
    "archive": {"ENGINE": "django.db.backends.sqlite3", "NAME": HOME / "archive.sqlite3", "TEST": {"NAME": HOME / "test-archive.sqlite3"}},
}
DATABASE_ROUTERS = ["newsapp.routing.ArchiveRouter"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
NEWSTAGGER = {
    "SITE": "courier.example",
    "CONFIG": {"home": str(HOME / "newsroom")},
    "MODELS": {
        "newsapp.Article": {
            "headline": "title",
            "body": ("lead", "text"),
            "media_type": "text/html",
            "language": "lang",
            "byline": "author__username",
            "changed": "modified",
            "tags": "tags",
            "event": {"status": {"draft": "draft", "live": "publish", "killed": "kill"}},
        },
        "newsapp.Story": {
            "headline": "headline",
            "body": "body",
            "language": "en",
            "tags": {"topic": "topics", "region": "places", "actor": "topics"},
            "mode": "apply",
        },
        "newsapp.Brief": {
            "headline": "headline",
            "body": "body",
            "language": "en",
            "tags": {"topic": "keywords", "region": "places"},
            "mode": "apply",
        },
        "newsapp.Leaflet": {"headline": "headline", "language": "en", "tags": "keywords"},
        "newsapp.Cutting": {"headline": "headline", "body": "body"},
    },
}
