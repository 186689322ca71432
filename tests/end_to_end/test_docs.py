"""What is documented is true: blocks run, kits load, every option, code and command stands on its page."""

import contextlib
import io
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import typer
from PIL import Image as Pillow
from pydantic import BaseModel, RootModel
from pydantic_core import PydanticUndefined

from consistency.facets import FACETS
from consistency.runtime.tables import load_entry
from qa.checks.tables import BATCH_CHECKS, CHECKS
from qa.cli.lazy import COMMANDS
from qa.codes import CODES
from qa.kit.kit import BrandKit
from qa.kit.schema import check_sections, json_schema
from shared_data import ROOT

DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), ROOT / "README.md"])
FENCE = re.compile(r"(?:<!-- (?P<note>[^>]*?) -->\n+)?^```(?P<language>\w+)\n(?P<text>.*?)^```", re.M | re.S)
KIT_KEYS = set(json_schema()["properties"])


@dataclass(frozen=True)
class Block:
    """A fenced block of a page; `note` is what a comment right before it says."""

    page: Path
    language: str
    text: str
    note: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.text.splitlines()[0][:40]}"


def blocks(language: str, pages: list[Path] = PAGES) -> Iterator[Block]:
    for page in pages:
        for match in FENCE.finditer(page.read_text(encoding="utf-8")):
            if match["language"] == language:
                yield Block(page, language, match["text"], match["note"] or "")


def pages_with_python() -> list[Path]:
    """Return the pages whose blocks are run; the README has a test of its own."""
    return list(dict.fromkeys(block.page for block in blocks("python", [p for p in PAGES if p.name != "README.md"])))


@pytest.fixture(scope="module")
def campaign(campaign_folder: Path) -> Path:
    """Return the folder with `qa-demo/`, and with the references that kits in the docs name."""
    for name in ("sneaker/1.jpg", "old_sneaker/1.jpg", "maya/1.png"):
        path = campaign_folder / "refs" / name
        path.parent.mkdir(parents=True)
        pixels = np.random.default_rng(1).integers(0, 255, (256, 256, 3), dtype=np.uint8)
        Pillow.fromarray(pixels).save(path)
    return campaign_folder


@pytest.mark.parametrize("page", pages_with_python(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_python_blocks_of_a_page_run_one_after_the_other(
    page: Path, campaign: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(campaign)
    names: dict[str, Any] = {"__name__": "docs"}
    with contextlib.redirect_stdout(io.StringIO()):
        for block in blocks("python", [page]):
            if not block.note.startswith("not run"):
                exec(compile(block.text, str(block), "exec"), names)


def test_the_readme_shows_what_its_lines_print(campaign: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(campaign)
    (lines,) = blocks("python", [ROOT / "README.md"])
    shown = next(blocks("text", [ROOT / "README.md"])).text
    with contextlib.redirect_stdout(io.StringIO()) as said:
        exec(compile(lines.text, str(lines), "exec"), {"__name__": "docs"})
    assert outcomes(said.getvalue()) == outcomes(shown)


def outcomes(printed: str) -> list[list[str]]:
    """Return decision, asset and first rule of each line: what does not differ from one CPU to another."""
    return [line.split()[:3] for line in printed.splitlines()]


@pytest.mark.parametrize("block", list(blocks("yaml")), ids=str)
def test_kits_in_the_docs_are_valid(block: Block, campaign: Path) -> None:
    text = block.text if block.text.startswith("kit:") else f"kit: 1\n{block.text}"
    assert BrandKit.from_text(text, folder=campaign).hash


def entries_of(options: Any) -> list[type[BaseModel]]:
    """Return every model a section consists of, the section's own first."""
    found: list[type[BaseModel]] = []
    waiting = [options]
    while waiting:
        kind = waiting.pop(0)
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            if kind not in found:
                found.append(kind)
                waiting += [field.annotation for field in kind.model_fields.values()]
        else:
            waiting += getattr(kind, "__args__", ())
    return [kind for kind in found if not issubclass(kind, RootModel)]


def page_of_section(section: str) -> str:
    names = {"subjects": "identity", "colors": "color", "image": "layout"}
    return (DOCS / "checks" / f"{names.get(section, section)}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("section", check_sections())
def test_every_option_of_a_section_is_on_its_page(section: str) -> None:
    page = page_of_section(section) + (page_of_section("contrast") if section == "text" else "")
    names = {name for kind in entries_of(check_sections()[section]) for name in kind.model_fields}
    missing = sorted(name for name in names - {"placement", "locale", "subject"} if f"`{name}`" not in page)
    assert missing == []


@pytest.mark.parametrize("section", check_sections())
def test_options_in_the_tables_exist_and_have_the_default_they_say(section: str) -> None:
    page = page_of_section(section) + (page_of_section("contrast") if section == "text" else "")
    kit = page.split("## Kit")[1].split("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \|", kit, re.M)
    defaults: dict[str, set[str]] = {}
    for kind in entries_of(check_sections()[section]):
        for name, field in kind.model_fields.items():
            value = field.get_default(call_default_factory=True)
            defaults.setdefault(name, set()).update(spellings(value))
    stated = [(name, said.strip("` ")) for name, said in rows if said.strip()]
    wrong = [(name, said, defaults.get(name)) for name, said in stated if said not in defaults.get(name, ())]
    assert wrong == []


def spellings(value: Any) -> set[str]:
    """Return the ways in which a default may be written."""
    if value is PydanticUndefined:
        return {"required"}
    if value is None or value in ((), "", {}):
        return {"none", "unset"}
    if isinstance(value, bool):
        return {str(value).lower()}
    if isinstance(value, (int, float)):
        return {f"{value:g}", str(value), f"{100 * value:g}%", f"{100 * value:g} %"}
    if isinstance(value, BaseModel):
        return {"see below"}
    if isinstance(value, tuple):
        return {f"[{', '.join(str(part) for part in value)}]"}
    return {str(value)}


def test_every_reason_code_is_explained() -> None:
    written = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert sorted(code for code in CODES if f"`{code}`" not in written) == []


def test_every_check_has_a_page_that_the_overview_links() -> None:
    overview = (DOCS / "checks" / "index.md").read_text(encoding="utf-8")
    assert [name for name in (*CHECKS, *BATCH_CHECKS) if f"({name}.md)" not in overview] == []


def test_every_top_level_key_of_a_kit_is_in_the_table() -> None:
    page = (DOCS / "kit.md").read_text(encoding="utf-8")
    assert sorted(key for key in KIT_KEYS if f"\n| `{key}` |" not in page) == []


def options_of(command: str) -> dict[str, set[str]]:
    """Return the options of a command, or of each of its own commands, by its full name."""
    apps = {name: entry.app for name, entry in COMMANDS.items()}
    loaded: Any = typer.main.get_command(load_entry(apps, command, "command"))
    below = {f"{command} {name}": each for name, each in getattr(loaded, "commands", {}).items()} or {command: loaded}
    return {name: {opt for param in each.params for opt in param.opts if opt[0] == "-"} for name, each in below.items()}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_and_option_is_documented(command: str) -> None:
    page = (DOCS / "command.md").read_text(encoding="utf-8")
    for name, options in options_of(command).items():
        assert f"## `qa {name}" in page
        section = page.split(f"## `qa {name}")[1].split("\n## ")[0]
        assert sorted(option for option in options if f"`{option}" not in section) == []


def shell_lines() -> list[str]:
    """Return every line of a shell block that calls qa."""
    text = "\n".join(block.text for block in blocks("bash")).replace("\\\n", " ")
    return [line for line in map(str.strip, text.splitlines()) if re.match(r"qa [a-z]", line)]


@pytest.mark.parametrize("line", shell_lines())
def test_commands_in_the_docs_exist_with_their_options(line: str) -> None:
    words = shlex.split(line, comments=True)
    known = options_of(words[1])
    name = words[1] if words[1] in known else " ".join(words[1:3])
    used = {word.partition("=")[0] for word in words if word.startswith("--")}
    assert used - known[name] - {"--help"} == set()


def test_the_documentation_builds_without_a_warning(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path / "site")]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]


def test_every_facet_stands_in_the_table_of_the_identity_check() -> None:
    page = (DOCS / "checks" / "identity.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| [^|]+ \|$", page.partition("## What is measured")[2], re.M)
    assert tuple(rows[: len(FACETS)]) == FACETS
    kit = (DOCS / "kit.md").read_text(encoding="utf-8")
    assert ", ".join(f"`{facet}`" for facet in FACETS) in kit
