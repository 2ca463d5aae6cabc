"""What test files share by naming it."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer

import hypothesis
import pytest

# How fast the machine is says nothing about what is tested.
hypothesis.settings.register_profile(
    "untimed",
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("untimed")


@pytest.fixture(params=[".git", ""], ids=["git", "no-git"])
def with_and_without_git(request, monkeypatch):
    """Run a test in a checkout, and in a copy as archives and images hold it."""
    monkeypatch.setenv("PROJECT_MARKER", request.param)


@pytest.fixture(scope="module")
def url():
    """A server that answers everything with JSON and keeps its connections."""

    class Request(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(200)
            body = b'{"TableNames": []}'
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = answer

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Request)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield "http://127.0.0.1:%d/" % server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()
