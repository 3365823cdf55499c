"""The hosts that the sample site answers for: the whole of the sample world."""

SAMPLE_PICTURE_HOST = "covers.kpop-assets.sample"
"""Exists in the sample world only: the host of the pictures that its image searches find."""

SAMPLE_HOSTS = frozenset(
    {
        "circlechart.kr",
        "www.melon.com",
        "cdnimg.melon.co.kr",
        "itunes.apple.com",
        "is1-ssl.mzstatic.com",
        "api.deezer.com",
        "cdn-images.dzcdn.net",
        "musicbrainz.org",
        "coverartarchive.org",
        "archive.org",
        "www.bing.com",
        "www.google.com",
        SAMPLE_PICTURE_HOST,
    }
)
