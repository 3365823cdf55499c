"""Lanczos resampling of covers: Pillow's filter, computed with the processor's vector instructions.

cykooz.resizer (the Rust crate fast_image_resize) works on Pillow's own pixels. It has no wheel for
some machines, such as Linux on ARM: there Pillow does the same, more slowly. The two differ by
where they round, by 49 dB or more on real covers.
"""

from PIL import Image

try:
    import cykooz_resizer
except ImportError:
    cykooz_resizer = None

Box = tuple[float, float, float, float]


def lanczos(image: Image.Image, size: tuple[int, int], box: Box | None = None) -> Image.Image:
    """Return the part `box` of an RGB picture at `size` (width, height) in pixels.

    `box` is left, top, right, bottom in pixels, fractions allowed; without it the whole picture is
    taken. The interpreter lock is free meanwhile, so that threads resize side by side.
    """
    if cykooz_resizer is None:
        return lanczos_of_pillow(image, size, box)
    options = cykooz_resizer.ResizeOptions(
        cykooz_resizer.ResizeAlg.convolution(cykooz_resizer.FilterType.lanczos3)
    )
    if box:
        left, top, right, bottom = box
        options.crop_box = cykooz_resizer.CropBox(left, top, right - left, bottom - top)
    resized = Image.new("RGB", size)
    cykooz_resizer.Resizer().resize_pil(image, resized, options)
    return resized


def lanczos_of_pillow(
    image: Image.Image, size: tuple[int, int], box: Box | None = None
) -> Image.Image:
    """Return the same from Pillow alone: the substitute, and what `lanczos` is measured against."""
    return image.resize(size, Image.Resampling.LANCZOS, box)
