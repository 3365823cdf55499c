"""The cover sets compared."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import dagster as dg

from kpop_assets.covers.sets import COVER_SETS
from kpop_assets.defs.automation import WHEN_ANY_CONTENT_CHANGED
from kpop_assets.defs.insight.page.unfit_generators import unfit_generator
from kpop_assets.defs.insight.visual_profile import profile_of
from kpop_assets.defs.resources import StoreResource
from kpop_assets.defs.reuse.unchanged import Inputs, unless_unchanged
from kpop_assets.errors import KpopAssetsError
from kpop_assets.models.published import generator_folder, training_record
from kpop_assets.store.artifacts import Store
from kpop_assets.store.errors import DamagedArtifactError, MissingArtifactError
from kpop_assets.store.folders import atomic_folder, stored_folder
from kpop_assets.store.tables import Table, read_table, write_table


class NoProfilesError(KpopAssetsError):
    """No cover set has a visual_profile of the run's world."""


TABLES = ("contrasts", "separability", "kept", "trends")


def _generators(given: Inputs) -> dict[str, str]:
    """Return the names of the current generators by set."""
    found: dict[str, str] = {}
    for cover_set in COVER_SETS:
        with suppress(MissingArtifactError, DamagedArtifactError):
            found[cover_set] = generator_folder(given["store"].open(), cover_set).name
    return found


@dg.asset(
    group_name="insight",
    kinds={"pandas", "parquet"},
    code_version="3",
    deps=["visual_profile", "generator_quality"],
    automation_condition=WHEN_ANY_CONTENT_CHANGED,
)
@unless_unchanged(_generators)
def cover_set_contrast(
    context: dg.AssetExecutionContext, store: StoreResource
) -> dg.MaterializeResult:
    """Do the cover sets differ, and do generated covers differ as the real ones do?

        Every pair of the sets that have a visual_profile, measure by measure: Cliff's delta with a
    bootstrap interval and a permutation p-value, Holm-corrected over the measures of the pair; and
    how well a classifier tells the pair apart. `findings` has it in sentences. The covers of
    popular are also compared by year. Profiles of another world than the run's do not count, nor
    generated covers of a generator that collapsed or was hardly trained; `findings` names those,
    and pairs whose generators were trained differently.
    """

    from kpop_assets.covers.showing.markdown import picture_markdown
    from kpop_assets.insight.contrast.contrast_figure import contrast_figure
    from kpop_assets.insight.contrast.contrast_words import (
        generator_differences,
        pair_sentences,
        trend_sentences,
    )
    from kpop_assets.insight.contrast.drawn_covers import drawn_words
    from kpop_assets.insight.contrast.set_contrasts import kept_contrasts, set_contrasts
    from kpop_assets.insight.contrast.worlds import covers_called
    from kpop_assets.insight.contrast.years import trend_table
    from kpop_assets.insight.measuring.measures import ALL_MEASURES

    open_store = store.open()
    sites = store.sites
    profiles, others = _profiles(open_store, sites)
    there = list(profiles)
    reasons = {name: unfit_generator(open_store, name) for name in there}
    unfit = {name: reason for name, reason in reasons.items() if reason}
    compared = {
        name: one[one["kind"] == "real"] if name in unfit else one for name, one in profiles.items()
    }
    found, told_apart = set_contrasts(compared)
    kept = kept_contrasts(found)
    popular = profiles.get("popular", profiles[there[0]].iloc[:0])
    trend_rows = trend_table(popular[popular["kind"] == "real"], ALL_MEASURES)
    tables = dict(zip(TABLES, (found, told_apart, kept, trend_rows), strict=True))
    folder = open_store.folder("cover_set_contrast", "all")
    with atomic_folder(folder) as temporary:
        for name, table in tables.items():
            with (temporary / f"{name}.parquet").open("wb") as file:
                write_table(file, table, _asset(name))
    covers = covers_called(sites)
    generated = [name for name in there if name in _generated_sets(found)]
    configs: dict[str, Any] = {
        name: training_record(generator_folder(open_store, name))["config"] for name in generated
    }
    findings = [
        *pair_sentences(found, told_apart, covers),
        *generator_differences(configs).values(),
        *[f"generated covers of {name} are not compared: {why}" for name, why in unfit.items()],
        *[f"{name} is not compared: its profile {why}" for name, why in others.items()],
        *filter(None, (drawn_words(name, _real_covers(one)) for name, one in profiles.items())),
        *trend_sentences(trend_rows),
    ]
    if sites == "sample":
        findings = ["sample world: stand-in covers, not real ones", *findings]
    for sentence in findings:
        context.log.info(sentence)
    missing = [name for name in COVER_SETS if name not in there]
    figure = {}
    if len(found):
        png = contrast_figure(found, covers)
        picture = picture_markdown(png, "image/png", "contrasts of cover sets")
        figure["figure"] = dg.MetadataValue.md(picture)
    return dg.MaterializeResult(
        metadata={
            "findings": dg.MetadataValue.md("\n".join(f"* {sentence}" for sentence in findings)),
            **figure,
            "sets": there,
            "sets_without_profile": missing,
            "unfit_generators": list(unfit),
            "differences": int(found["different"].sum()),
            "differences_of_real_covers_kept": int(kept["kept"].eq(True).sum()),
            "differences_of_real_covers_lost": int(kept["kept"].eq(False).sum()),
            "folder": dg.MetadataValue.path(str(contrast_folder(open_store))),
            "sites": sites,
        }
    )


def _real_covers(profile: Table) -> int:
    return int((profile["kind"] == "real").sum())


def _generated_sets(contrast_rows: Table) -> set[str]:
    rows = contrast_rows[contrast_rows["kind"] == "generated"]
    return {*rows["first"], *rows["second"]}


def _profiles(store: Store, sites: str) -> tuple[dict[str, Table], dict[str, str]]:
    """Return by set the profiles of a world, and why others cannot be compared with them.

    Raises NoProfilesError when there is none.
    """
    there: dict[str, Table] = {}
    for name in COVER_SETS:
        with suppress(MissingArtifactError):
            there[name] = profile_of(store, name)
    others = {name: why for name, one in there.items() if (why := _unfit(one, sites))}
    if len(others) == len(there):
        got = ", ".join(f"that of {name}, which {why}" for name, why in others.items())
        raise NoProfilesError(
            f"expected a visual_profile of {sites} covers, got {got or 'none'}; materialize "
            "visual_profile in this world (KPOP_SITES, KPOP_COVERS_DIR)"
        )
    return {name: one for name, one in there.items() if name not in others}, others


def _unfit(profile: Table, sites: str) -> str | None:
    """Return why a profile cannot be compared with those of a world, if so."""
    from kpop_assets.insight.measuring.measures import ALL_MEASURES

    of = ", ".join(sorted(profile["sites"].unique()))
    if of != sites:
        return f"is of {of} covers"
    if missing := [name for name in ALL_MEASURES if name not in profile]:
        return f"was made without {', '.join(missing)}: materialize visual_profile again"
    return None


def contrast_folder(store: Store) -> Path:
    """Return where the tables of the contrasts lie, one a name of TABLES."""
    return stored_folder(store.folder("cover_set_contrast", "all"))


def contrast_table(store: Store, name: str) -> Table:
    """Return one of TABLES; raises MissingArtifactError and DamagedArtifactError."""
    return read_table(contrast_folder(store) / f"{name}.parquet", _asset(name))


def _asset(name: str) -> str:
    return f"cover_set_contrast ({name})"
