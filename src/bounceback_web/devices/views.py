"""The key page, pairing a phone, the list of devices, the switch, and the app's manifest."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST, require_safe

from bounceback_web import clock
from bounceback_web.config import start_key
from bounceback_web.devices import pairing, phone_access
from bounceback_web.devices.models import Device
from bounceback_web.pages.decorators import receives


def ask_for_key(request: HttpRequest) -> HttpResponse:
    """Ask for the key of this start; nothing of the record is on the page."""
    wrong = "key" in request.GET
    to = request.path if request.method == "GET" else "/"
    return _key_page(request, to=to, wrong=wrong)


def _key_page(request: HttpRequest, *, to: str, wrong: bool) -> HttpResponse:
    response = render(request, "devices/key.html", {"to": to, "wrong": wrong}, status=401)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def enter_key(request: HttpRequest) -> HttpResponse:
    """Let a browser in that typed the key, or pasted the whole address."""
    typed = request.POST.get("key", "").strip()
    key = typed.rpartition("key=")[2]
    to = request.POST.get("to", "/")
    if not url_has_allowed_host_and_scheme(to, allowed_hosts=None) or not to.startswith("/"):
        to = "/"
    if not start_key.is_key(key):
        return _key_page(request, to=to, wrong=True)
    response = redirect(to)
    start_key.let_in(request, response)
    return response


# --- on the phone -------------------------------------------------------------------------------


def not_paired(request: HttpRequest) -> HttpResponse:
    """Answer a device of the network that was not paired."""
    return render(request, "devices/pair.html", {"code": "", "unknown": True}, status=401)


def not_from_phone(request: HttpRequest) -> HttpResponse:
    """Devices are added and removed at the computer alone."""
    return render(request, "devices/computer_only.html", status=403)


def pair(request: HttpRequest) -> HttpResponse:
    """Pair the device that asks; opening the address alone pairs nothing."""
    if request.method != "POST":
        return render(request, "devices/pair.html", {"code": request.GET.get("code", "")[:20]})
    name = pairing.device_name(request.headers.get("user-agent", ""))
    secret = pairing.pair(request.POST.get("code", "")[:40], name)
    if secret is None:
        return render(request, "devices/pair.html", {"code": "", "wrong": True}, status=422)
    response = redirect("today")
    pairing.remember(request, response, secret)
    return response


# --- at the computer ----------------------------------------------------------------------------


def _folder() -> Path:
    return Path(settings.HOME)


def _address() -> str | None:
    home, port = phone_access.home_address(), os.environ.get("BOUNCEBACK_PORT", "")
    return f"http://{home}:{port}" if home and port else None


def _shown(request: HttpRequest, **more: Any) -> HttpResponse:
    until = phone_access.open_until(_folder())
    is_open = phone_access.is_open(_folder(), clock.real_now())
    return render(
        request,
        "devices/devices.html",
        {
            "devices": list(Device.objects.all()),
            "is_open": is_open,
            "until": until if is_open else None,
            "address": _address(),
            **more,
        },
    )


@require_safe
def devices(request: HttpRequest) -> HttpResponse:
    """Show the switch and the devices that were paired."""
    return _shown(request)


@receives
def switch(request: HttpRequest) -> HttpResponse:
    """Open the home network for twelve hours, or close it."""
    if request.POST.get("phone") == "on":
        phone_access.open_now(_folder(), clock.real_now())
        messages.success(request, "Your phone can reach Bounceback now. Pair it once below.")
    else:
        phone_access.close(_folder())
        messages.success(request, "Phone access is off.")
    return redirect("devices")


@receives
def new_code(request: HttpRequest) -> HttpResponse:
    """Show a new code, and the address that holds it as a picture for the camera."""
    address = _address()
    if address is None or not phone_access.is_open(_folder(), clock.real_now()):
        messages.info(request, "Turn phone access on first.")
        return redirect("devices")
    code = pairing.new_code()
    import segno

    picture = segno.make(f"{address}/pair/?code={code}", error="m")
    svg = picture.svg_inline(scale=5, border=4, svgclass="qr", lineclass=None, omitsize=False)
    return _shown(
        request,
        code=f"{code[:4]} {code[4:]}",
        picture=mark_safe(svg),  # drawn from our own address and code
        minutes=int(pairing.CODE_HOLDS.total_seconds() // 60),
    )


@receives
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a device; its next request is refused."""
    pairing.revoke(pk)
    messages.success(request, "Removed. That device can't open Bounceback any more.")
    return redirect("devices")


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """Describe the app for a home screen."""
    icons = [
        {
            "src": static("bounceback/mark.svg"),
            "sizes": "any",
            "type": "image/svg+xml",
            "purpose": "any",
        }
    ]
    for size in (192, 512):
        icons.append(
            {
                "src": static(f"bounceback/icon-{size}.png"),
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": "any maskable",
            }
        )
    response = JsonResponse(
        {
            "name": "Bounceback",
            "short_name": "Bounceback",
            "start_url": "/",
            "scope": "/",
            "display": "standalone",
            "background_color": "#FBFAF7",
            "theme_color": "#0F6B6B",
            "icons": icons,
        }
    )
    response["Content-Type"] = "application/manifest+json"
    return response
