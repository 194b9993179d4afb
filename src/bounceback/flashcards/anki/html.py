"""Field HTML of a stranger, made safe to show; and the same as plain text.

What is shown can run nothing and ask nobody: no script, style, form or frame; no address but that
of a media file of the same deck, so that opening a card tells no server about it. MathJax and LaTeX
stay as text between their marks, and nothing is executed for them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from html import unescape
from typing import Final

from bounceback.flashcards.anki import face_limits
from bounceback.flashcards.anki.media import Names

_TAGS: Final = frozenset(
    [
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "blockquote",
        "br",
        "center",
        "code",
        "dd",
        "del",
        "details",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
        "font",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "ins",
        "kbd",
        "li",
        "mark",
        "ol",
        "p",
        "pre",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "summary",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "tt",
        "u",
        "ul",
        "var",
        "wbr",
    ]
)
_ATTRIBUTES: Final[dict[str, set[str]]] = {
    "*": {"dir", "lang", "title"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "ol": {"start", "type"},
    "li": {"value"},
    "font": {"color"},
}
_WITH_CONTENT: Final = frozenset(
    [
        "script",
        "style",
        "iframe",
        "object",
        "embed",
        "svg",
        "math",
        "template",
        "noscript",
        "textarea",
        "title",
        "xmp",
    ]
)


def sanitise(
    html: str,
    media_names: Iterable[str] | Names,
    address: Callable[[str], str] | None = None,
) -> str:
    """Return HTML that may stand in a page.

    Args:
        html: A field as it came.
        media_names: Names of the deck's media. A picture whose ``src`` is none of them loses its
            ``src``.
        address: Where a face serves a file of that name; without it, the name itself.

    Raises:
        FaceTooLargeError: It is too long, nests too deep, or has too many tags.

    Returns:
        HTML of an allow-list of tags and attributes. No ``style``, ``class``, ``id``, ``href``, no
        event handler. Links keep their words.
    """
    names = media_names if isinstance(media_names, Names) else Names(media_names)
    html = face_limits.without_embedded(html)
    face_limits.check(html)

    def keep(tag: str, attribute: str, value: str) -> str | None:
        if attribute != "src":
            return value
        name = names.find(value) if tag == "img" else None
        return name if name is None or address is None else address(name)

    import nh3

    return str(
        nh3.clean(
            html,
            tags=set(_TAGS),
            clean_content_tags=set(_WITH_CONTENT),
            attributes={tag: set(allowed) for tag, allowed in _ATTRIBUTES.items()},
            attribute_filter=keep,
            url_schemes=set(),
            link_rel=None,
            strip_comments=True,
        )
    )


_BREAKS: Final = re.compile(r"<(?:br|hr|/p|/div|/li|/tr|/h[1-6])>")
_SOUND: Final = re.compile(r"\[sound:([^\[\]]{1,300})\]")
_IMAGE: Final = re.compile(r'<img(?: src="([^"]*)")?>')
_TAG: Final = re.compile(r"<[^<>]*>")
_SPACES: Final = re.compile(r"[ \t\xa0]+")
_EMPTY_LINES: Final = re.compile(r"\n{3,}")


def as_text(html: str) -> str:
    """Return a field as plain text: pictures and sounds by name, tags dropped, lines kept.

    Characters that steer a terminal or a text's direction unseen are left out.

    >>> as_text('a<br>b &lt; c <img src="x.png">[sound:y.mp3]')
    'a\\nb < c [picture: x.png][sound: y.mp3]'
    """
    import nh3

    html = face_limits.without_embedded(html)
    try:
        face_limits.check(html)
    except face_limits.FaceTooLargeError:
        return "(This text is too large to show.)"
    # A real parser first: after it every tag is well formed, and the patterns below are enough.
    plain = nh3.clean(
        html,
        tags={"br", "hr", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "img"},
        clean_content_tags=set(_WITH_CONTENT),
        attributes={"img": {"src"}},
        link_rel=None,
    )
    text = _IMAGE.sub(lambda at: f"[picture: {at[1] or ''}]", plain)
    text = _SOUND.sub(r"[sound: \1]", text)
    text = unescape(_TAG.sub("", _BREAKS.sub("\n", text)))
    text = "".join(one for one in text if one.isprintable() or one in "\n\t\xa0")
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip()
