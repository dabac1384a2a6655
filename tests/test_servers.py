"""What the stub endpoint owes to the tests beside it."""

import socket
import struct
import time

import pytest

from tests.servers import StubEndpoint


def test_a_client_that_resets_an_idle_connection_leaves_no_traceback(capfd: pytest.CaptureFixture[str]) -> None:
    with StubEndpoint() as endpoint:
        host, port = endpoint.base_url.removeprefix("http://").removesuffix("/v1").split(":")
        client = socket.create_connection((host, int(port)))
        client.sendall(b"GET /v1/models HTTP/1.1\r\nHost: stub\r\n\r\n")
        assert client.recv(100).startswith(b"HTTP/1.1 200")
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.close()
        time.sleep(0.2)
    assert capfd.readouterr().err == ""
