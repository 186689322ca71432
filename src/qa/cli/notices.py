"""What is said about the assets and briefs before a run: what is ignored, unmatched, claimed twice."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from difflib import get_close_matches
from functools import partial

from rich.console import Console

from consistency.display import visible
from consistency.errors import InputError
from qa.asset import Brief, Unread
from qa.briefs import Briefs, asset_key
from qa.calibration.standing import is_named, standing_of
from qa.checks.check import Check
from qa.checks.identity import IdentityCheck
from qa.checks.identity_options import SubjectsOptions
from qa.checks.running import can_block
from qa.checks.text_options import RequiredText, TextOptions
from qa.cli.collecting import Collected
from qa.kit.kit import BrandKit
from qa.kit.templates import placeholders
from qa.verdict import Level

MOST_NAMED = 5
"""Names written out; the rest is counted."""


def say_collected(collected: Collected, arguments: Sequence[str], console: Console) -> None:
    """Say what is not judged, and where nothing is."""
    if collected.ignored:
        names = named(path.name for path in collected.ignored)
        say(console, f"ignored {len(collected.ignored)} files that are no pictures by their ending: {names}")
    if collected.linked:
        names = named(map(str, collected.linked))
        say(console, f"did not look into {len(collected.linked)} linked folders: {names}; name them to judge them")
    if not collected.assets:
        say(console, f"no picture found in {named(arguments)}: nothing was judged, which is not a pass")
    elif collected.empty:
        say(console, f"no picture found in {named(collected.empty)}: nothing of it was judged, which is not a pass")


def say_blocking(checks: Sequence[Check], briefs: Briefs | None, console: Console) -> None:
    """Say where no rule could stop any asset: accepting everything is no judgement."""
    asked = (Brief(), *(briefs or ()))
    if not any(can_block(check, brief) for check in checks for brief in asked):
        say(console, "the kit states no rule that blocks: every picture that can be read is accepted")


def say_calibration(kit: BrandKit, as_of: date, alarms: Sequence[str], console: Console) -> None:
    """Say for which rules the kit's calibration does not hold, as far as that is known before a model is loaded."""
    calibrated = {} if kit.calibration is None else kit.calibration.rules
    for pattern in alarms:
        if not any(is_named(rule, pattern) for rule in calibrated):
            say(console, f"the drift alarm {visible(pattern)} names no calibrated rule")
    if kit.calibration is None:
        stated = kit.section(IdentityCheck.section, SubjectsOptions).root.values()
        if kit.policy.uncalibrated == "allow" and any(subject.accept is None for subject in stated):
            why = "identity is judged by limits from photographs of other subjects, and may take a sibling for yours"
            say(console, f"{why}; calibrate, name siblings as `not_like`, or state `policy: {{uncalibrated: review}}`")
        return
    bindings = IdentityCheck.bindings(kit)
    for rule, binding in sorted(bindings.items()):
        if lapsed := standing_of(kit.calibration, binding, as_of, alarms).lapsed:
            say(console, f"the kit's calibration does not hold for {visible(rule)}: {lapsed}")
    strange = sorted(calibrated.keys() - bindings.keys())
    if strange:
        say(console, f"the kit's calibration has rules that the kit has not: {named(strange)}")


def say_fontless(kit: BrandKit, console: Console) -> None:
    """Say which exact texts name no font: their look-alikes are then told by readers, who see what they expect."""
    texts = kit.section("text", TextOptions).texts
    fontless = [f"text.{entry.id}" for entry in texts if is_fontless(entry)]
    if fontless:
        why = "look-alikes such as O and 0 are told less surely without the font"
        say(console, f"{why}; name its file as `font` of {named(fontless)}")


def say_unfilled(kit: BrandKit, briefs: Briefs | None, console: Console) -> None:
    """Say which values the kit's texts ask for that no brief gives, and which are given and asked for by none."""
    texts = kit.section("text", TextOptions).required
    asked = {name for entry in texts if entry.level is not Level.OFF for name in placeholders(entry.value)}
    given = {name for brief in briefs or () for name in brief.values}
    if missing := sorted(asked - given):
        how = "its briefs give none of that" if briefs is not None else "`--briefs` names the file that gives them"
        say(console, f"the kit's texts ask for {named(missing)}; {how}{near_to(missing, given - asked)}")
    elif unused := sorted(given - asked):
        say(console, f"no text of the kit asks for what the briefs call {named(unused)}{near_to(unused, asked)}")


def near_to(names: Iterable[str], known: Collection[str]) -> str:
    """Return which known name was likely meant, "" where none is near."""
    folded = {name.casefold(): name for name in known}
    found = [get_close_matches(name.casefold(), folded, n=1) for name in names]
    return next((f"; did you mean {visible(folded[near[0]])}?" for near in found if near), "")


def is_fontless(entry: RequiredText) -> bool:
    """Whether a font would tell more of a text than what the kit states."""
    is_strict = entry.mode == "exact" and entry.case == "strict"
    return is_strict and not entry.font and entry.level is not Level.OFF


def say_briefs(briefs: Briefs, collected: Collected, console: Console, *, is_strict: bool) -> None:
    """Say which briefs and assets do not fit together.

    Raises:
        InputError: With `is_strict`, where a brief has no asset or an asset has several briefs.
    """
    keyed = [(found.name, partial(asset_key, Unread(found.path, found.name))) for found in collected.assets]
    matching = briefs.match(keyed)
    without = [found.name for found in collected.assets if found.name not in matching.by_asset]
    wrong = []
    if matching.unused:
        wrong.append(f"{len(matching.unused)} briefs match no asset: {named(brief.id for brief in matching.unused)}")
    if matching.ambiguous:
        wrong.append(f"{len(matching.ambiguous)} assets are claimed by several briefs: {named(matching.ambiguous)}")
    if wrong and is_strict:
        raise InputError("one brief per asset and an asset per brief", None, "; ".join(wrong))
    if without:
        wrong.append(f"{len(without)} assets have no brief and are judged by the kit alone: {named(without)}")
    for words in wrong:
        say(console, words)


def named(names: Iterable[str]) -> str:
    """Return the first names, and how many more there are."""
    every = [visible(name) or "(no name)" for name in names]
    more = len(every) - MOST_NAMED
    return ", ".join(every[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def say(console: Console, words: str) -> None:
    """Say something on stderr, names as they are."""
    console.print(words, markup=False, highlight=False)
