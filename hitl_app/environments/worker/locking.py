"""Locks on open files, which end with the process that holds them."""

import sys
from typing import TextIO

if sys.platform == "win32":
    import msvcrt

    def try_lock(file: TextIO) -> bool:
        """Lock a file that is open for writing until it is closed; whether nobody else holds it."""
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def try_lock(file: TextIO) -> bool:
        """Lock a file that is open for writing until it is closed; whether nobody else holds it."""
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
