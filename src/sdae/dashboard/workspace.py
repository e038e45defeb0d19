"""The W&B workspace: what one looks at while a sweep runs."""

import wandb_workspaces.workspaces as ws
from wandb_workspaces import expr

from sdae.dashboard import panels
from sdae.dashboard.compared import Compared
from sdae.tracking.keys import METHOD, PROBLEM


def build_workspace(compared: Compared, entity: str, project: str) -> ws.Workspace:
    """Build the workspace: runs grouped by problem and method, the lowest validation error first."""
    layers = range(1, compared.n_layers + 1)
    searched = [group.hyperparameters for groups in compared.problems.values() for group in groups]
    common = [name for name in searched[0] if all(name in names for names in searched)]
    return ws.Workspace(
        entity=entity,
        project=project,
        name=compared.title,
        sections=[
            _section("Test error", [panels.errors()], columns=1, pinned=True),
            _section("Fine-tuning", [panels.validation_curves(), panels.training_curves()]),
            _section("Hyperparameters", [panels.hyperparameters(common, [PROBLEM, METHOD]), panels.importance()]),
            _section("Filters", [panels.filter_pictures()], columns=1),
            _section("Pretraining", [*map(panels.pretraining_curves, layers), *map(panels.rbm_curves, layers)]),
        ],
        settings=ws.WorkspaceSettings(max_runs=1000),
        runset_settings=ws.RunsetSettings(
            filters=expr.And(*compared.runs),
            groupby=[expr.Config(PROBLEM), expr.Config(METHOD)],
            order=[expr.Ordering(expr.Summary(panels.VALID_ERROR), ascending=True)],
            pinned_columns=list(panels.COLUMNS),
        ),
    )


def _section(name: str, drawn: list, columns: int = 2, pinned: bool = False) -> ws.Section:
    layout = ws.SectionLayoutSettings(columns=columns, rows=-(-len(drawn) // columns))
    return ws.Section(name=name, panels=drawn, is_open=True, pinned=pinned, layout_settings=layout)
