"""How assets reach the store: a resource for files, an IO manager for tables."""

from dataclasses import asdict
from pathlib import Path

import dagster as dg

from kpop_assets.defs.console import console
from kpop_assets.defs.executor import run_executor
from kpop_assets.defs.site_resource import SiteResource
from kpop_assets.defs.world import settings_in_use
from kpop_assets.store.artifacts import Store
from kpop_assets.store.files import atomic_file
from kpop_assets.store.tables import Table, read_table, write_table


class StoreResource(dg.ConfigurableResource):
    """The folder under which every artifact lies."""

    root: str

    def open(self) -> Store:
        """Return the store."""
        return Store(Path(self.root))


class TableIOManager(dg.ConfigurableIOManager):
    """Keeps the table of an unpartitioned asset as one Parquet file, replaced atomically."""

    root: str

    def handle_output(self, context: dg.OutputContext, obj: Table) -> None:
        """Write the table; its size goes to the metadata."""
        path = self._path(context.asset_key)
        with atomic_file(path) as file:
            write_table(file, obj, context.asset_key.to_user_string())
        context.add_output_metadata({"rows": len(obj), "file": dg.MetadataValue.path(path)})

    def load_input(self, context: dg.InputContext) -> Table:
        """Read the table; raises what `read_table` does."""
        return read_table(self._path(context.asset_key), context.asset_key.to_user_string())

    def _path(self, key: dg.AssetKey) -> Path:
        return Store(Path(self.root)).table(key.to_user_string())


def definitions() -> dg.Definitions:
    """Return the resources, the executor and the logger of all runs."""
    settings = settings_in_use()
    root = str(settings.store)
    return dg.Definitions(
        resources={
            "store": StoreResource(root=root),
            "tables": TableIOManager(root=root),
            "sites": SiteResource(sites=settings.sites, **asdict(settings.manners)),
        },
        executor=run_executor,
        loggers={"console": console},
    )
