"""One desk for each store: a later start hands over what it was to open, and ends.

The desk holds a lock and listens on a local socket, both in a folder that only its owner can open. Requests and answers
are lines of JSON. What stays behind of a desk that was killed is taken over by the next one.
"""

import hashlib
import json
import logging
import os
import sys
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QLockFile, QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from hitl_app.domain.errors import UserError
from hitl_app.domain.launching import TOKENS

PATIENCE = 10.0
"""Seconds within which a desk says that it is there."""

START_PATIENCE = 60.0
"""Seconds within which a desk that is there, and still starts or already closes, takes what it is handed or ends."""

MAX_BYTES = 2**20
"""Most that a request may have."""

MAX_TOKEN = 1_000
"""Characters of a token that a desktop gives at most."""

_HERE, _TAKEN = b'{"state": "here"}\n', b'{"state": "taken"}\n'
_RETRY_SECONDS = 0.05

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Request:
    """What a later start wants of the desk.

    Attributes:
        files: To open, as absolute paths.
        token: The desktop's permission to come to the front; empty where there is none.
    """

    files: tuple[Path, ...] = ()
    token: str = ""

    @classmethod
    def of_start(cls, files: Sequence[Path], variables: Mapping[str, str]) -> "Request":
        """What a start in this environment wants."""
        token = next((variables[name] for name in TOKENS if variables.get(name)), "")
        return cls(tuple(files), token if len(token) <= MAX_TOKEN else "")

    def encode(self) -> bytes:
        """One line of JSON."""
        value = {"files": [str(file) for file in self.files], "token": self.token}
        return json.dumps(value).encode("ascii") + b"\n"  # a name that is no UTF-8 keeps its escapes

    @classmethod
    def decode(cls, line: bytes) -> "Request":
        """What somebody sent.

        Raises:
            ValueError: It is no request.
        """
        value = json.loads(line)
        names, token = (value.get("files"), value.get("token", "")) if isinstance(value, dict) else (None, None)
        if not isinstance(names, list) or not isinstance(token, str) or len(token) > MAX_TOKEN or "\0" in token:
            raise ValueError("not a request to a desk")
        if not all(isinstance(name, str) and "\0" not in name and Path(name).is_absolute() for name in names):
            raise ValueError("not a list of absolute paths")
        return cls(tuple(map(Path, names)), token)


class DeskClaim:
    """The claim of this process to be the desk on a store."""

    def __init__(self, store: Path, folder: Path, user: str) -> None:
        """Name the claim; nothing is claimed yet.

        Args:
            store: The store's file, whether it is there or not.
            folder: Where locks and sockets are kept; only the user may open it.
            user: The name in the system.
        """
        self.store = store.resolve()
        words = f"{user}\0{os.path.normcase(self.store)}"
        # Short, because the system lets the whole address of a socket have a hundred bytes or so.
        name = hashlib.sha256(words.encode("utf-8", "surrogateescape")).hexdigest()[:16]
        self.address = f"hitl-app-{name}" if sys.platform == "win32" else str(folder / f"{name}.socket")
        self._lock = QLockFile(str(folder / f"{name}.lock"))
        self._lock.setStaleLockTime(0)  # however long a desk has been open: only the end of its process frees the claim

    def take(self) -> bool:
        """Claim the store; False where another process is the desk.

        Raises:
            UserError: The folder of the locks cannot be written.
        """
        taken = self._lock.tryLock(0)
        if not taken and self._lock.error() is not QLockFile.LockError.LockFailedError:
            raise UserError(f"{self._lock.fileName()}: cannot be written, and no desk is opened without it")
        return taken

    def release(self) -> None:
        """This process is the desk no longer."""
        self._lock.unlock()

    @property
    def holder(self) -> int:
        """Number of the process that is the desk; 0 where that is not known."""
        process, _, _ = self._lock.getLockInfo()
        return process


def take_or_hand_over(claim: DeskClaim, request: Request, patience: float = PATIENCE) -> bool:
    """Become the desk on a store, or hand what was wanted to the one that there is.

    Args:
        claim: On the store.
        request: What was wanted.
        patience: Seconds within which the other desk says that it is there.

    Returns:
        Whether this process is the desk; else the other one took the request.

    Raises:
        UserError: The other one does not answer.
    """
    deadline = QDeadlineTimer(round(patience * 1000))
    while not claim.take():
        if _was_taken(claim.address, request, deadline):
            return False
        if deadline.hasExpired():
            raise UserError(
                f"the desk on {claim.store} is open already (process {claim.holder}), and does not answer. "
                "Close it or end that process, then try again"
            )
        time.sleep(_RETRY_SECONDS)
    return True


def _was_taken(address: str, request: Request, deadline: QDeadlineTimer) -> bool:
    """Whether the desk took the request; it did not where it has ended, or the time is over."""
    socket = QLocalSocket()
    socket.connectToServer(address)
    if not socket.waitForConnected(deadline.remainingTime()):
        return False
    _let_it_come_forward()
    socket.write(request.encode())
    socket.waitForBytesWritten(deadline.remainingTime())
    for line in _answers(socket, deadline):
        if line == _TAKEN:
            return True
        deadline.setRemainingTime(round(START_PATIENCE * 1000))
    return False


def _answers(socket: QLocalSocket, deadline: QDeadlineTimer) -> Iterator[bytes]:
    while socket.canReadLine() or socket.waitForReadyRead(deadline.remainingTime()):
        if socket.canReadLine():
            yield bytes(socket.readLine(MAX_BYTES).data())


def _let_it_come_forward() -> None:
    """Windows lets only the program in front pass this on."""
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415

        any_process = -1
        ctypes.windll.user32.AllowSetForegroundWindow(any_process)


class Knock:
    """A later start with its request, which waits for an answer."""

    def __init__(self, request: Request, socket: QLocalSocket) -> None:
        self.request = request
        self._socket = socket

    def take(self) -> bool:
        """Say that the desk takes the request; False where nobody waits for it any more."""
        waits = self._socket.state() is QLocalSocket.LocalSocketState.ConnectedState
        if waits:
            self._socket.write(_TAKEN)
            self._socket.flush()
        return waits


class DeskServer(QObject):
    """The desk's ear for later starts.

    Attributes:
        knocks: Those who wait for an answer.

    Signals:
        knocked: One more waits.
    """

    knocked = Signal()

    def __init__(self, claim: DeskClaim, parent: QObject) -> None:
        """Listen for later starts; `claim` must have been taken."""
        super().__init__(parent)
        self.knocks: deque[Knock] = deque()
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._greet)
        QLocalServer.removeServer(claim.address)  # of a desk that was killed: the claim is ours
        if not self._server.listen(claim.address):
            log.warning("later starts cannot hand over what they open: %s", self._server.errorString())

    def close(self) -> None:
        """Listen no longer."""
        self._server.close()

    def answer(self) -> None:
        """Tell those who came meanwhile that there is a desk: to be called between long steps of its start."""
        QCoreApplication.processEvents()

    def _greet(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.disconnected.connect(socket.deleteLater)
            socket.readyRead.connect(lambda socket=socket: self._read(socket))
            if socket.bytesAvailable():
                self._read(socket)

    def _read(self, socket: QLocalSocket) -> None:
        if not socket.canReadLine():
            if socket.bytesAvailable() > MAX_BYTES:
                self._refuse(socket, "it is too long")
            return
        try:
            request = Request.decode(bytes(socket.readLine(MAX_BYTES + 1).data()))
        except (ValueError, RecursionError) as error:
            self._refuse(socket, str(error))
        else:
            socket.write(_HERE)
            socket.flush()
            self.knocks.append(Knock(request, socket))
            self.knocked.emit()

    def _refuse(self, socket: QLocalSocket, reason: str) -> None:
        log.warning("what a later start sent is refused: %s", reason)
        socket.abort()
