"""How good the pictures of each recipe are after minutes of training.

    python -m benchmarks.quality.recipes --out FOLDER --popular FOLDER --general FOLDER \\
        --published FOLDER --recipes original original:batch_size=16 dcgan

Trains each recipe on the covers of each folder, at 64×64 pixels, and scores 480 samples from fixed
noise after 1, 2, 3, 5, 8, 12, 16, 20, 25 and 30 minutes of wall time, on EfficientNet-Lite0 (ef)
and MobileNetV2 (mb) at 160 pixels; judge/quality.py says what each measure is. Coverage,
used and copies depend on the number of samples, so it is the same for all (but 160 for the
original's published grids). Time for loading, sampling and scoring does not count, building the
graph does.

A recipe may carry settings that differ from its defaults: NAME:SETTING=VALUE,SETTING=VALUE.

Every run has a process of its own, one after another, popular with all --seeds, general with
--general-seeds. A run that is done is a file in OUT/runs and is not repeated; one that was broken
off is started again. When all are done, or with --report-only at any time, OUT has table.md,
figure.png and contact-SET.png. The pictures show what was learnt from the covers: keep them out of
the repository if the covers are not yours. Only table.md and figure.png hold nothing but numbers.
"""

import argparse
import dataclasses
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.quality.pictures import brought_to, covers_in, published_samples
from benchmarks.quality.report import Published, write_report
from benchmarks.quality.scores import SAMPLES, Scorer
from benchmarks.quality.single_run import Plan, write_json
from kpop_assets.models.recipes import RECIPES
from kpop_assets.models.settings import TrainingSettings

MINUTES = (1, 2, 3, 5, 8, 12, 16, 20, 25, 30)
RUN_SETTINGS = {"steps": 10**7, "frame_every": 10**7, "evaluate_every": 10, "log_every": 10}


def variant_settings(variant: str) -> dict[str, Any]:
    """Return the settings that NAME:SETTING=VALUE,... stands for."""
    recipe, _, changes = variant.partition(":")
    settings: dict[str, Any] = {"recipe": recipe}
    for change in filter(None, changes.split(",")):
        name, equals, value = change.partition("=")
        if not equals:
            raise SystemExit(f"expected SETTING=VALUE in {variant!r}, got {change!r}")
        try:
            settings[name] = json.loads(value)
        except json.JSONDecodeError:
            settings[name] = value
    unknown = sorted(settings.keys() - TrainingSettings.model_fields.keys())
    if unknown or recipe not in RECIPES:
        raise SystemExit(
            f"expected one of {', '.join(RECIPES)} and fields of TrainingSettings, got {variant!r}"
        )
    return settings


def plans(options: argparse.Namespace) -> list[Plan]:
    """Return all runs: seed after seed, so that what is done by any time is balanced."""
    made = []
    sets = [("popular", options.popular, options.seeds)]
    sets += [("general", options.general, options.general_seeds)]
    for cover_set, folder, seeds in sets:
        for seed in seeds if folder else ():
            for variant in options.recipes:
                name = f"{cover_set}-{re.sub('[^a-zA-Z0-9_.=]+', '-', variant)}-{seed}"
                settings = RUN_SETTINGS | variant_settings(variant)
                made.append(
                    Plan(
                        cover_set=cover_set,
                        variant=variant,
                        seed=seed,
                        covers=str(folder),
                        settings=settings | {"seed": seed, "image_size": options.image_size},
                        minutes=sorted(options.minutes),
                        result=str(options.out / "runs" / f"{name}.json"),
                        sheets=str(options.out / "sheets" / name),
                        checkpoints=str(options.out / "checkpoints" / name),
                        samples=options.samples,
                    )
                )
    return made


def finished(plan: Plan) -> dict[str, Any] | None:
    """Return the result of a run if it is done, and of these settings and minutes."""
    path = Path(plan.result)
    if not path.exists():
        return None
    result: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return result if plan.identity().items() <= result.items() else None


def perform(plan: Plan) -> None:
    """Run the plan in a process of its own; raises SystemExit when it fails."""
    for place in (plan.result, plan.sheets, plan.checkpoints):
        Path(place).parent.mkdir(parents=True, exist_ok=True)
    path = Path(plan.result).with_suffix(".plan")
    write_json(path, dataclasses.asdict(plan))
    command = [sys.executable, "-m", "benchmarks.quality.single_run", str(path)]
    ended = subprocess.run(command, check=False)
    path.unlink()
    if ended.returncode:
        raise SystemExit(f"{plan.variant} on {plan.cover_set} failed; what is done is kept")


def published_scores(options: argparse.Namespace) -> list[Published]:
    """Return the scores of the original's grids, each run against the set it is named after."""
    rows = []
    samples = published_samples(options.published) if options.published else {}
    for cover_set, folder in (("popular", options.popular), ("general", options.general)):
        runs = [name for name in samples if folder and name.startswith(cover_set)]
        scorer = Scorer(covers_in(folder, options.image_size)) if runs else None
        for name in runs:
            assert scorer is not None
            scores = dataclasses.asdict(
                scorer.scores(brought_to(samples[name], options.image_size))
            )
            rows.append(Published(cover_set, name, samples[name], scores))
    return rows


def parsed(arguments: list[str] | None) -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--popular", type=Path, help="folder of covers")
    parser.add_argument("--general", type=Path, help="folder of covers")
    parser.add_argument("--published", type=Path, help="folder of the original's grids")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--recipes", nargs="+", default=list(RECIPES))
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--general-seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--minutes", type=float, nargs="+", default=list(MINUTES))
    parser.add_argument("--samples", type=int, default=SAMPLES)
    parser.add_argument("--image-size", type=int, default=64)
    parser.add_argument("--report-only", action="store_true", help="train nothing")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> None:
    """Run what is not yet done, then report."""
    options = parsed(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    wanted = plans(options)
    for number, plan in enumerate(wanted, start=1):
        done = finished(plan) is not None
        state = "is done" if done else "waits" if options.report_only else "starts"
        print(
            f"{number}/{len(wanted)} {plan.cover_set} {plan.variant} seed {plan.seed}: {state}",
            flush=True,
        )
        if not (done or options.report_only):
            perform(plan)
    folders = {"popular": options.popular, "general": options.general}
    covers = {name: covers_in(path, options.image_size) for name, path in folders.items() if path}
    results = [(plan, result) for plan in wanted if (result := finished(plan))]
    write_report(options.out, covers, results, published_scores(options))


if __name__ == "__main__":
    main()
