"""gunicorn's worker of threads, in which no client keeps another waiting."""

import errno
import socket
import time
from contextlib import suppress
from functools import partial
from selectors import EVENT_READ
from typing import Any, Final

from gunicorn.workers.gthread import TConn, ThreadWorker

PATIENCE: Final = 10.0
"""Seconds without a byte after which a client that sends or takes an answer is given up."""
LEFTOVERS: Final = 16
"""Pieces of an unread request that are taken off before closing."""


class Socket(socket.socket):
    """A client's end on which a thread waits for `PATIENCE` and no longer; what is late counts as hung up."""

    def setblocking(self, flag: bool) -> None:  # noqa: FBT001 - socket's own signature
        """Where others would wait forever, wait with patience."""
        self.settimeout(PATIENCE if flag else 0)

    def recv(self, *args: Any) -> bytes:
        """What has come. Raises ConnectionResetError where nothing comes."""
        try:
            return super().recv(*args)
        except TimeoutError as error:
            raise ConnectionResetError(errno.ECONNRESET, "nothing came") from error

    def sendall(self, *args: Any) -> None:
        """Send everything. Raises BrokenPipeError where it is not taken."""
        try:
            super().sendall(*args)
        except TimeoutError as error:
            raise BrokenPipeError(errno.EPIPE, "nothing was taken") from error


class Connection(TConn):  # type: ignore[misc]  # gunicorn has no types
    """A connection whose end is not waited for."""

    def close(self, graceful: bool = False) -> None:  # noqa: FBT001, FBT002 - gunicorn's own signature
        """Say goodbye and hang up. gunicorn lingers here for two seconds, in the loop that serves everyone."""
        with suppress(OSError):
            if graceful:
                self.sock.shutdown(socket.SHUT_WR)
                self.sock.setblocking(False)
                for _ in range(LEFTOVERS):  # bytes left unread would cut off the answer
                    if not self.sock.recv(65_536):
                        break
        self.sock.close()


class Worker(ThreadWorker):  # type: ignore[misc]  # likewise
    """Threads are for requests that have begun to arrive."""

    def accept(self, listener: socket.socket) -> None:
        """Take a connection in and wait for its first byte here, where gunicorn has a thread wait for it.

        Browsers open connections before they need them; eight of those would take all threads for five seconds.
        """
        try:
            accepted, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        client = Socket(fileno=accepted.detach())
        connection = Connection(self.cfg, client, address, listener.getsockname())
        connection.timeout = time.monotonic() + self.cfg.keepalive
        self.nr_conns += 1
        self.pending_conns.append(connection)
        self.poller.register(client, EVENT_READ, partial(self.on_pending_socket_readable, connection))
