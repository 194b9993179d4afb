"""The refusal of a file: why it was not read, as a value that ``bounceback.messages`` renders."""

from __future__ import annotations

from bounceback.errors import UntrustedInputError
from bounceback.reasons import Fact, Reason, reason


class UnreadableFileError(UntrustedInputError):
    """A file was not read; nothing of it was kept.

    Attributes:
        reason: What is wrong with it, and by its code what to do.
    """

    def __init__(self, why: Reason) -> None:
        super().__init__(why.code)
        self.reason = why


def refused(code: str, **facts: Fact) -> UnreadableFileError:
    """Return the refusal with this code; keyword arguments are its facts."""
    return UnreadableFileError(reason(f"importers.{code}", **facts))
