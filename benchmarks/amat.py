"""How fast ``.amat`` text is read, as ratios to ``numpy.loadtxt`` run in turn with it, and in how much memory.

python benchmarks/amat.py
"""

import argparse
import io
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from sdae.data.icml2007.amat import read_amat
from sdae.formatting import table

WIDTH = 785
FORMS = {"the lab's, ``   9.9609375e-01``": "{:16.7e}", "decimals, ``0.9960938``": "{:.7g} "}
KINDS = {"grey levels, a byte each": "256", "any numbers, float32": "0"}


def write(path: Path, n_rows: int, form: str) -> None:
    """Write grey levels, half of them black, and a class, as text."""
    random = np.random.default_rng(0)
    words = np.array([form.format(level / 256) for level in range(256)])
    with path.open("w") as file:
        for _ in range(n_rows):
            levels = random.integers(0, 256, WIDTH) * (random.random(WIDTH) < 0.5)
            file.write("".join(words[levels[:-1]]) + form.format(random.integers(10)) + "\n")


def ratio(text: bytes, n_rows: int, rounds: int) -> tuple[float, float, float]:
    """Return the median of loadtxt's seconds to ours, and the medians of both.

    Seconds are the processor's: what else runs on the machine hardly disturbs them.
    """
    ours, numpys = [], []
    for _ in range(rounds + 1):
        start = time.process_time()
        x, _ = read_amat(io.BytesIO(text), len(text), "text", n_rows, WIDTH, 10)
        ours.append(time.process_time() - start)
        start = time.process_time()
        theirs = np.loadtxt(io.BytesIO(text))
        numpys.append(time.process_time() - start)
    np.testing.assert_array_equal(x, theirs[:, :-1].astype(np.float32))
    ratios = [b / a for a, b in zip(ours[1:], numpys[1:], strict=True)]  # the first round warms up
    return statistics.median(ratios), statistics.median(ours[1:]), statistics.median(numpys[1:])


def peak(path: Path, n_rows: int, scale: str) -> float:
    """Read a file in a process of its own, and return that process's peak of resident memory in MB."""
    answer = subprocess.run(
        [sys.executable, __file__, "--read", str(path), str(n_rows), scale], stdout=subprocess.PIPE, check=True
    )
    return float(answer.stdout)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--rows", type=int, default=1200)
    parser.add_argument("--large", type=int, default=50_000, help="rows of the file read to measure memory")
    parser.add_argument("--read", nargs=3, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.read:
        path, n_rows, scale = Path(args.read[0]), int(args.read[1]), float(args.read[2]) or None
        with path.open("rb") as file:
            read_amat(file, path.stat().st_size, str(path), n_rows, WIDTH, 10, scale)
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        return
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "text.amat"
        for name, form in FORMS.items():
            write(path, args.rows, form)
            faster, ours, numpys = ratio(path.read_bytes(), args.rows, args.rounds)
            rows.append([name, f"{ours:.3f} s", f"{numpys:.3f} s", f"{faster:.1f}", "≥ 5"])
        write(path, args.large, FORMS["the lab's, ``   9.9609375e-01``"])
        size = path.stat().st_size / 2**20
        peaks = [[kind, f"{peak(path, args.large, scale):.0f} MB", "< 600"] for kind, scale in KINDS.items()]
    print(table([f"{args.rows} rows of {WIDTH}", "here", "numpy.loadtxt", "times as fast", "target"], rows))
    print()
    print(table([f"{size:.0f} MB of text, kept as", "resident memory at most", "target"], peaks))


if __name__ == "__main__":
    main()
