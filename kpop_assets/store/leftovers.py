"""What killed runs left in the store, removed where pictures are about to be added."""

from collections.abc import Callable

from kpop_assets.store.artifacts import Store
from kpop_assets.store.files import LEFTOVER_AFTER_S


def remove_leftover_pictures(store: Store, log: Callable[[str], object]) -> None:
    """Remove the temporary pictures of runs killed a day ago or longer, and say how many."""
    if removed := store.remove_leftover_pictures():
        hours = LEFTOVER_AFTER_S // 3600
        log(f"{removed} temporary pictures of runs killed over {hours} hours ago removed")
