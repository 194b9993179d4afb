"""The app's own pictures for paper: the same drawing, in ink and one teal, legible in gray."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from django.template.loader import render_to_string

INK: Final = """
text { font-family: "Libertinus Serif"; font-size: 14px; fill: #4A5058 }
.label, .strip-name { fill: #1F2328; paint-order: stroke; stroke: #FFFFFF; stroke-width: 3px }
.label { font-size: 15px } .strip-name { stroke: none } .tick { stroke: none; fill: #4A5058 }
.grid { stroke: #E4E1DA } .axis { stroke: #8A867C }
.band, .cone { fill: #0F6B6B; fill-opacity: .13 }
.edge { fill: none; stroke: #0F6B6B; stroke-dasharray: 2 5 }
.belief { fill: none; stroke: #0F6B6B; stroke-width: 3 }
.future { stroke-dasharray: 7 5; stroke-opacity: .7 }
.span { stroke: #0F6B6B; stroke-width: 1.5 }
.named { fill: #FFFFFF; stroke: #0F6B6B; stroke-width: 3 }
.pass { stroke: #1F2328; stroke-width: 1.2 }
.today { stroke: #8A867C; stroke-dasharray: 2 4 }
.test { fill: #AD7118; stroke: #FFFFFF; stroke-width: 1.5 }
.hollow { fill: #FFFFFF; stroke: #AD7118; stroke-width: 2.5 }
.test-name { fill: #8A5810; stroke: none }
.load { fill: #0F6B6B } .outline { fill: none; stroke: #8A867C } .load-off { fill: #4A5058 }
.whisker { stroke: #1F2328; stroke-opacity: .5 }
.weight rect { fill: #0F6B6B; stroke: #8A867C; stroke-width: .5 }
.shade-0 rect { fill-opacity: .08 } .shade-1 rect { fill-opacity: .28 }
.shade-2 rect { fill-opacity: .5 } .shade-3 rect { fill-opacity: .75 }
.pale rect { fill-opacity: .15; stroke-dasharray: 2 2 }
"""
"""Paper has one palette; its classes are those of the pages' style sheets."""

LINE_INK: Final = """
text { font-family: "Libertinus Serif"; font-size: 13px; fill: #1F2328 }
.dl-note { font-size: 12px; fill: #4A5058 } .dl-ink { fill: #1F2328 }
.dl-test-name { fill: #6E4508 } .dl-pill-text { font-size: 13px }
.dl-pill-text-mine { fill: #FFFFFF } .dl-pill-text-suggested { fill: #0F6B6B }
.dl-count { font-size: 18px; font-weight: bold } .dl-count-suggested { fill: #0F6B6B }
.dl-post { stroke: #868C94; stroke-width: 1 } .dl-today { fill: #1F2328 }
.dl-later { stroke: #868C94; stroke-width: 2 } .dl-mine-line { stroke: #0F6B6B; stroke-width: 5 }
.dl-bracket { fill: none; stroke: #1F2328; stroke-width: 1.5 }
.dl-hatch { stroke: #868C94; stroke-width: 1; stroke-opacity: .45 }
.on { fill: #5B9998 } .off { fill: #868C94; fill-opacity: .55 }
.is-mine .on { fill: #0F6B6B }
.is-mine .off { fill: none; stroke: #868C94; stroke-width: 1.2 }
.is-suggested .off { fill: none; stroke: #868C94; stroke-width: 1.2 }
.dl-deadline { stroke: #1F2328; stroke-width: 2.5 }
.dl-test { fill: #F7EDDC; stroke: #AD7118; stroke-width: 2 } .dl-test-taken { fill: #AD7118 }
.dl-test-suggested { stroke-dasharray: 2.5 2 } .dl-test-unsure { fill: #FFFFFF }
.dl-decision { fill: #FFFFFF; stroke: #1F2328; stroke-width: 1.5 }
.dl-leader { stroke: #868C94; stroke-width: 1 }
.dl-mine-mark { fill: #0F6B6B; stroke: #FFFFFF; stroke-width: 2 }
.dl-suggested-mark { fill: #FFFFFF; stroke: #0F6B6B; stroke-width: 1.5; stroke-dasharray: 2.5 2 }
.dl-pin { fill: none; stroke: #0F6B6B; stroke-width: 1.5 }
.dl-pin-suggested { stroke-dasharray: 2 2 }
.dl-pill-mine { fill: #0F6B6B }
.dl-pill-suggested { fill: #FFFFFF; stroke: #0F6B6B; stroke-width: 1.5; stroke-dasharray: 3 2 }
"""
"""The date line on paper."""

PEOPLE_INK: Final = """
.on { fill: #1F2328 } .off { fill: none; stroke: #1F2328; stroke-width: 1 }
"""
"""Ten people in a row on paper, in ink."""

_SVG: Final = re.compile(r"<svg\b.*?</svg>", flags=re.DOTALL)
_BOX: Final = re.compile(r'viewBox="0 0 (\S+) (\S+)"')


def printed(name: str, context: Mapping[str, Any]) -> str:
    """Return a picture of a page as an SVG file of its own.

    Args:
        name: Template under ``pages/charts``, without its ending.
        context: What the template is given on the page.

    Raises:
        ValueError: The template draws nothing.
    """
    drawn = _SVG.search(render_to_string(f"pages/charts/{name}.html", dict(context)))
    if not drawn:
        raise ValueError(f"pages/charts/{name}.html draws no picture")
    return on_paper(drawn[0], INK)


def on_paper(markup: str, ink: str) -> str:
    """Return an ``svg`` element as a file of its own, with a palette.

    Raises:
        ValueError: The element has no view box.
    """
    box = _BOX.search(markup)
    if not box:
        raise ValueError("a picture without a viewBox")
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{box[1]}" height="{box[2]}"'
    start = markup.index(">") + 1
    return f"{head}{markup[len('<svg') : start]}<style>{ink}</style>{markup[start:]}"
