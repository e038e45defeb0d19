"""Studies on few labels: the mean over several draws of the labels, and its standard deviation. Beyond the paper."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from sdae.formatting import CHECKOUT
from sdae.functional.over_folds import over_folds
from sdae.results.measurement import Measurement
from sdae.results.reading import of_study, settings_in_common
from sdae.results.study import FoundStudy
from sdae.results.table_cells import missing_folds
from sdae.runs.versions import versions_of_all

Key = tuple[Path, str, str, str, float, tuple]  # folder, sweep, problem, method, labels, other values of the point


def over_draws(studies: Iterable[FoundStudy]) -> tuple[list[Measurement], list[str]]:
    """Return a measurement for every sweep, problem, method and point except the draw, and a line for each without one.

    Its test error is the mean over the draws, and its interval their standard deviation, with n − 1; a single draw has
    none, and is excluded.

    Args:
        studies: All that were found; those that are open or of all labels are ignored.

    Raises:
        KeyError: If a result is not that of a study.
    """
    draws: dict[Key, dict[object, Measurement]] = {}
    for study in studies:
        if study.labels is None or study.fold is not None or not study.chosen:
            continue
        measurement = of_study([study])
        if measurement is not None and measurement.labels is not None and not missing_folds(measurement):
            point = tuple(sorted(item for item in study.point.items() if item[0] != "draw"))
            key = (study.folder, study.sweep, study.problem, study.method, measurement.labels, point)
            draws.setdefault(key, {})[study.chosen["params"].get("draw")] = measurement
    means, alone = [], []
    for (folder, sweep, problem, method, labels, point), by_draw in draws.items():
        runs = list(by_draw.values())
        test = over_folds([measurement.test_error for measurement in runs])
        if test.mean is None or test.deviation is None:
            alone.append(f"{folder}: {problem}, {method}, {labels:,.0f} labels: only one draw of them is over")
            continue
        means.append(
            replace(
                runs[0],
                settings=settings_in_common(runs),
                test_error=test.mean,
                interval=test.deviation,
                valid_error=over_folds([measurement.valid_error for measurement in runs]).mean,
                trials=sum(measurement.trials for measurement in runs),
                seconds=sum(measurement.seconds for measurement in runs),
                folder=str(folder),
                command=f"{CHECKOUT} sweep --config sweeps/{sweep}.yaml",
                draws=len(runs),
                versions=versions_of_all([measurement.versions for measurement in runs]),
                point=dict(point),
            )
        )
    return means, alone
