"""Charts as plain SVG: no script, no network, readable on a phone and in the dark; every mark tells its value when touched."""

from collections.abc import Mapping, Sequence
from html import escape

WIDTH = 480
CHANNELS = {
    "whatsapp": ("WhatsApp", "var(--c1)"),
    "email": ("E-mail", "var(--c2)"),
    "sms": ("SMS", "var(--c3)"),
    "voice_auto": ("Automated call", "var(--c4)"),
    "voice": ("Human call", "var(--c5)"),
    "push": ("Push", "var(--c6)"),
}
"""channel → name and colour, always in this order."""


def stacked_days(days: Mapping[str, Mapping[str, int]], marks: Mapping[str, str]) -> str:
    """One stacked column a day. days: ISO date → channel → count. marks: ISO date → what happened then."""
    if not days:
        return _empty()
    return _stacked(days, marks, 1040, 250, "broad") + _stacked(days, marks, WIDTH, 230, "narrow")


def _stacked(
    days: Mapping[str, Mapping[str, int]], marks: Mapping[str, str], width: int, height: int, kind: str
) -> str:
    top = max((sum(one.values()) for one in days.values()), default=1) or 1
    step = _step(top)
    ceiling = -(-top // step) * step
    left, bottom, above = 34, 24, 22
    inner = height - bottom - above
    column = (width - left) / len(days)
    parts = [_grid(left, width, above, inner, ceiling, step)]
    for number, (day, counts) in enumerate(sorted(days.items())):
        x, y = left + number * column, float(above + inner)
        for channel, (name, colour) in CHANNELS.items():
            count = counts.get(channel, 0)
            if count:
                tall = inner * count / ceiling
                y -= tall
                parts.append(
                    f'<rect x="{x + 0.8:.1f}" y="{y:.1f}" width="{max(1.0, column - 1.6):.1f}" height="{tall:.1f}" '
                    f'fill="{colour}"><title>{day}: {count} {escape(name)}</title></rect>'
                )
        if number % 7 == 0 and number < len(days) - 2:
            parts.append(_text(x, height - 6, _short(day), "start"))
        if day in marks:
            middle = x + column / 2
            parts.append(
                f'<line x1="{middle:.1f}" x2="{middle:.1f}" y1="{above - 6}" y2="{above + inner}" class="mark"/>'
                + _text(
                    min(middle, width - 4),
                    12,
                    marks[day],
                    "end" if middle > width * 0.6 else "start",
                    "strong",
                )
            )
    return _svg(height, "".join(parts), "Contacts per day by channel", width, kind)


def legend(used: Sequence[str]) -> str:
    """The channels that occur, with their colours."""
    shown = [CHANNELS[one] for one in CHANNELS if one in used]
    marks = "".join(f'<li><i style="background:{colour}"></i>{escape(name)}</li>' for name, colour in shown)
    return f'<ul class="legend">{marks}</ul>'


def bars(rows: Sequence[tuple[str, float, str, str]], *, label: int = 118) -> str:
    """Horizontal bars. rows: (label, value, text beside the bar, colour)."""
    if not rows:
        return _empty()
    most = max(value for _, value, _, _ in rows) or 1
    tall, room = 30, WIDTH - label - 112
    parts = []
    for number, (name, value, beside, colour) in enumerate(rows):
        y = number * tall
        wide = max(2.0, room * value / most)
        parts.append(
            _text(label - 8, y + 20, name, "end")
            + f'<rect x="{label}" y="{y + 6}" width="{wide:.1f}" height="18" rx="3" fill="{colour}">'
            f"<title>{escape(name)}: {escape(beside)}</title></rect>"
            + _text(label + wide + 7, y + 20, beside, "start", "strong")
        )
    return _svg(len(rows) * tall + 4, "".join(parts), "Bars")


def lines(series: Sequence[tuple[str, Sequence[float], str]], days: Sequence[str], height: int = 150) -> str:
    """Cumulative lines over the same days. series: (name, values, colour); the last values are written at the end."""
    most = max((value for _, values, _ in series for value in values), default=0) or 1
    above, bottom, right = 10, 22, 6
    inner = height - above - bottom
    step = (WIDTH - right) / max(1, len(days) - 1)
    parts = [
        f'<line x1="0" x2="{WIDTH}" y1="{above + inner}" y2="{above + inner}" class="axis"/>',
        *(
            _text(number * step, height - 5, _short(days[number]), "start")
            for number in range(0, len(days) - 4, 7)
        ),
    ]
    for name, values, colour in series:
        points = " ".join(
            f"{number * step:.1f},{above + inner * (1 - value / most):.1f}"
            for number, value in enumerate(values)
        )
        dashes = ' stroke-dasharray="5 4"' if name.startswith("without") else ""
        parts.append(
            f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2.5"{dashes}>'
            f"<title>{escape(name)}</title></polyline>"
        )
    return _svg(height, "".join(parts), "Recovered over time")


def buckets(
    before: Mapping[str, int], after: Mapping[str, int], names: Sequence[str], shown: Mapping[str, str]
) -> str:
    """Two bars a bucket: before in grey, after in colour. shown: bucket → text of the value after."""
    most = max([*before.values(), *after.values(), 1])
    tall, label, width = 44, 64, 340
    room = width - label - 112
    parts = []
    for number, name in enumerate(names):
        y = number * tall
        first, last = before.get(name, 0), after.get(name, 0)
        parts.append(
            _text(label - 8, y + 25, name, "end")
            + f'<rect x="{label}" y="{y + 4}" width="{max(1.5, room * first / most):.1f}" height="14" rx="3" class="before"/>'
            + f'<rect x="{label}" y="{y + 21}" width="{max(1.5, room * last / most):.1f}" height="14" rx="3" fill="var(--c2)"/>'
            + _text(
                label + max(room * first, room * last) / most + 7,
                y + 25,
                shown.get(name, ""),
                "start",
                "strong",
            )
        )
    return _svg(
        len(names) * tall + 4, "".join(parts), "What is owed by days past due, before and after", width
    )


def _grid(left: int, width: int, above: int, inner: float, ceiling: int, step: int) -> str:
    parts = []
    for value in range(0, ceiling + 1, step):
        y = above + inner * (1 - value / ceiling)
        parts.append(
            f'<line x1="{left}" x2="{width}" y1="{y:.1f}" y2="{y:.1f}" class="{"axis" if value == 0 else "grid"}"/>'
            + _text(left - 6, y + 4, str(value), "end")
        )
    return "".join(parts)


def _step(top: int) -> int:
    for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000):
        if top / step <= 4:
            return step
    return 10_000


def _text(x: float, y: float, words: str, anchor: str, kind: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" class="{kind}">{escape(words)}</text>'


def _svg(height: float, inner: str, title: str, width: int = WIDTH, kind: str = "") -> str:
    return (
        f'<svg class="{kind}" viewBox="0 0 {width} {height:.0f}" role="img" aria-label="{escape(title)}" '
        f'xmlns="http://www.w3.org/2000/svg">{inner}</svg>'
    )


def _short(day: str) -> str:
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return f"{int(day[8:10])} {months[int(day[5:7]) - 1]}"


def _empty() -> str:
    return '<p class="quiet">Nothing to show.</p>'
