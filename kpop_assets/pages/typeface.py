"""The typeface of a page: the glyphs that it uses, inside of its style sheet."""

import base64
import io
from importlib.resources import files

FAMILY = "Kpop Assets Sans"
_FILE = files("kpop_assets.pages") / "fonts" / "kpop-assets-sans.woff"
_FEATURES = ["kern", "ccmp", "locl", "mark", "mkmk", "tnum", "calt", "case"]


def font_face(text: str) -> str:
    """Return the CSS rule of a variable typeface, weights 400 to 800, that has the text's letters.

    Letters that it has not, such as rare Hangul, are left to the reader's own typefaces.
    """
    from fontTools import subset

    options = subset.Options(layout_features=_FEATURES, notdef_outline=True, flavor="woff")
    font = subset.load_font(io.BytesIO(_FILE.read_bytes()), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=text)
    subsetter.subset(font)
    made = io.BytesIO()
    subset.save_font(font, made, options)
    address = f"data:font/woff;base64,{base64.b64encode(made.getvalue()).decode()}"
    return (
        f'@font-face {{ font-family: "{FAMILY}"; font-weight: 400 800; font-display: block;'
        f' src: url("{address}") format("woff"); }}'
    )
