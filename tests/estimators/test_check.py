"""scikit-learn's own checks, all of them, of the estimators with their defaults: three layers of 1,000 units."""

import json
import os
import subprocess
import sys

import pytest

pytest.importorskip("pandas", reason="one of the checks needs it: pip install -e '.[dev]'")

# A process of its own: one of the checks asks for this variable before scipy is imported, or skips itself.
CHECKS = """
import json, sys, warnings
warnings.simplefilter("ignore")
from sklearn.utils.estimator_checks import check_estimator
from sdae import estimators
results = check_estimator(getattr(estimators, sys.argv[1])(), on_skip=None, on_fail=None)
json.dump([(r["check_name"], r["status"], repr(r["exception"])) for r in results], open(sys.argv[2], "w"))
"""


@pytest.mark.slow
@pytest.mark.parametrize("name", ["StackedAutoencoder", "StackedAutoencoderClassifier"])
def test_every_check_of_scikit_learn_passes(name, tmp_path):
    environment = os.environ | {"SCIPY_ARRAY_API": "1"}
    subprocess.run([sys.executable, "-c", CHECKS, name, tmp_path / "results"], env=environment, check=True)
    results = json.loads((tmp_path / "results").read_text())
    assert len(results) > 40
    assert [result for result in results if result[1] != "passed"] == []
