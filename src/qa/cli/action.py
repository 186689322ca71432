"""From a command to the work behind it: loaded when called, its errors one clean line, its answer an exit code."""

from __future__ import annotations

import logging
import os
import sys
import traceback
from collections.abc import Callable

import typer

from consistency.errors import ConsistencyError, shorten
from consistency.runtime.tables import load_entry
from qa.cli.exit_codes import INTERRUPTED, NOT_USABLE, PIPE_CLOSED

ACTIONS: dict[str, str] = {
    "demo": "qa.cli.demonstrating:demonstrate",
    "init": "qa.cli.starting:start",
    "gate": "qa.cli.gating:gate",
    "fix": "qa.cli.fixing:fix",
    "report": "qa.cli.rendering:render",
    "calibrate": "qa.cli.calibrating:calibrate",
    "models list": "qa.cli.weights:list_weights",
    "models verify": "qa.cli.weights:verify_weights",
    "models pull": "qa.cli.pulling:pull",
}
"""Command → "module:function"; the module may import whatever it needs."""


def perform(ctx: typer.Context, name: str, options: object = None) -> None:
    """Run the work of a command and end with its exit code.

    A fault of ours ends as "could not be used" as well: it must not be mistaken for a reject.
    """
    is_debug = bool(ctx.find_root().obj)
    listen(is_debug)
    try:
        work: Callable[[object], int] = load_entry(ACTIONS, name, "command")
        code = work(options)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = PIPE_CLOSED
    except KeyboardInterrupt:
        typer.echo("Interrupted.", err=True)
        code = INTERRUPTED
    except Exception as error:
        tell(error, is_debug)
        code = NOT_USABLE
    raise typer.Exit(code)


class OneLine(logging.Formatter):
    """A log record on one line: tracebacks are for `--debug`."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the message, and the error it is about."""
        error = record.exc_info[1] if record.exc_info else None
        because = f": {type(error).__name__}: {error}" if error is not None else ""
        return shorten(f"qa: {record.levelname.lower()}: {record.getMessage()}{because}", 400)


def listen(is_debug: bool) -> None:
    """Show warnings of the library on stderr."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s") if is_debug else OneLine())
    logging.basicConfig(handlers=[handler], level=logging.WARNING)


def tell(error: Exception, is_debug: bool) -> None:
    """Say an error on stderr: one line where it was raised on purpose, everything where it was not."""
    is_meant = isinstance(error, (ConsistencyError, OSError))
    if is_debug or not is_meant:
        traceback.print_exception(error)
    typer.echo(f"qa: {words(error) if is_meant else f'a fault of qa, please report it: {error!r}'}", err=True)


def words(error: Exception) -> str:
    """Return an error as a person reads it."""
    if isinstance(error, OSError) and error.filename is not None:
        return f"{shorten(str(error.filename))}: {error.strerror}"
    return str(error)
