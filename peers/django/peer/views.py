"""The routes of SPEC.md that an app with sessions has anyway."""

import hashlib
import json
import os
import secrets

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods, require_POST

BOOT_ID = secrets.token_hex(8)  # per worker: gunicorn forks before it imports this file


def which_dyno(get_response):
    def middleware(request):
        response = get_response(request)
        response["x-dyno"] = os.environ.get("DYNO", "local")
        response["x-boot-id"] = BOOT_ID
        return response

    return middleware


def plain(request):
    return JsonResponse({"session": None})


@require_http_methods(["GET", "POST", "DELETE"])
def session(request):
    if request.method == "DELETE":
        request.session.flush()
        return HttpResponse(status=204)
    if request.method == "POST":
        note = json.loads(request.body or "{}").get("note")
        request.session["visits"] = request.session.get("visits", 0) + 1
        if note is not None:
            request.session["note"] = note
    return JsonResponse(body(request))


@require_POST
def sign_in(request):
    request.session.cycle_key()  # a new id at sign-in, as django.contrib.auth.login does
    request.session["user"] = {"name": request.POST["name"]}
    request.session.setdefault("visits", 0)
    return JsonResponse(body(request))


@require_POST
def sign_out(request):
    request.session.flush()
    return HttpResponse(status=204)


def body(request):
    kept = request.session
    if "visits" not in kept:
        return {"app": "django", "session": None}
    # signed_cookies has no id until the answer is written, and a new one with each write
    identity = kept.setdefault("id", secrets.token_hex(16))
    return {
        "app": "django",
        "session": {
            "fingerprint": hashlib.sha256(identity.encode()).hexdigest()[:16],
            "visits": kept["visits"],
            "note": kept.get("note"),
            "user": kept.get("user"),
        },
    }
