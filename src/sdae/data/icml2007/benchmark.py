"""Base class of the eight problems of Larochelle et al. (2007): the source of their originals."""

from pathlib import Path

from sdae.data.archive import Archive
from sdae.data.cache import Arrays
from sdae.data.icml2007.problems import ICML2007, read_unpacked, read_zip, unpacked
from sdae.data.problem import Problem


class Benchmark(Problem):
    """A problem of the 2007 benchmark, published as a zip of text."""

    @property
    def archives(self) -> tuple[Archive, ...]:
        """The one zip."""
        return (ICML2007[self.name].archive,)

    def read_original(self, fetch: bool) -> Arrays:
        """Read the zip, its images upright."""
        published = ICML2007[self.name]
        path = published.archive.find(self.root, fetch)
        return read_zip(path, self.sizes, self.n_features, self.n_classes, published.sideways)

    def local_files(self) -> tuple[Path, ...]:
        """Return the unpacked text files that the user has in place of the zip; no hash is known of them."""
        return unpacked(self.name, self.root) or ()

    def read_local(self, files: tuple[Path, ...]) -> Arrays:
        """Read them, images upright."""
        train, test = files
        return read_unpacked(train, test, self.sizes, self.n_features, self.n_classes, ICML2007[self.name].sideways)
