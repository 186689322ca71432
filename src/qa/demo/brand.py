"""The demo's brand: its colours, its words, its limits, its kit."""

from __future__ import annotations

from pathlib import Path

from qa.demo.files import FileForm, encode
from qa.demo.scenes import BADGE, LABEL, PANEL, Scene, draw

COLORS = {"marlow_blue": PANEL, "marlow_red": BADGE, "marlow_green": LABEL}
"""Name in the kit → colour; `PARTS` says what of a scene is painted in it."""

PARTS = {"marlow_blue": "panel", "marlow_red": "badge", "marlow_green": "label"}
LEGAL = "Contains caffeine. Please recycle."
HEADLINES = ("WAKE UP SLOW", "BREWED OVERNIGHT", "COLD AND CALM", "TASTE THE MORNING", "REST THEN RISE")
PRICES = ("$4.90", "$5.40", "$12.50", "$23.80", "$38.60")
CLAIMS = ("GUARANTEED RESULTS", "100% ORGANIC", "CURES FATIGUE")
"""What no picture may say, in the order of the kit's forbidden patterns."""

SIZES = ((1024, 1024), (1152, 1152), (896, 1152), (1152, 896), (1024, 1280))

ACCEPT_DELTA_E, FIX_DELTA_E = 2.0, 5.0
CONTRAST_RATIO = 4.5
ASPECTS = {"1:1": 1.0, "4:5": 0.8, "5:4": 1.25}
ASPECT_TOLERANCE = 0.04
MIN_SHORT_SIDE = 768
MAX_CLIPPED = 0.02
"""The exposure check's default; the kit leaves it."""

REFERENCES = {
    "front": Scene(seed=1, backdrop="studio", layout="plinth", turn=0.0),
    "left": Scene(seed=2, backdrop="window", layout="banner", turn=-22.0, shade=0.3),
    "right": Scene(seed=3, backdrop="brick", layout="column", turn=22.0, lit_side=1, shade=0.3),
}
"""Three views of the product that the brand has approved."""


def kit_text(*, with_legal: bool = True, precision: str = "float32") -> str:
    """Return the brand's kit as YAML.

    Args:
        with_legal: Whether the legal line is asked for and claims are forbidden.
        precision: Of the models.
    """
    colors = "\n".join(
        f'  {name}: {{value: "{hex_of(color)}", accept: {ACCEPT_DELTA_E}, fix: {FIX_DELTA_E}, min_area: 0.5%}}'
        for name, color in COLORS.items()
    )
    legal = f'\n    - {{id: legal, value: "{LEGAL}"}}' if with_legal else ""
    forbidden = FORBIDDEN if with_legal else ""
    aspects = ", ".join(f'"{aspect}"' for aspect in ASPECTS)
    return KIT.format(
        colors=colors, legal=legal, forbidden=forbidden, precision=precision, aspects=aspects,
        contrast=CONTRAST_RATIO, tolerance=ASPECT_TOLERANCE, short_side=MIN_SHORT_SIDE,
    )  # fmt: skip


KIT = """\
# The demo's brand kit: rendered, so that every planted fault is known.
kit: 1
name: Marlow cold brew
models: {{embedder: efficientnet, reader: rapidocr, precision: {precision}}}
subjects:
  bottle: {{references: ["refs/bottle/*.png"], facets: [subject], always: true}}
colors:
{colors}
text:
  required:
    - {{id: headline, value: "{{headline}}", max_edits: 0}}
    - {{id: price, value: "{{price}}", mode: exact}}{legal}{forbidden}
  contrast: {{ratio: {contrast}, large_ratio: {contrast}}}
image:
  min_short_side: {short_side}
  aspect: [{aspects}]
  aspect_tolerance: {tolerance:.0%}
  formats: [png, jpeg, webp]
  alpha: forbid
"""

FORBIDDEN = """
  forbidden:
    - {pattern: "guaranteed?", fold: confusables}
    - {pattern: "100\\\\s*%\\\\s*organic"}
    - {pattern: "\\\\bcures?\\\\b"}"""


def write_kit(folder: Path, text: str, name: str = "brand.yaml") -> Path:
    """Write the kit and its references into `folder`, made where it is missing; return the kit's path."""
    references = folder / "refs" / "bottle"
    references.mkdir(parents=True, exist_ok=True)
    for view, scene in REFERENCES.items():
        (references / f"{view}.png").write_bytes(encode(draw(scene), FileForm("PNG")))
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def hex_of(color: tuple[float, float, float]) -> str:
    """Return a colour as #rrggbb."""
    return "#" + "".join(f"{round(channel):02x}" for channel in color)
