"""Passwords as salted scrypt hashes; the standard library does the work.

A hash names its own parameters, so that stronger ones can be chosen later and older ones still be read.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import unicodedata
from base64 import b64decode, b64encode
from binascii import Error as Base64Error

from app.errors import InputError

SHORTEST, LONGEST = 15, 1024
"""Characters. 15 where a password is all there is: NIST SP 800-63B-4, section 3.1.1.2."""

# OWASP Password Storage Cheat Sheet: N=2^15, r=8, p=3 is one of its equal minima; 32 MB while it runs.
_COST_LOG2, _BLOCK, _LANES = 15, 8, 3
_SALT_BYTES, _HASH_BYTES = 16, 32
_MEMORY = 128 * 1024 * 1024


def hash_password(password: str) -> str:
    """A hash under a fresh salt, as "scrypt$15$8$3$SALT$HASH".

    Raises:
        InputError: the password is too short or too long.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise InputError(
            f"the password has {len(password)} characters and needs {SHORTEST} to {LONGEST}; four or five words do well"
        )
    salt = os.urandom(_SALT_BYTES)
    hashed = _scrypt(password, salt, cost_log2=_COST_LOG2, block=_BLOCK, lanes=_LANES)
    return "$".join(["scrypt", str(_COST_LOG2), str(_BLOCK), str(_LANES), _text(salt), _text(hashed)])


def is_password(password: str, hashed: str | None) -> bool:
    """Whether a password belongs to a hash. Without a hash it takes as long, and is not.

    Raises:
        ValueError: that is no hash of ours.
    """
    known = hashed if hashed is not None else _NOBODY
    kind, cost, block, lanes, salt, wanted = known.split("$")
    if kind != "scrypt":
        raise ValueError(f"{kind!r} hashes are not read here")
    if len(password) > LONGEST:
        password = ""
    try:
        found = _scrypt(password, b64decode(salt), cost_log2=int(cost), block=int(block), lanes=int(lanes))
        same = hmac.compare_digest(found, b64decode(wanted))
    except Base64Error as error:
        raise ValueError("salt or hash is no base64") from error
    return same and hashed is not None


def _scrypt(password: str, salt: bytes, *, cost_log2: int, block: int, lanes: int) -> bytes:
    """The same bytes however a keyboard composes its letters."""
    plain = unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
    return hashlib.scrypt(plain, salt=salt, n=2**cost_log2, r=block, p=lanes, maxmem=_MEMORY, dklen=_HASH_BYTES)


def _text(raw: bytes) -> str:
    return b64encode(raw).decode("ascii")


_NOBODY = "$".join(
    ["scrypt", str(_COST_LOG2), str(_BLOCK), str(_LANES), _text(bytes(_SALT_BYTES)), _text(bytes(_HASH_BYTES))]
)
