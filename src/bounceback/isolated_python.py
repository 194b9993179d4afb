"""Start Python without the working folder: what lies in a shared folder never runs as code.

Python puts the working folder on the path of ``python -m`` and ``python -c``, and an empty entry of
``PYTHONPATH`` stands for it too. A file ``numpy.py`` that somebody left there would be run.

This module imports nothing that Python has not loaded by itself: it runs before the path is clean.
"""

import os
import sys

_RUN = (
    "import sys; sys.path[:] = sys.argv.pop(1).split('\\n'); import runpy; "
    "runpy.run_module(sys.argv.pop(1), run_name='__main__', alter_sys=True)"
)


def own_path() -> list[str]:
    """Return the import path of this process without the working folder.

    The folder that this package was imported from stays, wherever it is.
    """
    path = os.path  # pathlib would be imported from the path that is cleaned here
    package = path.realpath(path.join(path.dirname(__file__), os.pardir))
    working = path.realpath(os.curdir)
    kept = []
    for entry in sys.path:
        resolved = path.realpath(entry or os.curdir)
        if resolved == package or (path.isabs(entry) and resolved != working):
            kept.append(resolved)
    return kept


def leave_out_working_folder() -> None:
    """Take the working folder off the import path of this process."""
    sys.path[:] = own_path()


def is_own_program(arguments: list[str]) -> bool:
    """Tell whether this process runs our command, as a script or with ``python -m``."""
    name = os.path.split(arguments[0])[1] if arguments else ""
    return name in ("-m", "bounceback", "bounceback.exe", "bounceback-script.py")


def command(module: str, *arguments: str) -> list[str]:
    """Return the command that runs a module in an isolated interpreter.

    Args:
        module: Name of a module with a ``__main__`` guard.
        arguments: What it finds in ``sys.argv``.
    """
    return [sys.executable, "-I", "-c", _RUN, "\n".join(own_path()), module, *arguments]
