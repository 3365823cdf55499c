"""Which format bytes have, by their signature: a file's name and a server's word may be wrong."""

from kpop_assets.covers.unreadable import UnreadablePictureError

SIGNATURES = {
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"GIF87a": "GIF",
    b"GIF89a": "GIF",
    b"BM": "BMP",
    b"II\x2a\0": "TIFF",
    b"MM\0\x2a": "TIFF",
    b"II\x2b\0": "TIFF",
    b"MM\0\x2b": "TIFF",
}
EXPORT_JPEG = "open it in a picture editor and export it as JPEG"
HEIC = (
    "HEIC",
    "export it as JPEG in Preview (Mac) or Photos (Windows), or run heif-convert IN.heic OUT.jpg",
)
JPEG_XL = ("JPEG XL", "run djxl IN.jxl OUT.png, or export it as JPEG in GIMP")
NOT_READ = {
    b"\xff\x0a": JPEG_XL,
    b"\0\0\0\x0cJXL \r\n\x87\n": JPEG_XL,
    b"\0\0\0\x0cjP  ": ("JPEG 2000", EXPORT_JPEG),
    b"\xff\x4f\xff\x51": ("JPEG 2000", EXPORT_JPEG),
    b"8BPS": ("a Photoshop document (PSD)", EXPORT_JPEG),
    b"\0\0\1\0": ("an icon (ICO)", EXPORT_JPEG),
    b"%PDF": ("PDF", "run pdftoppm -jpeg IN.pdf OUT"),
}
AVIF_BRANDS = {b"avif", b"avis"}
HEIC_BRANDS = {
    *(b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"),
    *(b"mif1", b"mif2", b"msf1", b"heif"),
}
LONGEST_BRAND_LIST = 1024


def format_of(content: bytes) -> str:
    """Return the format, one of `FORMATS`.

    Raises `UnreadablePictureError` for bytes of none; a known format that is not read is named,
    with a way to convert it.
    """
    if not content:
        raise UnreadablePictureError("the file is empty")
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "WEBP"
    for signature, name in SIGNATURES.items():
        if content.startswith(signature):
            return name
    if content[4:8] == b"ftyp":
        return _format_of_brands(content)
    for signature, (name, way) in NOT_READ.items():
        if content.startswith(signature):
            raise UnreadablePictureError(f"it is {name}, which is not read: {way}")
    raise UnreadablePictureError(f"the content is no such picture (it starts with {content[:8]!r})")


def _format_of_brands(content: bytes) -> str:
    """AVIF, HEIC and films share a container, which begins with a list of brands."""
    end = min(int.from_bytes(content[:4], "big"), LONGEST_BRAND_LIST)
    brands = {content[8:12], *(content[at : at + 4] for at in range(16, end, 4))}
    if brands & AVIF_BRANDS:
        return "AVIF"
    if brands & HEIC_BRANDS:
        name, way = HEIC
        raise UnreadablePictureError(f"it is {name}, which is not read: {way}")
    raise UnreadablePictureError(f"it is a film or raw photo (brand {content[8:12]!r})")
