"""Where the originals of the 2007 benchmark come from."""

import pytest

from sdae.data import Rect
from sdae.data.icml2007.problems import ICML2007
from sdae.errors import SdaeError


def test_a_problem_has_one_archive_with_a_hash(tmp_path):
    [archive] = Rect(tmp_path).archives
    assert archive == ICML2007["rect"].archive
    assert archive.digest


def test_without_the_archive_and_without_fetching_nothing_is_read(tmp_path):
    problem = Rect(tmp_path)
    assert problem.local_files() == ()
    with pytest.raises((SdaeError, FileNotFoundError)):
        problem.read_original(fetch=False)
