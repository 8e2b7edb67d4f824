"""A store's file, as it is known without opening it."""

import struct

STORE = "desk.db"
"""Name of the store's file in a data folder."""

APPLICATION_ID = 0x6869746C
"""`hitl` in ASCII: tells our stores from other programs' SQLite files."""

HEADER_BYTES = 100
"""The beginning of a file, by which a store is known."""

_MAGIC = b"SQLite format 3\0"
_APPLICATION_ID_AT = 68


def is_database(header: bytes) -> bool:
    """Whether a file that begins like this is an SQLite database."""
    return header.startswith(_MAGIC) and len(header) >= HEADER_BYTES


def is_store(header: bytes) -> bool:
    """Whether a file that begins like this is a store of this program, of whatever version."""
    return is_database(header) and struct.unpack_from(">I", header, _APPLICATION_ID_AT) == (APPLICATION_ID,)
