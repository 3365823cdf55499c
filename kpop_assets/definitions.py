"""The entry point: wires assets, checks, resources and schedules."""

from dataclasses import asdict
from typing import Any

import dagster as dg

from kpop_assets.covers.folder import CoversFolder
from kpop_assets.defs.automation import schedules
from kpop_assets.defs.chart.chart_checks import CHART_CHECKS
from kpop_assets.defs.chart.gaon_year_end_top10 import gaon_year_end_top10
from kpop_assets.defs.chart.melon_covers import melon_covers
from kpop_assets.defs.console import console
from kpop_assets.defs.covers.catalog_checks import CATALOG_CHECKS
from kpop_assets.defs.covers.cover_catalog import cover_catalog_of_folder, cover_catalog_of_sites
from kpop_assets.defs.covers.cover_tensors import cover_tensors
from kpop_assets.defs.crawl.crawled_covers import crawled_covers
from kpop_assets.defs.freshness import FRESHNESS
from kpop_assets.defs.generators.base_generator import base_generator
from kpop_assets.defs.generators.cover_generator import cover_generator
from kpop_assets.defs.generators.generator_quality import generator_quality
from kpop_assets.defs.generators.originality import originality
from kpop_assets.defs.generators.sample_covers import sample_covers
from kpop_assets.defs.generators.training_gif import training_gif
from kpop_assets.defs.insight.chart_diversity import chart_diversity
from kpop_assets.defs.insight.cover_set_contrast import cover_set_contrast
from kpop_assets.defs.insight.gallery_page import gallery_page_asset
from kpop_assets.defs.insight.visual_profile import visual_profile
from kpop_assets.defs.jobs import PRESET_JOBS
from kpop_assets.defs.own_pictures.folder_covers import folder_covers_asset
from kpop_assets.defs.resources import StoreResource, TableIOManager
from kpop_assets.defs.site_resource import SiteResource
from kpop_assets.settings import Settings
from kpop_assets.terminal import escape_log_records


def definitions(settings: Settings) -> dg.Definitions:
    """Return the lineage from the sites, or from one's own pictures when `covers_dir` is set."""
    root = str(settings.store)
    trained = [
        *(cover_tensors, base_generator, cover_generator, training_gif, sample_covers),
        *(visual_profile, cover_set_contrast, generator_quality, originality),
    ]
    resources = {
        "store": StoreResource(root=root),
        "tables": TableIOManager(root=root),
        "sites": SiteResource(sites=settings.sites, **asdict(settings.manners)),
    }
    common: dict[str, Any] = {
        "resources": resources,
        "executor": dg.in_process_executor,
        "loggers": {"console": console},
        "jobs": PRESET_JOBS,
    }
    gallery_page = gallery_page_asset(with_chart=settings.covers_dir is None)
    if settings.covers_dir is not None:
        folder_covers = folder_covers_asset(CoversFolder(settings.covers_dir))
        return dg.Definitions(
            assets=[
                folder_covers,
                cover_catalog_of_folder,
                *trained,
                gallery_page,
            ],
            asset_checks=CATALOG_CHECKS,
            **common,
        )
    return dg.Definitions(
        assets=[
            gaon_year_end_top10,
            melon_covers,
            crawled_covers,
            cover_catalog_of_sites,
            chart_diversity,
            *trained,
            gallery_page,
        ],
        asset_checks=[*CHART_CHECKS, *CATALOG_CHECKS, *FRESHNESS],
        schedules=schedules(),
        **common,
    )


escape_log_records()
defs = definitions(Settings.from_environment())
