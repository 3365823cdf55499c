"""Typographic posters: the words are the picture."""

from kpop_assets.sample_world.artwork import captions
from kpop_assets.sample_world.artwork.canvas import Canvas
from kpop_assets.sample_world.artwork.layouts.grounds import soft_ground
from kpop_assets.sample_world.artwork.palette import distinct, mix
from kpop_assets.sample_world.artwork.typesetting import Face, broken_lines, fitting_em, set_line

_HEAVY: tuple[Face, ...] = ("display", "bold", "techno", "serif")


def _shout(canvas: Canvas) -> str:
    word = canvas.words.title if canvas.chance(0.6) else canvas.words.artist
    return max(word.split(), key=len) if len(word) > 8 else word


def cropped_giant(canvas: Canvas) -> None:
    """One or two letters, larger than the cover."""
    p = canvas.palette
    soft_ground(canvas, 0.5)
    word = _shout(canvas)
    start = int(canvas.rng.integers(0, max(1, len(word) - 1)))
    letters = word[start : start + (1 if canvas.chance(0.45) else 2)].strip() or word[:1]
    face: Face = canvas.pick(_HEAVY)
    angle = canvas.pick((0, 0, 0, 90, -12, 14, 180))
    color = distinct(p.accent, p.ground, 2.7)
    at = (canvas.between(0.3, 0.7), canvas.between(0.34, 0.62))
    em = min(fitting_em(letters, face, canvas.between(1.0, 1.5), 1.25), 1.9)
    setting = set_line(letters, face, em * canvas.size)
    if canvas.chance(0.35):
        away = canvas.between(0.02, 0.06)
        canvas.stamp(setting, (at[0] + away, at[1] + away), "mm", p.spot, angle, legible=False)
    canvas.stamp(setting, at, "mm", color, angle, legible=False)
    captions.caption(canvas, ("corners", "foot_line", "foot_left", "spine"))


def repeated_rows(canvas: Canvas) -> None:
    """The same line again and again, one of them in another colour."""
    p = canvas.palette
    rows = int(canvas.rng.integers(4, 11))
    face: Face = canvas.pick(_HEAVY)
    word = canvas.words.title if canvas.chance(0.55) else canvas.words.artist
    if canvas.chance(0.6):
        word = word.upper()
    margin = canvas.pick((0.0, 0.06, 0.06))
    height = (1 - 2 * margin - 0.1) / rows
    chosen = int(canvas.rng.integers(rows))
    base = distinct(p.accent, p.ground, 3.6)
    special = distinct(p.spot, p.ground, 2.7)
    slant = canvas.pick((0.0, 0.0, 0.13, -0.2, 0.35))
    filled = canvas.chance(0.45)
    em = min(
        fitting_em(word, face, 10.0, height * 0.84),
        fitting_em(word, face, 1 - 2 * margin) if not filled else 9,
    )
    gap = f"{word}  " if filled else word
    setting = set_line(
        gap * (1 + int(1.3 / max(0.05, em * 0.6 * len(word)))) if filled else word,
        face,
        em * canvas.size,
    )
    fade = canvas.chance(0.4)
    for row in range(rows):
        y = margin + height * (row + 0.5)
        color = special if row == chosen else mix(base, p.ground, 0.85 * row / rows if fade else 0)
        x = margin + slant * (row - rows / 2 if not filled else row % 3 - 2) * (
            0.25 if filled else 0
        )
        if filled:
            canvas.stamp(setting, (x - 0.05, y), "lm", color, legible=False)
        else:
            side = canvas.pick(("l", "r", "m")) if slant else "m"
            at = {"l": margin, "r": 1 - margin, "m": 0.5}[side]
            canvas.stamp(setting, (at, y), side + "m", color, legible=False)
    canvas.text(canvas.words.artist, "bold", (0.06, 0.955), em=0.032, width=0.4, anchor="lm")
    canvas.text(
        captions.small_print(canvas),
        "light",
        (0.94, 0.955),
        em=0.022,
        width=0.4,
        anchor="rm",
        tracking=0.1,
    )


def stacked_words(canvas: Canvas) -> None:
    """Every word on a line of its own, each as wide as the column."""
    p = canvas.palette
    soft_ground(canvas, 0.5)
    words = [*broken_lines(canvas.words.title, canvas.pick((2, 3, 4))), canvas.words.artist]
    if canvas.chance(0.7):
        words = [w.upper() for w in words]
    if len(words) < 3:
        words.append(canvas.words.year or canvas.words.edition.upper())
    face: Face = canvas.pick(("display", "bold", "serif", "techno", "display"))
    margin = canvas.between(0.04, 0.08)
    room = 1 - 2 * margin - 0.07
    heights = []
    for word in words:
        em = fitting_em(word, face, 1 - 2 * margin)
        heights.append(set_line(word, face, em * 200).mask.height / 200)
    gap = 0.022
    scale = min(1.0, (room - gap * len(words)) / sum(heights))
    inks = (distinct(p.accent, p.ground, 3.6), distinct(p.spot, p.ground, 3.0))
    odd = int(canvas.rng.integers(len(words) + 2))
    y = (
        margin
        if canvas.chance(0.5)
        else margin + (room - sum(heights) * scale - gap * len(words)) / 2
    )
    for index, (word, height) in enumerate(zip(words, heights, strict=True)):
        em = fitting_em(word, face, 1 - 2 * margin)
        setting = set_line(word, face, em * canvas.size)
        wide = max(1, setting.mask.width)
        high = max(1, round(height * scale * canvas.size))
        stretched = type(setting)(setting.mask.resize((wide, high)), high)
        canvas.stamp(stretched, (margin, y), "lt", inks[index == odd], legible=False)
        y += height * scale + gap
    canvas.text(
        canvas.words.artist, "light", (margin, 1 - margin), em=0.026, width=0.4, anchor="ls"
    )
    canvas.text(
        captions.small_print(canvas),
        "light",
        (1 - margin, 1 - margin),
        em=0.022,
        width=0.4,
        anchor="rs",
        tracking=0.08,
    )


def tilted_words(canvas: Canvas) -> None:
    """The title set large on a slant, over a band or block of colour."""
    p = canvas.palette
    soft_ground(canvas, 0.6)
    angle = canvas.pick((-18.0, -10.0, 8.0, 15.0, 24.0))
    face = captions.head_face(canvas)
    kind = canvas.pick(("bands", "disc", "block", "none"))
    with canvas.pen() as pen:
        if kind == "bands":
            slope = -angle / 57.3
            for _ in range(int(canvas.rng.integers(1, 4))):
                y, h = canvas.between(0.05, 0.9), canvas.between(0.03, 0.2)
                color = canvas.pick((p.second, p.spot, p.accent))
                pen.polygon(
                    [
                        (-0.05, y - slope * 0.55),
                        (1.05, y + slope * 0.55),
                        (1.05, y + h + slope * 0.55),
                        (-0.05, y + h - slope * 0.55),
                    ],
                    color,
                )
        elif kind == "disc":
            pen.disc(
                canvas.between(0.2, 0.8),
                canvas.between(0.2, 0.8),
                canvas.between(0.2, 0.42),
                p.second,
            )
        elif kind == "block":
            x, y = canvas.between(-0.1, 0.4), canvas.between(-0.1, 0.4)
            pen.rectangle(
                (x, y, x + canvas.between(0.4, 0.7), y + canvas.between(0.3, 0.7)), p.second
            )
    lines = broken_lines(canvas.words.title, 3)
    em = min(*(fitting_em(line, face, 0.8, min(0.24, 0.5 / len(lines))) for line in lines), 0.34)
    color = distinct(p.accent, canvas.ground_under((0.15, 0.35, 0.85, 0.65)), 2.6)
    turn = angle / 57.3
    pitch = em * 0.95
    for index, line in enumerate(lines):
        offset = (index - (len(lines) - 1) / 2) * pitch
        at = (0.5 + offset * turn, 0.47 + offset)
        setting = set_line(line, face, em * canvas.size)
        if canvas.palette.concept in ("vivid", "pastel"):
            canvas.stamp(
                setting, (at[0] + 0.012, at[1] + 0.012), "mm", p.spot, angle, legible=False
            )
        canvas.stamp(setting, at, "mm", color, angle, legible=False)
    captions.caption(canvas, ("corners", "foot_line"), shown=canvas.words.title)


def syllable_column(canvas: Canvas) -> None:
    """The letters of a name down a column or around a grid, with small type beside them."""
    p = canvas.palette
    soft_ground(canvas, 0.5)
    names = [canvas.words.artist, canvas.words.title]
    text = min(names, key=len) if max(map(len, names)) > 9 else canvas.pick(names)
    letters = [c for c in text.upper() if not c.isspace()][:16]
    face: Face = canvas.pick(("display", "serif", "techno", "bold", "serif_light"))
    color = distinct(p.accent, p.ground, 3.6)
    across = (
        1
        if len(letters) < 4
        else 4
        if len(letters) > 12
        else canvas.pick((2, 3, 3) if len(letters) > 5 else (1, 2, 3))
    )
    rows = -(-len(letters) // across)
    cell = min(0.84 / rows, 0.86 / across, 0.36)
    left = canvas.pick((0.07, 0.93 - cell * across, 0.5 - cell * across / 2))
    top = 0.07 if rows * cell < 0.8 else 0.05
    with canvas.pen() as pen:
        if canvas.chance(0.4):
            for i in range(rows * across):
                x, y = left + cell * (i % across), top + cell * (i // across)
                pen.rectangle(
                    (x, y, x + cell * 0.96, y + cell * 0.96),
                    p.second if (i + i // across) % 2 else p.spot,
                )
    for i, letter in enumerate(letters):
        x, y = left + cell * (i % across + 0.48), top + cell * (i // across + 0.48)
        canvas.text(
            letter,
            face,
            (x, y),
            em=cell * 1.1,
            width=cell * 0.8,
            height=cell * 0.8,
            anchor="mm",
            color=color,
        )
    other = canvas.words.title if text == canvas.words.artist else canvas.words.artist
    beside = left + cell * across + 0.04
    if beside < 0.6:
        captions.block(
            canvas, other, "light", (0.93, 0.07), 0.93 - beside, 0.16, "rt", None, 3, 0.05
        )
    else:
        canvas.text(other, "light", (0.07, 0.955), em=0.036, width=0.5, anchor="lm")
    canvas.text(
        captions.small_print(canvas),
        "light",
        (0.93, 0.955),
        em=0.022,
        width=0.36,
        anchor="rm",
        tracking=0.1,
    )
