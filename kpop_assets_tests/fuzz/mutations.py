"""Valid bytes, damaged in the ways that files and answers are."""

from collections.abc import Sequence

from hypothesis import strategies as st

PIECES = (
    b"",
    b"\0",
    b"\xff",
    b"\xff\xff\xff\xff",
    b"\x7f\xff\xff\xff",
    b"-1",
    b"NaN",
    b"1e999",
    b'"',
)


@st.composite
def damaged(draw: st.DrawFn, samples: Sequence[bytes], most: int = 4) -> bytes:
    """One of the samples with up to `most` damages: bits, bytes, pieces cut, doubled or put in."""
    content = bytearray(draw(st.sampled_from(samples)))
    for _ in range(draw(st.integers(0, most))):
        if not content:
            break
        start = draw(st.integers(0, len(content) - 1))
        length = draw(st.integers(0, min(64, len(content) - start)))
        match draw(st.sampled_from(("bit", "byte", "cut", "end", "double", "insert", "replace"))):
            case "bit":
                content[start] ^= 1 << draw(st.integers(0, 7))
            case "byte":
                content[start] = draw(st.integers(0, 255))
            case "cut":
                del content[start : start + length]
            case "end":
                del content[start:]
            case "double":
                content[start:start] = content[start : start + length]
            case "insert":
                content[start:start] = draw(st.sampled_from(PIECES) | st.binary(max_size=16))
            case "replace":
                content[start : start + length] = draw(
                    st.sampled_from(PIECES) | st.binary(max_size=16)
                )
    return bytes(content)
