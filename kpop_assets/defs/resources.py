"""How assets reach the store: a resource for files, an IO manager for tables."""

from dataclasses import asdict

import dagster as dg

from kpop_assets.defs.cluster.ray_executor import ray_executor
from kpop_assets.defs.console import console
from kpop_assets.defs.executor import run_executor
from kpop_assets.defs.site_resource import SiteResource
from kpop_assets.defs.world import settings_in_use
from kpop_assets.settings import Settings
from kpop_assets.store.artifacts import Store
from kpop_assets.store.files import atomic_file
from kpop_assets.store.tables import Table, stored_table, write_table


class StoreResource(dg.ConfigurableResource):
    """The folder under which every artifact lies; `sites` is the world of the run's covers.

    A run waits `wait_minutes` at most for another that makes an asset.
    """

    root: str
    sites: str
    wait_minutes: float = Settings.wait_minutes

    def open(self) -> Store:
        """Return the store."""
        return Store(self.root)


class TableIOManager(dg.ConfigurableIOManager):
    """Keeps the table of an unpartitioned asset as one Parquet file, replaced atomically."""

    root: str

    def handle_output(self, context: dg.OutputContext, obj: Table) -> None:
        """Write the table; its size goes to the metadata."""
        asset = context.asset_key.to_user_string()
        path = Store(self.root).table(asset)
        with atomic_file(path) as file:
            write_table(file, obj, asset)
        context.add_output_metadata({"rows": len(obj), "file": dg.MetadataValue.path(str(path))})

    def load_input(self, context: dg.InputContext) -> Table:
        """Read the table; raises what `read_table` does."""
        return stored_table(Store(self.root), context.asset_key.to_user_string())


def definitions() -> dg.Definitions:
    """Return the resources, the executor and the logger of all runs."""
    settings = settings_in_use()
    root = str(settings.store)
    return dg.Definitions(
        resources={
            "store": StoreResource(
                root=root, sites=settings.world, wait_minutes=settings.wait_minutes
            ),
            "tables": TableIOManager(root=root),
            "sites": SiteResource(
                sites=settings.sites,
                retries=settings.team.source_retries,
                **asdict(settings.manners),
            ),
        },
        executor=ray_executor(settings.ray) if settings.ray else run_executor,
        loggers={"console": console},
    )
