"""The text of a first kit: what was given is filled in, the rest stands there as commented examples."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from qa.kit.policy import ModelOptions

HEAD = """\
# What the brand asks of its pictures. `qa gate {kit_file} PICTURES` judges by it.
# Each rule takes `level: block` (stops an asset), `warn` (is reported) or `off`.
kit: 1
name: {name}

# The models that findings rest on; named, so that findings do not depend on what else is installed.
models: {{embedder: {embedder}, faces: {faces}, reader: {reader}, precision: {precision}}}
"""

SUBJECTS = """
# Who exists. A brief says who must appear; without a brief, those with `always: true`.
# 1 to 10 photographs each, of this very subject, from different sides; `not_like` names look-alikes.
# `changes: {mirrored: block, stretched: warn}` looks for what an embedder does not see.
"""

SUBJECTS_EXAMPLE = """\
# subjects:
#   sneaker: {references: [refs/sneaker/*.jpg], not_like: [refs/old_sneaker/*.jpg], facets: [subject], always: true}
"""

COLORS = """
# The brand's colours. At most `accept` ΔE2000 away is right, at most `fix` can be recoloured, beyond is wrong.
# Each must be on every picture; where it need not be, add `required: false`, or `when: {placement: story}`.
"""

COLORS_EXAMPLE = """\
# colors:
#   acme_blue: {value: "#0055aa", accept: 2.0, fix: 5.0}    # in quotes: # begins a comment
"""

REST = """
# What must be read, must not be read, and how well it stands out. {price} is filled by the brief. With the file of its
# font (font: brand.ttf, for all below text, or for one beside its value) O is told from 0 more surely, and a wrong text
# can be set right.
# text:
#   required:
#     - {id: headline, value: "SUMMER SALE", max_edits: 0}
#     - {id: price, value: "{price}", mode: exact}
#   forbidden: [{pattern: "guarantee[ds]?"}]
#   contrast: {ratio: 4.5}

# Size, aspect, weight and format of the file.
# image: {min_short_side: 768, aspect: ["1:1", "4:5"], aspect_tolerance: 4%, max_bytes: 5MB, formats: [png, jpeg, webp]}

# What no brand states but everyone sees; on by default, as warnings.
# sharpness: {level: warn}
# exposure: {level: warn}
# copies: {level: warn}
# duplicates: {level: warn}

# on_unmeasured: an asset of which a blocking rule could not be measured goes to a person (review) or back (reject).
# uncalibrated: whether thresholds from photographs alone may decide on identity (allow), or a person looks (review).
# audit: this share of all decisions is marked for a human look.
policy: {on_unmeasured: review, uncalibrated: allow, max_attempts: 2, audit: 2%}

# What `qa calibrate` wrote from labels of your own pictures: identity accepts by it, as long as it holds.
# calibration: look.calibration.json

# What time and mistakes cost; for statistics, never for a decision.
# economics: {operator_hour: 60, look_seconds: 20, false_accept_cost: 20 looks}

# Agreed exceptions; a date that is past or none counts as lapsed, and what is waived stays counted.
# waivers:
#   - {rule: color.acme_blue, asset: "night-*.png", reason: "night scene", owner: brand, expires: 2027-01-31}
"""


def starter_text(
    name: str, subjects: Mapping[str, Iterable[str]], colors: Mapping[str, str], models: ModelOptions
) -> str:
    """Return the text of a kit.

    Args:
        name: The brand's name.
        subjects: Subject → names of its references, relative to the kit.
        colors: Name → value, as written.
        models: The models to name.
    """
    named = {role: quoted(model) for role, model in models.model_dump().items()}
    parts = [HEAD.format(kit_file="brand.yaml", name=quoted(name), **named), SUBJECTS]
    is_only = len(subjects) == 1
    lines = [subject_line(subject, files, is_only=is_only) for subject, files in subjects.items()]
    parts.append(section("subjects", lines) or SUBJECTS_EXAMPLE)
    parts.append(COLORS)
    parts.append(section("colors", [f"{quoted(key)}: {{value: {quoted(value)}}}" for key, value in colors.items()]))
    return "".join([*parts, "" if colors else COLORS_EXAMPLE, REST])


def section(key: str, lines: list[str]) -> str:
    """Return a section with one line an entry; "" without entries."""
    return "\n".join([f"{key}:", *(f"  {line}" for line in lines), ""]) if lines else ""


def subject_line(subject: str, references: Iterable[str], *, is_only: bool) -> str:
    """Return the entry of a subject; every asset must show the only one until a brief says otherwise."""
    files = ", ".join(quoted(file) for file in references)
    return f"{quoted(subject)}: {{references: [{files}]{', always: true' if is_only else ''}}}"


def quoted(text: str) -> str:
    """Return text as YAML writes it in double quotes, on one line.

    Example:
        >>> print(quoted('Acme "new"'))
        "Acme \\"new\\""
    """
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(sign if sign.isprintable() else f"\\U{ord(sign):08x}" for sign in escaped) + '"'
