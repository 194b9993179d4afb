"""Pages kept ready in this process: rendered once for a state of the record, then sent again.

A page is sent again only while everything it was made from is unchanged. The database is asked on
every request, so a change that another process wrote is seen by the next request. What is secret or
good for one form alone (the CSRF token, the key that makes a form act once) is a placeholder in the
page that is kept, and new in every answer.
"""

from __future__ import annotations

import re
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.auth.models import AbstractBaseUser
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token

from bounceback_web import clock
from bounceback_web.cards import collection_access
from bounceback_web.records import idempotency, learner_store

PAGES: Final = frozenset(
    {
        "today", "plan", "chances", "tests", "you", "blocks", "exam-results", "look-within",
        "lookback", "meeting", "outlook", "reason", "settings", "support",
    }
)  # fmt: skip
"""Addresses, by name, whose page follows from the record, the cards, the minute and the request
alone. Pages that show files or jobs are not among them."""

StateOf = Callable[["AbstractBaseUser | None"], "tuple[Any, ...] | None"]
more_state: Final[dict[str, StateOf]] = {}
"""What a page follows from beside all that, by its address's name; ``None``: not to be kept now."""

MOST_PAGES: Final = 64
MOST_ADDRESSES: Final = 256
MOST_BYTES: Final = 400_000
"""Longest page that is kept."""

SETTLED_NS: Final = 2_000_000_000
"""Age from which the time of a file's last change tells it from any later one, on any file system;
the coarsest counts in steps of two seconds."""

_MESSAGES_COOKIE: Final = "messages"
_NOT_READ: Final = ("csrftoken", "bounceback-key-", "bounceback-device")
"""Beginnings of the names of cookies that let somebody in and change no page."""

_CSRF: Final = f"csrf{secrets.token_hex(30)}"
_ONCE: Final = f"once{secrets.token_hex(22)}"
_UNMARKED: Final = re.compile(
    rf'name="csrfmiddlewaretoken" value="(?!{_CSRF}")|name="once" value="(?!{_ONCE}")'
)

_making: ContextVar[bool] = ContextVar("making", default=False)


@dataclass(frozen=True, slots=True)
class _Page:
    """A page with placeholders, and its headers."""

    content: bytes
    headers: tuple[tuple[str, str], ...]


_ready: OrderedDict[tuple[Any, ...], _Page] = OrderedDict()
_asked: OrderedDict[tuple[int, str], None] = OrderedDict()
_lock: Final = threading.Lock()
_by_key: Final = tuple(threading.Lock() for _ in range(32))


def forget() -> None:
    """Let go of the pages kept ready in this process."""
    with _lock:
        _ready.clear()
        _asked.clear()


def csrf_token(request: HttpRequest) -> str:
    """Return the token for the forms of a page, or its placeholder while a page is made to keep."""
    return _CSRF if _making.get() else get_token(request)


def form_key() -> str:
    """Return a key that makes a form act once, or its placeholder while a page is made to keep."""
    return _ONCE if _making.get() else idempotency.new_key()


def answer(
    request: HttpRequest, owner: AbstractBaseUser | None, make: Callable[[], HttpResponse]
) -> HttpResponse:
    """Return a page: the one kept ready where it still holds, else a new one.

    Args:
        request: The request.
        owner: Whose page it is.
        make: Makes the page.
    """
    key = _key(request, owner) if _was_asked_before(request) else None
    if key is None:
        return make()
    found = _look_up(key)
    if found is None:
        with _by_key[hash(key) % len(_by_key)]:  # others who want it wait for the one that makes it
            found = _look_up(key)
            if found is None:
                with _made_to_keep():
                    response = make()
                page = _page_of(request, response)
                if page is None:
                    return _filled_in(request, response)
                if key == _key(request, owner):
                    _keep(key, page)
                found = page
    response = HttpResponse(_fill(request, found.content))
    for name, value in found.headers:
        response.headers[name] = value
    return response


def _was_asked_before(request: HttpRequest) -> bool:
    """Tell whether this process was asked for an address before: one asked once is not kept."""
    address = (learner_store.times_forgotten(), request.get_full_path())
    with _lock:
        known = address in _asked
        _asked[address] = None
        _asked.move_to_end(address)
        while len(_asked) > MOST_ADDRESSES:
            _asked.popitem(last=False)
    return known


@contextmanager
def _made_to_keep() -> Iterator[None]:
    mark = _making.set(True)
    try:
        yield
    finally:
        _making.reset(mark)


def _key(request: HttpRequest, owner: AbstractBaseUser | None) -> tuple[Any, ...] | None:
    """Return all that the page follows from; ``None`` where it is to be made anew."""
    match = request.resolver_match
    name = match.url_name if match else None
    if request.method != "GET" or name is None or not (name in PAGES or name in more_state):
        return None
    if _MESSAGES_COOKIE in request.COOKIES or "HTTP_HX_REQUEST" in request.META:
        return None
    cards = _cards_state()
    if cards is None:
        return None
    try:
        state = learner_store.state_of(owner)
        if state is None:
            return None
        more = more_state[name](owner) if name in more_state else ()
    except DatabaseError:
        return None  # the page itself says what is wrong
    if more is None:
        return None
    cookies = tuple(
        sorted((n, v) for n, v in request.COOKIES.items() if not n.startswith(_NOT_READ))
    )
    now = clock.now()
    minute = (now.date(), now.hour, now.minute)
    host = (request.scheme, request.META.get("HTTP_HOST", ""))
    address = (request.path, request.META.get("QUERY_STRING", ""), host)
    return (*address, cookies, minute, cards, state, more)


def _cards_state() -> tuple[Any, ...] | None:
    """Return what changes with every write to the cards; ``None`` so soon after one.

    Two writes within one step of the file system's clock can leave the same time and size, so a
    file is trusted only once it has rested.
    """
    found = collection_access.written_state()
    now_ns = time.time_ns()
    rests = all(abs(now_ns - mtime_ns) > SETTLED_NS for _inode, _size, mtime_ns in found)
    return found if rests else None


def _page_of(request: HttpRequest, response: HttpResponse) -> _Page | None:
    """Return a response as a page to keep; ``None`` where it is for this one request alone."""
    said = getattr(request, "_messages", None)
    if (
        type(response) is not HttpResponse
        or response.status_code != 200
        or response.cookies
        or len(response.content) > MOST_BYTES
        or (said is not None and said.added_new)
        or _UNMARKED.search(response.content.decode("utf-8", "replace"))
    ):
        return None
    return _Page(response.content, tuple(response.headers.items()))


def _look_up(key: tuple[Any, ...]) -> _Page | None:
    with _lock:
        found = _ready.get(key)
        if found is not None:
            _ready.move_to_end(key)
        return found


def _keep(key: tuple[Any, ...], page: _Page) -> None:
    with _lock:
        _ready[key] = page
        while len(_ready) > MOST_PAGES:
            _ready.popitem(last=False)


def _filled_in(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Put what belongs there in the place of the placeholders of a response that is not kept."""
    with suppress(AttributeError):  # one that is streamed holds no form
        response.content = _fill(request, response.content)
    return response


def _fill(request: HttpRequest, content: bytes) -> bytes:
    csrf, once = _CSRF.encode(), _ONCE.encode()
    if csrf in content:
        content = content.replace(csrf, get_token(request).encode())
    pieces = content.split(once)
    filled = [pieces[0]]
    for piece in pieces[1:]:
        filled += [idempotency.new_key().encode(), piece]
    return b"".join(filled)
