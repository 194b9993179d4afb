"""From the words typed to an exit status: find the command, ask it, print, or say what is wrong.

Exit status: 0 answered; 1 a fault of ours; 2 bad input, one line a fault on standard error and
nothing on standard output; 130 stopped with Ctrl-C; 141 the reader of a pipe went away.
"""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from collections.abc import Iterable, Sequence
from typing import Final

from bounceback import isolated_python
from bounceback.cli.arguments import SUPPORT_LINE, Parser, UsageError
from bounceback.cli.command_table import BY_NAME, COMMANDS, Command
from bounceback.cli.console import Screen, without_hidden
from bounceback.errors import BouncebackError, CaseError

ANSWERED: Final = 0
OUR_FAULT: Final = 1
BAD_INPUT: Final = 2
STOPPED: Final = 130
READER_GONE: Final = 141

OBJECTS_BETWEEN_LOOKS_FOR_CYCLES: Final = 50_000
"""By default Python looks for cycles of garbage every 700 new objects, hundreds of times while
modules load, and finds none."""


def main(argv: Sequence[str] | None = None) -> int:
    """Answer one question of the command line.

    Args:
        argv: The words after ``bounceback``; those of this process where none are given.

    Returns:
        The exit status.
    """
    if argv is not None:
        return _main(list(argv))
    # A process of our own, which answers one question and ends. Its memory goes back as a whole, so
    # it hardly looks for garbage on the way and not at all at the end (an eighth of the time).
    isolated_python.leave_out_working_folder()
    gc.set_threshold(OBJECTS_BETWEEN_LOOKS_FOR_CYCLES)
    try:
        return _main(sys.argv[1:], fixed_day="BOUNCEBACK_DAY" in os.environ)
    finally:
        gc.freeze()


def _main(words: list[str], *, fixed_day: bool = False) -> int:
    try:
        try:
            if fixed_day:
                from bounceback.cli import clock  # zones, which most questions do not need

                clock.adopt_fixed_day(os.environ)
            return _answer(words)
        except SystemExit as left:  # argparse leaves this way after --help
            return left.code if isinstance(left.code, int) else ANSWERED
        finally:
            sys.stdout.flush()
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return STOPPED
    except BrokenPipeError:
        _silence_standard_output()
        return READER_GONE
    except CaseError as error:
        return _refuse(str(fault) for fault in error.faults)
    except BouncebackError as error:
        return _refuse([" ".join(str(error).split())])
    except OSError as error:
        if error.filename is None:
            return _own_up(error)
        if isinstance(error, FileNotFoundError):
            return _refuse([f"Can't find {error.filename}. Check the name and folder."])
        return _refuse([f"Can't use {error.filename}: {error.strerror}."])
    except Exception as error:  # the last door: whatever is left is ours to mend
        return _own_up(error)


def parser_for(command: Command) -> Parser:
    """Return the parser of one command, its help opening with the way to support."""
    module = command.load()
    description = (module.__doc__ or command.summary).strip()
    parser = Parser(prog=f"bounceback {command.name}", description=description)
    module.configure(parser)
    return parser


def _answer(words: list[str]) -> int:
    screen = Screen.of_this_process()
    if not words or words[0] in ("-h", "--help"):
        _teach(screen)
        status = ANSWERED
    elif words[0] == "--version":
        from importlib import metadata  # 12 ms that no other question needs

        screen.line(f"bounceback {metadata.version('bounceback')}")
        status = ANSWERED
    else:
        command = _find(words[0])
        _adopt_parameters()
        status = command.load().answer(parser_for(command).parse_args(words[1:]), screen)
    screen.show()
    return status


def _adopt_parameters() -> None:
    """Use an institution's own constants, before the first question."""
    if os.environ.get("BOUNCEBACK_PARAMETERS"):
        from bounceback.local_storage.own_parameters import (
            adopt_named,  # no other question waits for it
        )

        adopt_named()


def _find(word: str) -> Command:
    if word in BY_NAME:
        return BY_NAME[word]
    from difflib import get_close_matches

    near = get_close_matches(word, BY_NAME, n=1)
    hint = f"Did you mean {near[0]}? " if near else ""
    raise UsageError(f"{word!r} isn't a command. {hint}To see all commands, run: bounceback --help")


def _teach(screen: Screen) -> None:
    screen.paragraph(SUPPORT_LINE, style="accent")
    screen.line()
    screen.paragraph(
        "Bounceback helps you pass a USMLE or COMLEX-USA exam after a failed attempt. It shows "
        "your chances by date, plans your study hours and helps you choose a test date. Your data "
        "stays on this computer."
    )
    screen.heading("Commands")
    screen.table([(command.name, command.summary) for command in COMMANDS])
    screen.line()
    screen.paragraph(
        "For help with one command, run `bounceback COMMAND --help`. Most commands read a case "
        "file: a text file with your results, practice tests and study hours. To write one, run "
        "`bounceback case new me.toml`."
    )


def _refuse(lines: Iterable[str]) -> int:
    for line in lines:
        print(without_hidden(line), file=sys.stderr)
    return BAD_INPUT


def _own_up(error: Exception) -> int:
    if os.environ.get("BOUNCEBACK_DEBUG"):
        import traceback

        traceback.print_exception(error)
    else:
        what = " ".join(f"{type(error).__name__}: {error}".split())
        print(
            f"Something went wrong on our side ({what}). Run the command again with "
            "BOUNCEBACK_DEBUG=1 to see where, and report what it shows.",
            file=sys.stderr,
        )
    return OUR_FAULT


def _silence_standard_output() -> None:
    # Python flushes standard output once more at exit, and would complain about the closed pipe.
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
