"""The sources of covers in their order."""

from kpop_assets.sites.shops.circle_thumbnail import CircleThumbnail
from kpop_assets.sites.shops.cover_art_archive import CoverArtArchive
from kpop_assets.sites.shops.cover_source import CoverSource
from kpop_assets.sites.shops.deezer import Deezer
from kpop_assets.sites.shops.itunes import Itunes
from kpop_assets.sites.shops.melon import Melon

SOURCES: tuple[CoverSource, ...] = (
    Melon(),
    Itunes(),
    Deezer(),
    CoverArtArchive(),
    CircleThumbnail(),
)
"""The sources of covers, best first.

The first is asked for all albums before any other. melon_albums.csv settles albums of Melon.
"""
SOURCE_NAMED = {source.name: source for source in SOURCES}
LAST_RESORTS = [source.name for source in SOURCES if source.is_last_resort]
