"""Published files: found, fetched whole or not at all, and never used unchecked. The servers are real, and local."""

import gzip
import hashlib
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pooch
import pytest

from patience import PATIENT
from sdae.data.archive import Archive, Unreachable
from sdae.errors import SdaeError

CONTENT = bytes(range(256)) * 400
NOBODY = "http://127.0.0.1:1"


class Server:
    """Serves ``sent`` under every name, announces ``announced`` bytes, and counts."""

    def __init__(self) -> None:
        self.sent, self.announced, self.asked = CONTENT, len(CONTENT), 0
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.asked += 1
                self.send_response(200)
                self.send_header("Content-Length", str(server.announced))
                self.end_headers()
                self.wfile.write(server.sent)

            def log_message(self, *args: object) -> None: ...

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    server = Server()
    yield server
    server.http.shutdown()


def archive(*mirrors: str, name: str = "a.zip") -> Archive:
    return Archive("icml2007", name, mirrors, "sha1", hashlib.sha1(CONTENT).hexdigest())


def files(root: Path) -> set[str]:
    return {path.name for path in root.rglob("*") if path.is_file() and path.suffix != ".lock"}


def test_a_file_that_is_there_is_checked_and_used_without_a_network(tmp_path):
    (tmp_path / "icml2007").mkdir()
    (tmp_path / "icml2007" / "a.zip").write_bytes(CONTENT)
    assert archive(NOBODY).find(tmp_path).read_bytes() == CONTENT


def test_a_compressed_file_is_known_by_its_content(tmp_path):
    (tmp_path / "icml2007").mkdir()
    for level in (1, 9):
        (tmp_path / "icml2007" / "a.gz").write_bytes(gzip.compress(CONTENT, level))
        archive(NOBODY, name="a.gz").find(tmp_path)


@pytest.mark.parametrize("name", ["a.zip", "a.gz"])
def test_a_truncated_file_is_named(tmp_path, name):
    (tmp_path / "icml2007").mkdir()
    whole = gzip.compress(CONTENT) if name == "a.gz" else CONTENT
    (tmp_path / "icml2007" / name).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(SdaeError, match=rf"icml2007/{name}: .*remove it to fetch it again"):
        archive(NOBODY, name=name).find(tmp_path)


def test_the_first_mirror_that_answers_is_used(tmp_path, server):
    assert archive(NOBODY, server.url).find(tmp_path).read_bytes() == CONTENT
    assert files(tmp_path) == {"a.zip"}


def test_the_downloaders_logger_is_left_as_it_was(tmp_path, server):
    logger = pooch.get_logger()
    before = logger.level
    logger.setLevel("INFO")
    try:
        archive(server.url).find(tmp_path)
        assert logger.level == logging.INFO
    finally:
        logger.setLevel(before)


def test_a_mirror_that_sends_another_file_is_passed_over(tmp_path, server):
    other = Server()
    other.sent = CONTENT[::-1]
    assert archive(other.url, server.url).find(tmp_path).read_bytes() == CONTENT
    assert files(tmp_path) == {"a.zip"}
    other.http.shutdown()


def test_a_download_that_breaks_off_leaves_nothing(tmp_path, server):
    server.sent = CONTENT[:1000]
    with pytest.raises(Unreachable, match=r"a.zip is not in .*icml2007"):
        archive(server.url).find(tmp_path)
    assert server.asked
    assert files(tmp_path) == set()


def test_without_a_network_what_to_do_is_said(tmp_path):
    with pytest.raises(Unreachable, match="data.root"):
        archive(NOBODY).find(tmp_path)
    assert files(tmp_path) == set()


def test_nothing_is_fetched_where_that_is_not_allowed(tmp_path, server):
    with pytest.raises(Unreachable):
        archive(server.url).find(tmp_path, fetch=False)
    assert server.asked == 0


def test_a_folder_that_cannot_be_written_is_named(tmp_path, server):
    (tmp_path / "icml2007").write_text("a file where a folder should be")
    with pytest.raises(SdaeError, match="cannot be written"):
        archive(server.url).find(tmp_path)


def test_two_processes_fetch_a_file_once(tmp_path, server):
    script = (
        "import sys; from pathlib import Path; from sdae.data.archive import Archive\n"
        f"Archive('icml2007', 'a.zip', ('{server.url}',), 'sha1', '{archive().digest}').find(Path(sys.argv[1]))"
    )
    processes = [subprocess.Popen([sys.executable, "-c", script, str(tmp_path)]) for _ in range(2)]
    assert [process.wait(timeout=PATIENT) for process in processes] == [0, 0]
    assert server.asked == 1
    assert files(tmp_path) == {"a.zip"}
