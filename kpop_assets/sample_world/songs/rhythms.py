"""Rhythms of sung lines: a sign a sixteenth, x a note, . held, - silent."""

from typing import Literal

from kpop_assets.sample_world.songs.chance import Dice

Energy = Literal["calm", "flowing", "lively"]
Rhythm = list[tuple[int, int]]
"""Notes by onset and duration in sixteenths."""

_OPENINGS: dict[int, dict[Energy, tuple[str, ...]]] = {
    16: {
        "calm": (
            "x.......x...x...",
            "x.....x.x.......",
            "----x...x...x...",
            "x...x...x.......",
            "x.....x.....x...",
            "--x.x...x...x...",
        ),
        "flowing": (
            "x...x.x.x...x.x.",
            "x.x.x.x.x...x...",
            "x..x..x.x...x...",
            "--x.x.x.x.x.x...",
            "x.x.x...x.x.x...",
            "x...x.x...x.x...",
            "x.....x.x.x.x.x.",
            "--x.x...x.x.x.x.",
        ),
        "lively": (
            "x.x.xx.x..x.x...",
            "x..x..x.x..x..x.",
            "--xxx.x.x..x..x.",
            "x..xx.x..x.x.x..",
            "x.xx..x.x.xx..x.",
            "x..x..x...x.xxx.",
            "--x..x.x..x.x.x.",
        ),
    },
    12: {
        "calm": ("x.......x...", "x...x...x...", "x.....x.x...", "----x...x..."),
        "flowing": ("x...x.x.x...", "x.x.x...x...", "x.....x.x.x.", "--x.x.x.x..."),
        "lively": ("x.x.x.x.x.x.", "x..xx...x.x.", "x.xxx.x.x...", "x.x.x...xxx."),
    },
}
_ANSWERS = {
    16: (
        "x...x.......----",
        "x.......----x.x.",
        "x.....x.........",
        "x..x..........--",
        "x.x.x.......----",
        "x...........x.x.",
        "x..x..x.....----",
        "x.x.x.....x.x.x.",
    ),
    12: ("x...x.......", "x.......x...", "x.......----", "x.x.x.......", "x.....x.x.x."),
}
_CLOSES = {
    16: ("x...........----", "x...............", "x.......--------"),
    12: ("x...........", "x.......----"),
}


def _notes(signs: str) -> Rhythm:
    starts = [place for place, sign in enumerate(signs) if sign == "x"]
    return [
        (start, 1 + len(signs[start + 1 :]) - len(signs[start + 1 :].lstrip(".")))
        for start in starts
    ]


def opening(dice: Dice, energy: Energy, bar: int) -> str:
    """Return the signs of two bars that open a phrase."""
    first = dice.pick(_OPENINGS[bar][energy])
    second = dice.pick(_ANSWERS[bar] if dice.chance(0.6) else _OPENINGS[bar][energy])
    return first + second


def close(dice: Dice, start: str, bar: int) -> str:
    """Return the signs of two bars that open like `start` and come to rest."""
    return start[:bar] + dice.pick(_CLOSES[bar])


def notes(signs: str, bar: int, pushed: bool) -> Rhythm:
    """Return the notes of a rhythm; where it is pushed, long downbeats come an eighth early."""
    rhythm = _notes(signs)
    if not pushed:
        return rhythm
    for place in range(1, len(rhythm)):
        (before, _), (onset, duration) = rhythm[place - 1], rhythm[place]
        if onset % bar == 0 and duration >= 4 and onset - before >= 4:
            held = min(rhythm[place - 1][1], onset - 2 - before)
            rhythm[place - 1 : place + 1] = [(before, held), (onset - 2, duration + 2)]
    return rhythm
