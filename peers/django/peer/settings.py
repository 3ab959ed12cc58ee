"""One Django project on four session engines, set up as Django's "How to use sessions" says. ENGINE names the engine."""

import os
from urllib.parse import unquote, urlsplit

ENGINE = os.environ["ENGINE"]
SECRET_KEY = os.environ["SECRET_KEY"]
# The option `rotation`: a new secret signs nobody out.
if "ROTATION" in os.environ and "SECRET_KEY_PREVIOUS" in os.environ:
    SECRET_KEY_FALLBACKS = [os.environ["SECRET_KEY_PREVIOUS"]]
ALLOWED_HOSTS = ["*"]  # the local router has a new port each time; on Heroku name the app's own host
ROOT_URLCONF = "peer.urls"
WSGI_APPLICATION = "peer.wsgi.application"
INSTALLED_APPS = ["django.contrib.sessions"]
MIDDLEWARE = ["peer.views.which_dyno", "django.contrib.sessions.middleware.SessionMiddleware"]
USE_TZ = True

SESSION_ENGINE = f"django.contrib.sessions.backends.{ENGINE}"
SESSION_COOKIE_SECURE = True
# The router ends TLS and says so; gunicorn's FORWARDED_ALLOW_IPS does not tell Django.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

if ENGINE in ("db", "cached_db"):
    url = urlsplit(os.environ["DATABASE_URL"])
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": url.path[1:],
            "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""),
            "HOST": url.hostname,
            "PORT": url.port or 5432,
            "CONN_MAX_AGE": 60,
        }
    }

if ENGINE in ("cache", "cached_db"):
    CACHES = {
        "default": {
            "BACKEND": "django_bmemcached.memcached.BMemcached",
            "LOCATION": os.environ["MEMCACHIER_SERVERS"].split(","),
            "OPTIONS": {
                "username": os.environ["MEMCACHIER_USERNAME"],
                "password": os.environ["MEMCACHIER_PASSWORD"],
            },
        }
    }
