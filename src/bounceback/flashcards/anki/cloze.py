"""Cloze gaps: ``{{c1::hidden::hint}}``, nested or not.

A text may hide several parts; each number is one card. The pieces are found by one pass over the
text, so that hostile nesting costs no more than its length.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_MARK: Final = re.compile(r"\{\{c(\d{1,3})::|\}\}|::")
_NUMBER_MAX: Final = 500
_DEPTH_MAX: Final = 8


class _Open(NamedTuple):
    number: int
    parts: list[str]
    hint_at: list[int]


def gaps(text: str) -> tuple[int, ...]:
    """Return the numbers of the gaps in a text, each once, in increasing order.

    >>> gaps("{{c1::a}} {{c3::b {{c2::c}}}} {{c0::no gap}}")
    (1, 2, 3)
    """
    found = {int(one) for one in re.findall(r"\{\{c(\d{1,3})::", text)}
    return tuple(sorted(one for one in found if 1 <= one <= _NUMBER_MAX))


def shown(text: str, number: int, *, answer: bool) -> str:
    """Return a text with one gap asked or answered and the others filled in.

    Args:
        text: Field with cloze marks (HTML or plain).
        number: Gap that the card asks, from 1.
        answer: Whether the gap shows its content (in ``<b>``) or ``[...]`` (or its hint).

    >>> shown("The {{c1::heart::organ}} {{c2::pumps}}", 1, answer=False)
    'The <b>[organ]</b> pumps'
    >>> shown("The {{c1::heart::organ}} {{c2::pumps}}", 1, answer=True)
    'The <b>heart</b> pumps'
    """
    done: list[str] = []
    open_gaps: list[_Open] = []

    def put(piece: str) -> None:
        (open_gaps[-1].parts if open_gaps else done).append(piece)

    at = 0
    for mark in _MARK.finditer(text):
        put(text[at : mark.start()])
        at = mark.end()
        if mark[1] is not None and len(open_gaps) < _DEPTH_MAX:
            open_gaps.append(_Open(int(mark[1]), [], []))
        elif mark[0] == "::" and open_gaps and not open_gaps[-1].hint_at:
            open_gaps[-1].hint_at.append(len(open_gaps[-1].parts))
        elif mark[0] == "}}" and open_gaps:
            gap = open_gaps.pop()
            split = gap.hint_at[0] if gap.hint_at else len(gap.parts)
            content, hint = "".join(gap.parts[:split]), "".join(gap.parts[split:])
            if gap.number != number:
                put(content)
            elif answer:
                put(f"<b>{content}</b>")
            else:
                put(f"<b>[{hint or '...'}]</b>")
        else:
            put(mark[0])
    put(text[at:])
    # A gap that is never closed is shown as it was written.
    for gap in open_gaps:
        done.extend((f"{{{{c{gap.number}::", *gap.parts))
    return "".join(done)
