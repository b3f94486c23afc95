"""Payload digests as other tools write them, so that a revisit which names nothing else finds its original."""

import base64
import hashlib

_SIZES = {"md5": 16, "sha1": 20, "sha256": 32, "sha512": 64}


def label(stated: str) -> str:
    """A digest in one form, `sha1:` and lower-case hexadecimal; '' where it is none that is known.

    WARC leaves algorithm and encoding open: most tools write SHA-1 in base 32, some hexadecimal.
    """
    algorithm, _, value = stated.partition(":")
    algorithm = algorithm.lower().replace("sha-", "sha")
    size = _SIZES.get(algorithm, 0)
    try:
        if len(value) == 2 * size:
            decoded = bytes.fromhex(value)
        else:
            decoded = base64.b32decode(value.upper() + "=" * (-len(value) % 8))
    except ValueError:
        return ""
    return f"{algorithm}:{decoded.hex()}" if size and len(decoded) == size else ""


def agrees(name: str, *forms: bytes) -> bool:
    """Whether a label is that of one of these forms of a payload (some tools digest it with its chunks)."""
    algorithm, _, value = name.partition(":")
    return any(hashlib.new(algorithm, form, usedforsecurity=False).hexdigest() == value for form in forms)
