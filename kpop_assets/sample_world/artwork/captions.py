"""Where a cover says who and what: a handful of typographic arrangements around the picture."""

from kpop_assets.sample_world.artwork.canvas import Canvas
from kpop_assets.sample_world.artwork.palette import Color
from kpop_assets.sample_world.artwork.typesetting import Face, broken_lines, fitting_em

_HEAD_FACES: tuple[Face, ...] = (
    "display",
    "techno",
    "serif",
    "serif_light",
    "pen",
    "bold",
    "light",
)
_HEAD_WEIGHTS = (0.18, 0.15, 0.15, 0.14, 0.10, 0.16, 0.12)

ANYWHERE = ("corners", "foot_centre", "foot_left", "head_left", "head_centre", "spine", "columns")


def head_face(canvas: Canvas) -> Face:
    """A face for the large words."""
    return _HEAD_FACES[int(canvas.rng.choice(len(_HEAD_FACES), p=_HEAD_WEIGHTS))]


def small_print(canvas: Canvas) -> str:
    """Edition and year on one line, in capitals."""
    words = canvas.words
    return "  ".join(part for part in (words.edition.upper(), words.year) if part)


def block(
    canvas: Canvas,
    text: str,
    face: Face,
    at: tuple[float, float],
    width: float,
    height: float,
    anchor: str,
    color: Color | None,
    lines: int = 2,
    largest: float = 1.0,
) -> float:
    """Sets text on up to `lines` lines within width x height and returns the height used.

    The anchor is as for `Canvas.text`, vertically t or b, for the whole block.
    """
    parts = broken_lines(text, lines)
    tracking = 0.0 if face in ("pen", "serif", "serif_light", "light") else -0.01
    pitch = height / len(parts)
    em = min(*(fitting_em(p, face, width, pitch * 0.86, tracking) for p in parts), largest)
    pitch = min(pitch, em * 0.98)
    total = em * 0.74 + pitch * (len(parts) - 1)
    top = at[1] if anchor[1] == "t" else at[1] - total
    wide = max(em * width / fitting_em(p, face, width, None, tracking) for p in parts)
    left = at[0] - {"l": 0.0, "m": wide / 2, "r": wide}[anchor[0]]
    ink = canvas.ink_on((left, top, left + wide, top + total), color or canvas.palette.ink)
    for index, part in enumerate(parts):
        base = top + em * 0.74 + pitch * index
        canvas.text(
            part,
            face,
            (at[0], base),
            em=em,
            anchor=anchor[0] + "s",
            color=ink,
            tracking=tracking,
            legible=False,
        )
    return total


def caption(
    canvas: Canvas,
    kinds: tuple[str, ...] = ANYWHERE,
    color: Color | None = None,
    margin: float | None = None,
    face: Face | None = None,
    shown: str | None = None,
) -> None:
    """Sets artist, title and small print in one of the arrangements `kinds`.

    `shown` is a text that the picture itself already prints large: it is not set again.
    """
    kind = canvas.pick(kinds)
    m = margin if margin is not None else canvas.between(0.05, 0.075)
    head: Face = face or head_face(canvas)
    small: Face = "light" if canvas.chance(0.6) else "bold"
    artist, title = canvas.words.artist, canvas.words.title
    note = small_print(canvas)
    if shown is not None:
        title = title if shown == artist else artist
        artist, note = canvas.words.edition.upper(), canvas.words.year
    if kind == "corners":
        canvas.text(artist, "bold", (m, m), em=0.036, width=0.5, color=color)
        canvas.text(
            note, small, (1 - m, m), em=0.024, width=0.36, anchor="rt", color=color, tracking=0.06
        )
        canvas.text(title, head, (m, 1 - m), em=0.056, width=0.62, anchor="lb", color=color)
        canvas.text(
            canvas.words.alias.upper(),
            small,
            (1 - m, 1 - m),
            em=0.024,
            width=0.22,
            anchor="rb",
            color=color,
            tracking=0.06,
        )
    elif kind in ("foot_centre", "head_centre"):
        foot = kind == "foot_centre"
        wide = canvas.chance(0.4)
        edge = 1 - m if foot else m
        v = "b" if foot else "t"
        gap = -0.055 if foot else 0.055
        if foot:
            canvas.text(
                _artist_note(artist, note),
                small,
                (0.5, edge),
                em=0.024,
                width=0.8,
                anchor="mb",
                color=color,
                tracking=0.14,
            )
            canvas.text(
                title,
                head,
                (0.5, edge + gap),
                em=0.10 if wide else 0.066,
                width=0.82,
                anchor="mb",
                color=color,
                tracking=0.02,
            )
        else:
            canvas.text(
                artist,
                small,
                (0.5, edge),
                em=0.028,
                width=0.8,
                anchor="m" + v,
                color=color,
                tracking=0.18,
            )
            canvas.text(
                title,
                head,
                (0.5, edge + gap),
                em=0.085 if wide else 0.06,
                width=0.82,
                anchor="mt",
                color=color,
                tracking=0.02,
            )
    elif kind in ("foot_left", "foot_right"):
        side, x = ("l", m) if kind == "foot_left" else ("r", 1 - m)
        canvas.text(
            note,
            small,
            (x, 1 - m),
            em=0.023,
            width=0.6,
            anchor=side + "b",
            color=color,
            tracking=0.08,
        )
        used = block(
            canvas, title, head, (x, 1 - m - 0.045), 0.78, 0.19, side + "b", color, largest=0.11
        )
        canvas.text(
            artist,
            "bold",
            (x, 1 - m - 0.075 - used),
            em=0.038,
            width=0.6,
            anchor=side + "b",
            color=color,
        )
    elif kind == "head_left":
        used = block(canvas, artist, head, (m, m), 0.8, 0.16, "lt", color, largest=0.09)
        canvas.text(title, small, (m, m + used + 0.03), em=0.036, width=0.7, color=color)
        canvas.text(note, small, (m, 1 - m), em=0.023, anchor="lb", color=color, tracking=0.08)
    elif kind == "spine":
        canvas.text(
            artist.upper(),
            "bold",
            (m, 0.5),
            em=0.036,
            width=0.7,
            anchor="mm",
            angle=90,
            color=color,
            tracking=0.08,
        )
        canvas.text(
            title, head, (1 - m, 0.5), em=0.044, width=0.8, anchor="mm", angle=270, color=color
        )
        canvas.text(note, small, (0.5, 1 - m), em=0.021, anchor="mm", color=color, tracking=0.1)
    elif kind == "columns":
        first = canvas.text(artist, "bold", (m, m), em=0.030, width=0.34, color=color)
        canvas.text(title, "light", (0.5, m), em=0.030, width=0.3, anchor="lt", color=color)
        canvas.text(
            canvas.words.year or "CD", "light", (1 - m, m), em=0.030, anchor="rt", color=color
        )
        rule = max(first[3], m + 0.03) + 0.022
        ink = color or canvas.palette.ink
        with canvas.pen() as pen:
            pen.line([(m, rule), (1 - m, rule)], ink, 0.0025)
        last = canvas.words.alias if shown else canvas.words.edition
        canvas.text(
            last.upper(), "light", (m, 1 - m), em=0.022, anchor="lb", color=color, tracking=0.08
        )
    elif kind == "foot_line":
        canvas.text(artist, "bold", (m, 1 - m), em=0.032, width=0.36, anchor="ls", color=color)
        canvas.text(
            title,
            head if head != "pen" else "light",
            (1 - m, 1 - m),
            em=0.036,
            width=0.46,
            anchor="rs",
            color=color,
        )


def _artist_note(artist: str, note: str) -> str:
    return f"{artist}   {note}" if note else artist
