"""What is wrong in a file people write, and where: all of it is collected and reported at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from consistency.errors import ConsistencyError, shorten

Path = tuple[str | int, ...]
"""Keys and list positions from the top of a kit to a value: ("text", "required", 0, "value")."""

MOST_SHOWN = 50
"""Problems written out in an error's text; all are in `problems`."""


@dataclass(frozen=True)
class Spot:
    """A place in a file; line and column count from 1, 0 where there is none."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        name = shorten(self.file)
        return f"{name}:{self.line}:{self.column}" if self.line else name


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a kit.

    Attributes:
        spot: File, line and column.
        key: Dotted path of the key: "colors.acme_blue.acept".
        expected: What was wanted, as a noun phrase.
        got: What is there, quoted and shortened; "" where nothing is.
        hint: What to do about it.
    """

    spot: Spot
    key: str
    expected: str
    got: str = ""
    hint: str = ""

    def __str__(self) -> str:
        key = f" {self.key}" if self.key else ""
        return f"{self.spot}{key}: {ConsistencyError(self.expected, self.got or None, self.hint)}"


class ProblemsError(ConsistencyError):
    """A file that cannot be used; `problems` lists all that is wrong with it, one line each.

    `expected`, `got` and `hint` are those of the first problem.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        first = self.problems[0]
        super().__init__(first.expected, first.got or None, first.hint)
        self.args = (self.problems,)

    def __str__(self) -> str:
        lines = [str(problem) for problem in self.problems[:MOST_SHOWN]]
        left = len(self.problems) - len(lines)
        return "\n".join([*lines, f"and {left} more"] if left else lines)


class KitError(ProblemsError):
    """A brand kit that cannot be used."""

    code = "kit.invalid"


class BriefsError(ProblemsError):
    """A file of briefs that cannot be used."""

    code = "briefs.invalid"


@dataclass
class Problems:
    """Collects what is wrong, each key once, until `raise_if_any` is called."""

    found: dict[tuple[str, str], Problem] = field(default_factory=dict)

    def add(self, problem: Problem) -> None:
        """Keep the first problem of each place."""
        self.found.setdefault((str(problem.spot), problem.key), problem)

    def raise_if_any(self, kind: type[ProblemsError] = KitError) -> None:
        """Raise all of them together, in the order of the files.

        Raises:
            ProblemsError: Of this kind, if there is at least one.
        """
        if self.found:
            raise kind(sorted(self.found.values(), key=lambda p: (p.spot.file, p.spot.line, p.spot.column)))


def dotted(path: Path) -> str:
    """Return a path as people write it, control characters escaped.

    Example:
        >>> dotted(("text", "required", 0, "value"))
        'text.required[0].value'
    """
    written = "".join(f"[{part}]" if isinstance(part, int) else f".{shorten(part, 60)}" for part in path)
    return written.removeprefix(".")


def kit_error(file: str, expected: str, got: object = None, hint: str = "") -> KitError:
    """Return the error of a kit that has one problem, about the file as a whole."""
    return KitError([Problem(Spot(file), "", expected, "" if got is None else shorten(str(got)), hint)])
