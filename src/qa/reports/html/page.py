"""The report as one HTML file: styles, script and pictures inside, no request to anywhere, everything escaped."""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from consistency.display import visible
from qa.reports.html.view import page_view
from qa.reports.jsonl import StoredRun

FOLDER = files("qa.reports.html") / "templates"


def shown(value: Any) -> Any:
    """Return what a template prints: invisible characters of text as escapes; markup of ours as it is."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def environment() -> Environment:
    """Return the templates: escaped always, names that do not exist refused."""
    return Environment(
        loader=PackageLoader("qa.reports.html"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(run: StoredRun) -> str:
    """Return the run as one HTML page."""
    style, script = (FOLDER.joinpath(name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))
    # The three hand-written files of this package are markup of ours; whatever comes from a run is escaped.
    return (
        environment()
        .get_template("page.html.j2")
        .render(
            page=page_view(run),
            style=Markup(style),  # noqa: S704
            script=Markup(script),  # noqa: S704
            style_hash=source_hash(style),
            script_hash=source_hash(script),
        )
    )


def source_hash(text: str) -> str:
    """Return the hash by which a content security policy allows one inline style or script."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
