"""The app's own pictures for paper: the same drawing from the same template, in ink."""

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
.load { fill: #0F6B6B } .outline { fill: none; stroke: #8A867C }
.whisker { stroke: #1F2328; stroke-opacity: .5 }
.passes { fill: #0F6B6B; stroke: #0F6B6B; stroke-width: 2 }
.not { fill: none; stroke: #8A867C; stroke-width: 2 }
.weight rect { fill: #0F6B6B; stroke: #8A867C; stroke-width: .5 }
.shade-0 rect { fill-opacity: .08 } .shade-1 rect { fill-opacity: .28 }
.shade-2 rect { fill-opacity: .5 } .shade-3 rect { fill-opacity: .75 }
.pale rect { fill-opacity: .15; stroke-dasharray: 2 2 }
"""
"""Paper has one palette; its classes are those of ``pages.css``."""

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
    box = drawn and _BOX.search(drawn[0])
    if not drawn or not box:
        raise ValueError(f"pages/charts/{name}.html draws no picture with a viewBox")
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{box[1]}" height="{box[2]}"'
    start = drawn[0].index(">") + 1
    opening = drawn[0][len("<svg") : start]
    return f"{head}{opening}<style>{INK}</style>{drawn[0][start:]}"
