"""What the standard library raises on a zip that is damaged, encrypted or of an unknown method."""

from __future__ import annotations

import lzma
import zipfile
import zlib
from typing import Final

ZIP_FAULTS: Final = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,  # the content ends before its stated length
    RuntimeError,  # an encrypted entry; NotImplementedError, its subclass: an unknown method
    OSError,  # also bzip2's own fault. One with an ``errno`` is of the disk, not of the zip.
    ValueError,
    OverflowError,
)
"""To be caught together: which of them comes depends on where the damage lies."""
