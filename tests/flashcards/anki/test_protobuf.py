import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bounceback.flashcards.anki import protobuf


@given(
    st.lists(
        st.tuples(
            st.integers(1, 300), st.one_of(st.integers(0, 2**64 - 1), st.binary(max_size=40))
        ),
        max_size=8,
    )
)
@settings(derandomize=True, deadline=None)
def test_what_is_encoded_is_decoded(pairs):
    assert list(protobuf.fields(protobuf.encode(pairs))) == pairs


@given(st.binary(max_size=60))
@settings(derandomize=True, max_examples=500, deadline=None)
def test_any_bytes_are_read_or_refused(data):
    try:
        found = list(protobuf.fields(data))
    except protobuf.WireError:
        return
    assert sum(len(value) for _, value in found if isinstance(value, bytes)) <= len(data)


@pytest.mark.parametrize(
    "data",
    [
        b"\x08",  # ends inside a number
        b"\x08" + b"\xff" * 11,  # a number of 11 bytes
        b"\x0a\x05abc",  # a length past the end
        b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",  # a length of 2^64 - 1
        b"\x0b",  # a group
        b"\x00\x01",  # field 0
        b"\x09abc",  # half a 64-bit number
    ],
)
def test_a_broken_message_is_refused(data):
    with pytest.raises(protobuf.WireError):
        list(protobuf.fields(data))


def test_known_bytes():
    # Worked example of the encoding's documentation: field 1 = 150.
    assert protobuf.integer(b"\x08\x96\x01", 1) == 150
    assert protobuf.text(protobuf.encode([(2, "testing")]), 2) == "testing"
    assert protobuf.integer(b"", 1) == 0
    assert protobuf.message(b"", 1) is None


def test_floats_come_packed_or_one_by_one():
    packed = protobuf.encode([(6, struct.pack("<2f", 0.5, 2.0))])
    apart = b"\x35" + struct.pack("<f", 0.5) + b"\x35" + struct.pack("<f", 2.0)
    assert protobuf.floats(packed, 6) == protobuf.floats(apart, 6) == (0.5, 2.0)
    with pytest.raises(protobuf.WireError, match="whole floats"):
        protobuf.floats(protobuf.encode([(6, b"abc")]), 6)
