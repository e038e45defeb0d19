"""Table 2: the hyperparameters' names, their considered values, and the corresponding settings of a run."""

from collections.abc import Mapping, Sequence
from typing import Any

from sdae.settings.fine_tuning import FineTuning
from sdae.settings.per_layer import as_list
from sdae.settings.pretraining import Pretraining

TABLE_2: dict[str, tuple[Any, ...]] = {
    "nHLay": (1, 2, 3),
    "nHUnit": (1000, 2000, 3000),
    "lRate": (5e-6, 5e-5, 5e-4, 5e-3, 5e-2, 1e-1),
    "lRateSup": (0.0005, 0.005, 0.05, 0.1, 0.15, 0.2),
    "nEpoq": (5, 10, 50, 100, 125, 150, 200, 300),
    "ν": (0.0, 0.10, 0.25, 0.40),
    "σ": (0.0, 0.05, 0.10, 0.15, 0.30, 0.50),
    "emphasis": ("double", "full"),  # section 6.5
}
KEYS = {  # of a run's configuration
    "nHLay": "model.n_layers",
    "nHUnit": "model.n_units",
    "lRate": "pretraining.learning_rate",
    "lRateSup": "fine_tuning.learning_rate",
    "nEpoq": "pretraining.epochs",
    "ν": "pretraining.noise_level",
    "σ": "pretraining.noise_level",
    "emphasis": "pretraining.emphasis",
    "batch": "fine_tuning.batch_size",  # and pretraining's; not in Table 2, for the paper's authors learn online
    "labels": "data.init_args.labels",  # nor these: how many training examples have a label, and the draw of them
    "draw": "data.init_args.labels_seed",
}
EMPHASES = {"double": [1.0, 0.5], "full": [1.0, 0.0]}  # (α, β) of section 6.5
EMPHASIS_LABEL = "(α, β)"  # in reports


def noise_name(corruption: str) -> str:
    """Return the name of a corruption's level: σ for Gaussian noise, else ν."""
    return "σ" if corruption == "gaussian" else "ν"


def names(pretraining: Pretraining) -> list[str]:
    """Return the names of the hyperparameters that a method has, in Table 2's order."""
    if pretraining.layer == "none":
        return ["nHLay", "nHUnit", "lRateSup"]
    found = ["nHLay", "nHUnit", "lRate", "lRateSup", "nEpoq"]
    if pretraining.layer == "autoencoder" and max(as_list(pretraining.noise_level)) > 0:
        found.append(noise_name(pretraining.corruption))
        if pretraining.emphasised:
            found.append("emphasis")
    return found


def settings_of(params: Mapping[str, Any], fine_tuning: FineTuning) -> dict[str, Any]:
    """Translate Table 2's names into the keys of a run's configuration.

    Args:
        params: One value for each hyperparameter.
        fine_tuning: The method's; where its inputs are noisy too (SAE(2), section 6.4), ν is theirs as well.
    """
    settings = {KEYS[name]: EMPHASES[value] if name == "emphasis" else value for name, value in params.items()}
    if fine_tuning.noise_level > 0 and KEYS["ν"] in settings:
        settings["fine_tuning.noise_level"] = settings[KEYS["ν"]]
    if "batch" in params:
        settings["pretraining.batch_size"] = params["batch"]
    return settings


def named(hyperparameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the hyperparameters of a ``result.json`` by Table 2's names: the way back from :func:`settings_of`.

    A list with the same value for every layer is that value. Noise of level 0 and an emphasis of (1, 1) are left out.
    Minibatches and the settings of :func:`_beyond`, which Table 2 does not have, are named as well.

    Raises:
        KeyError: If they are not those of a run.
    """
    sections = {"model": hyperparameters, **{key: hyperparameters[key] for key in ("pretraining", "fine_tuning")}}
    pretraining = hyperparameters["pretraining"]

    def value_of(name: str) -> Any:
        section, _, key = KEYS[name].partition(".")
        value = sections[section][key]
        return value[0] if isinstance(value, list) and len(set(value)) == 1 else value

    found = {name: value_of(name) for name in ("nHLay", "nHUnit")}
    if pretraining:
        found |= {name: value_of(name) for name in ("nEpoq", "lRate")}
        if any(as_list(pretraining.get("noise_level", 0))):
            noise = noise_name(pretraining["corruption"])
            found[noise] = value_of(noise)
        found |= _beyond(pretraining)
        if tuple(pretraining.get("emphasis", (1.0, 1.0))) != (1.0, 1.0):
            found[EMPHASIS_LABEL] = tuple(pretraining["emphasis"])
    batch = hyperparameters["fine_tuning"].get("batch_size", 1)
    if pretraining and (of_layers := pretraining.get("batch_size", 1)) != batch:
        found |= {"batch in pretraining": of_layers, "batch in fine-tuning": batch}
    elif batch != 1:
        found["batch"] = batch
    return found | {"lRateSup": value_of("lRateSup")}


def _beyond(pretraining: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of pretraining that Table 2 does not have, where they are not the usual ones."""
    usual = {"tied": True, "weight_decay": 0.0, "cd_steps": 1, "persistent": False, "sampled_inputs": False}
    names = {
        "tied": ("decoders", "untied"),
        "weight_decay": ("λ", pretraining.get("weight_decay")),
        "cd_steps": ("CD steps", pretraining.get("cd_steps")),
        "persistent": ("chains", "persistent"),
        "sampled_inputs": ("inputs", "sampled"),
    }
    return dict(names[key] for key in usual if pretraining.get(key, usual[key]) != usual[key])


def shown_value(value: Any) -> str:
    """Show one value: a number in at most six digits, or a word, as of an emphasis."""
    return value if isinstance(value, str) else format(value, "g")


def shown(params: Mapping[str, Any], among: Sequence[str] | None = None) -> str:
    """Show hyperparameters in a line: ``nHUnit 1000, lRate 0.005, ν 0.25``; lists, of layers or folds, come last.

    Args:
        params: By name.
        among: Those to show; default: all.
    """
    chosen = {name: value for name, value in params.items() if among is None or name in among}
    several = {name: value for name, value in chosen.items() if isinstance(value, list | tuple)}
    single = [
        f"{name} {shown_value(value)}" for name, value in chosen.items() if name not in several and value is not None
    ]
    return ", ".join([*single, *(f"{name} {value}" for name, value in several.items())])
