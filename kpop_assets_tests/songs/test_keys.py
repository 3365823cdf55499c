import pytest

from kpop_assets.songs.keys import NAMES, KeyNameError, key_named, key_of
from kpop_assets_tests.songs.making import of_notes, pop_song

MINOR_SCALE = (0, 2, 3, 5, 7, 8, 10)


@pytest.mark.parametrize("tonic", range(12))
def test_the_key_of_a_song_of_known_key_is_found(tonic: int) -> None:
    key = key_of(pop_song(tonic, tonic))
    assert (key.tonic, key.mode) == (tonic, "major")
    assert key.name == f"{NAMES['major'][tonic]} major"
    assert key.certainty > 0.02


def test_a_minor_cadence_is_minor_and_transposing_moves_the_key_alone() -> None:
    notes = [
        (16 * bar + i, 8, 57 + pitch)
        for bar, root in enumerate((0, 5, 7, 0))
        for i, pitch in enumerate((root, root + (4 if root == 7 else 3), root + 7))
    ]
    song = of_notes(*notes, *[(i, 1, 69 + pitch) for i, pitch in enumerate(MINOR_SCALE)])
    key = key_of(song)
    assert key.name == "A minor"
    moved = key_of(song.transposed(4))
    assert moved.name == "C# minor"
    assert moved.certainty == pytest.approx(key.certainty)


def test_all_pitches_alike_or_none_have_no_certain_key() -> None:
    assert key_of(of_notes(*[(i, 1, 60 + i) for i in range(12)])).certainty == 0
    assert key_of(of_notes()).certainty == 0


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("A minor", "A minor"),
        ("Am", "A minor"),
        (" bbm ", "Bb minor"),
        ("A", "A major"),
        ("B", "B major"),
        ("b♭", "Bb major"),
        ("C# MAJOR", "Db major"),
        ("F♯ min", "F# minor"),
        ("Cb", "B major"),
    ],
)
def test_keys_are_understood_as_people_write_them(written, name):
    assert key_named(written).name == name


@pytest.mark.parametrize("written", ["", "H", "A dur", "A minor 7", "minor"])
def test_what_is_no_key_is_refused_by_name(written):
    with pytest.raises(KeyNameError, match="A minor"):
        key_named(written)
