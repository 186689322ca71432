"""Which module may import which: consistency never qa, no cycles, heavy libraries in leaves only."""

import ast
from collections.abc import Iterator
from pathlib import Path

from shared_data import ROOT

SOURCE = ROOT / "src"
HEAVY = {"torch", "openvino", "onnxruntime", "open_clip", "insightface", "easyocr", "skimage", "rapidocr"}


def modules() -> dict[str, Path]:
    found = {}
    for path in SOURCE.rglob("*.py"):
        parts = path.relative_to(SOURCE).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports_at_the_top(path: Path) -> Iterator[str]:
    """Yield the dotted names imported when the module is, `if TYPE_CHECKING:` blocks left out."""
    waiting = list(ast.parse(path.read_text(encoding="utf-8")).body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, (ast.Try, ast.With)):
            waiting.extend(node.body)
        elif isinstance(node, ast.If) and "TYPE_CHECKING" not in ast.unparse(node.test):
            waiting.extend(node.body + node.orelse)


def graph() -> dict[str, set[str]]:
    known = modules()
    return {name: {m for m in imports_at_the_top(path) if m in known and m != name} for name, path in known.items()}


def cycles(edges: dict[str, set[str]]) -> list[str]:
    """Return the modules that are left when leaves are taken away again and again."""
    left = {name: set(needs) for name, needs in edges.items()}
    while leaves := {name for name, needs in left.items() if not needs & left.keys()}:
        left = {name: needs for name, needs in left.items() if name not in leaves}
    return sorted(left)


def test_every_folder_with_code_is_a_package() -> None:
    folders = {path.parent for path in SOURCE.rglob("*.py")}
    assert [str(folder) for folder in folders if not (folder / "__init__.py").is_file()] == []


def test_consistency_never_imports_qa() -> None:
    everything = {
        name: [
            n.module or "" if isinstance(n, ast.ImportFrom) else n.names[0].name
            for n in ast.walk(ast.parse(path.read_text()))
            if isinstance(n, (ast.Import, ast.ImportFrom))
        ]
        for name, path in modules().items()
        if name.partition(".")[0] == "consistency"
    }
    wrong = [(name, m) for name, names in everything.items() for m in names if m.partition(".")[0] == "qa"]
    assert wrong == []


def test_no_module_imports_itself_in_a_circle() -> None:
    assert cycles(graph()) == []


def test_a_circle_would_be_noticed() -> None:
    assert cycles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": set()}) == ["a", "b", "c"]


def test_checks_and_the_command_import_no_inference_library() -> None:
    rooms = ("qa.checks", "qa.cli", "qa.kit", "qa.reports")
    wrong = [
        (name, m)
        for name, path in modules().items()
        if name.startswith(rooms)
        for m in imports_at_the_top(path)
        if m.partition(".")[0] in HEAVY
    ]
    assert wrong == []


def test_only_tables_and_lazy_packages_import_late() -> None:
    late = [
        f"{name}:{inner.lineno}"
        for name, path in modules().items()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        for inner in ast.walk(node)
        if isinstance(inner, (ast.Import, ast.ImportFrom))
    ]
    assert len(late) <= 6, late
