"""Bad inputs to every command: one line that names the file or the parameter, status 2, and nothing half-written."""

import shlex
import shutil

import numpy as np
import pytest
from PIL import Image

from sdae.cli import main

QUICK = "--method sdae-1 --model.n_units 4 --pretraining.epochs 1 --fine_tuning.max_epochs 1 --tracking.wandb off"
OWN = "class_path: sdae.data.LocalArrays\ninit_args: {path: own.npz, %s}\n"
FILES = {
    "half.yaml": OWN % "valid_fraction: 0.6, test_fraction: 0.6",
    "none.yaml": OWN % "valid_fraction: 0",
    "shape.yaml": OWN % "image_shape: [5, 5]",
    "scale.yaml": OWN % "scale: perhaps",
    "many.yaml": OWN % "train_size: 1000",
    "spaced.yaml": OWN % "name: my data",
    "lost.yaml": "class_path: sdae.data.LocalArrays\ninit_args: {path: lost.npz}\n",
    "pets.yaml": "class_path: sdae.data.ImageFolder\ninit_args: {path: pets}\n",
    "nopets.yaml": "class_path: sdae.data.ImageFolder\ninit_args: {path: nopets}\n",
    "csv.yaml": "class_path: sdae.data.LocalArrays\ninit_args: {path: table.csv}\n",
    "table.yaml": "class_path: sdae.data.LocalTable\ninit_args: {path: table.csv, target: c}\n",
    "column.yaml": "class_path: sdae.data.LocalTable\ninit_args: {path: table.csv, target: d}\n",
    "nocode.yaml": "class_path: my_package.Mine\n",
    "noclass.yaml": "init_args: {path: own.npz}\n",
    "whole.yaml": "data:\n  class_path: sdae.data.LocalArrays\n  init_args: {path: own.npz}\nmodel: {n_layers: 1}\n",
    "loop.yaml": "data: loop.yaml\n",
    "list.yaml": "[1, 2]\n",
    "twice.yaml": "model: {n_units: 3}\nmodel: {n_units: 4}\n",
    "latin.yaml": b"tracking: {project: \xe4}\n",
    "bad-sweep.yaml": "studies: [{problems: [rect], methods: [sdae-1]}]\nspace: {lRate: [0.1]}\nspace: {}\n",
    "lost-sweep.yaml": "studies: [{problems: [lost.yaml], methods: [sdae-1]}]\n",
    "whole-sweep.yaml": "studies: [{problems: [whole.yaml], methods: [sdae-1]}]\n",
    "far-sweep.yaml": "studies: [{problems: [far/away.yaml], methods: [sdae-1]}]\n",
    "sweep.yaml": "studies: [{problems: [rect], methods: [sdae-1]}]\n",
    "pruned-sweep.yaml": "studies: [{problems: [rect], methods: [sdae-1]}]\npruner: often\n",
    "table.csv": "a,b,c\n1,2,x\n3,,y\n" + 20 * "5,6,x\n7,8,y\n",
    "file": "no folder",
}

# What cannot be used of one's own data: --data of fit, of svm, and data show say the same of each.
DATA = {
    "half.yaml": "data.valid_fraction 0.6 + data.test_fraction 0.6: leaves nothing to train on",
    "none.yaml": "data.valid_fraction: above 0 and below 1, not 0",
    "shape.yaml": "data.image_shape: (5, 5) is not 12 components",
    "scale.yaml": "scale",
    "many.yaml": "data.train_size: own has 48 training examples, not 1000",
    "spaced.yaml": "data.name: a word without spaces and slashes, not 'my data'",
    "lost.yaml": "lost.npz: no such file",
    "pets.yaml": "pets/dog: holds no picture",
    "nopets.yaml": "nopets: no such folder of pictures",
    "csv.yaml": "table.csv: is a table; use the class sdae.data.LocalTable",
    "table.yaml": "table.csv: column b: row 1, counted from 0",
    "column.yaml": "table.csv: has no column d",
    "nocode.yaml": "my_package",
    "noclass.yaml": "noclass.yaml: names no problem: a class_path with its init_args",
    "loop.yaml": "loop.yaml: data loop.yaml: is a whole configuration itself",
    "list.yaml": "list.yaml: holds no keys and values",
    "twice.yaml": "twice.yaml: the key model is given twice, in lines 1 and 2",
    "missing.yaml": "data missing.yaml: no such file",
    "moons": "data moons: unknown; choose one of basic",
}

BAD = [
    # fit
    ("fit --data whole.yaml", "whole.yaml: is a whole configuration, with model beside data; name it as config"),
    ("fit --config latin.yaml", "latin.yaml: cannot be read"),
    ("fit --config rect-sdae-9", "--config rect-sdae-9: unknown; choose one of"),
    ("fit --config lost.yml", "--config lost.yml: no such file"),
    ("fit --data own.yaml --run file", "file: cannot be used as a run folder"),
    ("fit --data own.yaml --run pets", "pets: is not empty and is not a run folder"),
    ("fit --run mine", "mine: holds a finished run"),
    ("fit --run mine --data own.yaml --path own.npz --overwrite", "path own.npz: only for the run in a folder"),
    ("fit --data own.yaml --path own.npz", "path own.npz: only for the run in a folder"),
    # validate, test
    ("validate", "validate: a run folder is needed"),
    ("validate --run file", "file: holds no run"),
    ("validate --run mine --weights own.npz", "own.npz: is damaged, or not a checkpoint of this package"),
    ("test --run mine --weights file", "file: is damaged, or not a checkpoint of this package"),
    ("test --run mine --path lost.npz", "lost.npz: no such file or folder"),
    ("test --run mine --path table.csv", "table.csv: is a table"),
    ("test --run mine --data rect", "config.yaml: data"),
    # predict
    ("predict --run mine", "output"),
    ("predict --run mine --output file/p.npy --input own.npz", "file/p.npy: cannot be written"),
    ("predict --run mine --output p.npy --input table.csv", "table.csv"),
    ("predict --run mine --output p.npy --input cat.png", "cat.png"),
    ("predict --run mine --output p.npy --input big.npy", "big.npy: row 0, counted from 0, holds 1"),
    ("predict --run mine --output p.npy --input wide.npy", "(3, 13); the run needs (n, 12)"),
    ("predict --run mine --output p.npy --weights own.npz", "own.npz: is damaged, or not a checkpoint of this package"),
    # filters, samples
    ("filters", "--run"),
    ("filters --run file", "file: holds no run"),
    ("filters --run mine --n 0", "--n"),
    ("filters --run mine --units 5", "--units 5: mine has units 1 to 4"),
    ("filters --run mine --layer 2", "--layer"),
    ("filters --run mine --output file/f.png", "file/f.png: cannot be written"),
    ("samples", "--run"),
    ("samples --run file", "file: holds no run"),
    ("samples --run mine --judged 25", "--judged 25: own has 48 training examples"),
    ("samples --run mine --gibbs 3", "--gibbs: mine is an SDAE-1"),
    ("samples --run mine --path lost.npz", "--path"),
    ("samples --run mine --output file/s.png", "file/s.png: cannot be written"),
    # svm, export
    ("svm", "--run"),
    ("svm --run file", "file: holds no run"),
    ("svm --run mine --data own.yaml", "--run"),
    ("svm --run mine --layers 2", "--layers: 2 does not exist"),
    ("svm --data own.yaml --layers 1", "--layers: 1 does not exist"),
    ("svm --data own.yaml --C 0", "--C 0: a positive number"),
    ("svm --data own.yaml --output mine", "mine: holds a run"),
    ("svm --data own.yaml --output file", "file"),
    ("svm --data own.yaml --workers 0", "--workers 0: at least one"),
    ("export", "--run"),
    ("export --run file", "file: holds no run"),
    ("export --run mine --output model.txt", "--output model.txt: the name of a .onnx or .safetensors file"),
    ("export --run mine --output file/model.safetensors", "file/model.safetensors: cannot be written"),
    ("export --run mine --output m.safetensors --layer 1", "--layer"),
    # data
    ("data show own.yaml --n 0", "--n 0: at least one example"),
    ("data show own.yaml --split all", "split"),
    ("data show own.yaml --output sheet.xyz", "--output sheet.xyz: the name of a picture"),
    ("data show plain.yaml", "plain.yaml: its examples are not pictures"),
    ("data show own.yaml --output file/s.png", "file/s.png: cannot be written"),
    ("data prepare lost.yaml", "lost.npz: no such file"),
    ("data prepare rect --root file --source generated", "file/cache: cannot be written"),
    ("data prepare rect --source stolen", "source"),
    ("data list --source auto", "--source"),
    # sweep
    ("sweep --config rect", "--config rect: unknown; choose one of ablation-basic"),
    ("sweep --config lost.yaml", "lost.yaml"),
    ("sweep --config list.yaml", "list.yaml"),
    ("sweep --config bad-sweep.yaml", "bad-sweep.yaml: the key space is given twice, in lines 2 and 3"),
    ("sweep --config lost-sweep.yaml", "lost-sweep.yaml: "),
    ("sweep --config whole-sweep.yaml", "whole.yaml: is a whole configuration, with model beside data"),
    ("sweep --config far-sweep.yaml", "far-sweep.yaml: problems: far/away.yaml: no such file"),
    ("sweep --config pruned-sweep.yaml", "pruned-sweep.yaml: pruner"),
    ("sweep --config sweep.yaml --name ..", "--name ..: a folder's name, without a slash"),
    ("sweep --config sweep.yaml --name a/b", "--name a/b: a folder's name, without a slash"),
    ("sweep --config sweep.yaml --folder file", "file: cannot be written"),
    ("sweep --config sweep.yaml --storage sqlite:///:memory:", "is in this process's memory"),
    ("sweep --config sweep.yaml --storage sqlite:///file", "file: cannot be used"),
    ("sweep --config sweep.yaml --storage sqlite:///lost/study.db", "study.db: cannot be used"),
    ("sweep --config sweep.yaml --storage mysql://a@b/c", "give postgresql://USER@HOST/DATABASE"),
    ("sweep --config sweep.yaml --storage study", "--storage: "),
    ("sweep --config sweep.yaml --workers -1", "--workers"),
    ("sweep --status --folder file", "file/study.db: no such storage"),
    ("sweep --status --storage sqlite:///file", "file: "),
    ("sweep --join --config sweep.yaml", "--join: takes its studies from the storage"),
    # reproduce, report, dashboard
    ("reproduce table9", "table9: no such target"),
    ("reproduce table3 --problems moons", "--problems moons: no such problem"),
    ("reproduce table3 --methods svm-9", "--methods svm-9"),
    ("reproduce table3 --budget soon", "--budget soon: a number and s, m, h or d"),
    ("reproduce table3 --settings list.yaml", "list.yaml"),
    ("reproduce table3 --workers -1", "--workers -1: not negative"),
    ("report lost", "lost: no such folder"),
    ("report", "report: there is neither results nor runs here"),
    ("report mine --output file/page", "--output file/page: file is not a folder"),
    ("report mine --markdown lost/RESULTS.md", "--markdown lost/RESULTS.md: there is no folder lost"),
    ("report mine --storage study", "--storage: "),
    ("dashboard --sweep lost", "runs/lost/study.db: no such storage"),
    ("dashboard --offline --output file/d.json", "file/d.json: cannot be written"),
]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with what people bring: data that can be used and that cannot, and a run on their own arrays."""
    folder = tmp_path_factory.mktemp("place")
    random = np.random.default_rng(0)
    x, t = random.random((60, 12)), np.arange(60) % 3
    np.savez(folder / "own.npz", x=x, t=t)
    np.save(folder / "big.npy", 255 * x)
    np.save(folder / "wide.npy", random.random((3, 13)))
    (folder / "own.yaml").write_text(OWN % "image_shape: [3, 4]")
    (folder / "plain.yaml").write_text(OWN % "seed: 1")
    for name, text in FILES.items():
        (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    for name in ("cat", "dog"):
        (folder / "pets" / name).mkdir(parents=True)
    Image.new("L", (5, 4)).save(folder / "pets" / "cat" / "1.png")
    Image.new("L", (5, 4)).save(folder / "cat.png")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        main(["fit", "--data", "own.yaml", *shlex.split(QUICK), "--run", "mine"])
    return folder


@pytest.fixture
def here(place, tmp_path):
    """That folder as the working folder."""
    shutil.copytree(place, tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.mark.parametrize(("words", "named"), BAD, ids=[words for words, _ in BAD])
def test_of_every_command(spotless, here, words, named):
    assert named in spotless(*shlex.split(words))


@pytest.mark.parametrize("command", ["fit --run new --data", "svm --layers 0 --output new --data", "data show"])
@pytest.mark.parametrize(("file", "named"), DATA.items(), ids=list(DATA))
def test_of_own_data_by_every_command_that_takes_them(spotless, here, command, file, named):
    assert named in spotless(*command.split(), file)


@pytest.mark.parametrize(
    "words",
    [
        "fit --data own.yaml --tracking.wandb auto",
        "svm --data own.yaml --output new",
        "filters --run mine --wandb auto",
        "samples --run mine --judged 0 --wandb auto",
        "sweep --config sweep.yaml",
    ],
)
def test_of_the_environment(spotless, here, monkeypatch, words):
    monkeypatch.setenv("WANDB_MODE", "bogus")
    assert "WANDB_MODE: online, offline or disabled, not bogus" in spotless(*shlex.split(words))
