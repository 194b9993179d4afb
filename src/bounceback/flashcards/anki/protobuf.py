"""Protocol-buffer wire format: the small part of it that Anki's packages use.

Anki's newest packages keep note types, deck settings and the media list as protocol-buffer
messages. The wire format is public; what is read here is varint, 64-bit, length-delimited and
32-bit fields (kinds 0, 1, 2 and 5). Groups (3, 4) are long deprecated and refused.
Source: Protocol Buffers documentation, "Encoding" (developers.google.com/protocol-buffers).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
_VARINT_BYTES = 10  # 64 bits at 7 bits a byte
_FIELD_NUMBER_MAX = (1 << 29) - 1


class WireError(ValueError):
    """A message breaks the wire format."""


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(_VARINT_BYTES):
        if at >= len(data):
            raise WireError("the message ends inside a number")
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << (7 * shift)
        if byte < 0x80:
            return value & 0xFFFF_FFFF_FFFF_FFFF, at
    raise WireError("a number is longer than 10 bytes")


def fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Yield ``(field number, value)`` in the order of the message.

    Args:
        data: One message. Nested messages come out as bytes and are not descended into, so the
            depth of a hostile message costs nothing.

    Yields:
        An unsigned integer for kind 0, the raw bytes for kinds 1, 2 and 5.

    Raises:
        WireError: A number or a length runs past the end, or the kind is unknown.
    """
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        number, kind = key >> 3, key & 7
        if not 1 <= number <= _FIELD_NUMBER_MAX:
            raise WireError(f"field number {number} is outside 1-{_FIELD_NUMBER_MAX}")
        if kind == VARINT:
            value, at = _varint(data, at)
            yield number, value
            continue
        if kind == BYTES:
            length, at = _varint(data, at)
        elif kind == FIXED64:
            length = 8
        elif kind == FIXED32:
            length = 4
        else:
            raise WireError(f"field {number} has the unknown kind {kind}")
        if length > len(data) - at:
            raise WireError(f"field {number} says {length} bytes, {len(data) - at} are left")
        yield number, data[at : at + length]
        at += length


def integer(data: bytes, number: int, default: int = 0) -> int:
    """Return the last integer of that field number, or ``default`` (proto3: absent is 0)."""
    found = default
    for at, value in fields(data):
        if at == number and isinstance(value, int):
            found = value
    return found


def text(data: bytes, number: int) -> str:
    """Return the last text of that field number, or ``""``. What is no UTF-8 becomes U+FFFD."""
    found = b""
    for at, value in fields(data):
        if at == number and isinstance(value, bytes):
            found = value
    return found.decode("utf-8", "replace")


def message(data: bytes, number: int) -> bytes | None:
    """Return the last nested message of that field number as bytes; ``None`` if there is none."""
    found = None
    for at, value in fields(data):
        if at == number and isinstance(value, bytes):
            found = value
    return found


def floats(data: bytes, number: int) -> tuple[float, ...]:
    """Return the 32-bit floats of a repeated field, packed or one by one."""
    found: list[float] = []
    for at, value in fields(data):
        if at == number and isinstance(value, bytes):
            if len(value) % 4:
                raise WireError(f"field {number} holds {len(value)} bytes, not whole floats")
            found.extend(struct.unpack(f"<{len(value) // 4}f", value))
    return tuple(found)


def encode(pairs: Iterable[tuple[int, int | bytes | str]]) -> bytes:
    """Return a message of integers (kind 0) and texts or bytes (kind 2), in the order given."""
    out = bytearray()
    for number, value in pairs:
        if isinstance(value, int):
            out += _encoded_varint(number << 3 | VARINT) + _encoded_varint(value)
        else:
            raw = value.encode() if isinstance(value, str) else value
            out += _encoded_varint(number << 3 | BYTES) + _encoded_varint(len(raw)) + raw
    return bytes(out)


def _encoded_varint(value: int) -> bytes:
    if not 0 <= value < 1 << 64:
        raise ValueError(f"{value} is outside 0 to 2^64 - 1, the range of an unsigned varint")
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
