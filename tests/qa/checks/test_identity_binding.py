"""What a calibration of identity is bound to: the references and options that make a similarity, and no others."""

from pathlib import Path

from campaign_folder import picture, write_kit
from qa.checks.identity import IdentityCheck
from qa.kit.kit import BrandKit

SUBJECTS = "subjects:\n  can: {references: [refs/*.png], facets: [subject, style]%s}\n"


def bindings(folder: Path, more: str = "", *, seed: int = 1) -> dict[str, str]:
    """Return rule → hash of the options, for a kit of two references and perhaps a few words more."""
    for number in range(2):
        picture(folder / "refs" / f"{number}.png", seed=seed + number)
        picture(folder / "old" / f"{number}.png", seed=9 + number)
    kit = BrandKit.load(write_kit(folder, SUBJECTS % more))
    return {rule: binding.options for rule, binding in IdentityCheck.bindings(kit).items()}


def test_each_facet_of_a_subject_has_its_own(tmp_path: Path) -> None:
    found = bindings(tmp_path)
    assert sorted(found) == ["identity.can.style", "identity.can.subject"]
    assert found["identity.can.style"] != found["identity.can.subject"]


def test_another_reference_ends_it(tmp_path: Path) -> None:
    assert bindings(tmp_path)["identity.can.subject"] != bindings(tmp_path, seed=5)["identity.can.subject"]
    assert bindings(tmp_path) != bindings(tmp_path, ", not_like: [old/*.png]")


def test_another_reference_of_a_subject_that_may_stand_beside_it_ends_it(tmp_path: Path) -> None:
    def beside(references: str) -> dict[str, str]:
        picture(tmp_path / "old" / "0.png", seed=9)
        return bindings(tmp_path, f"}}\n  jar: {{references: [{references}], facets: [subject, style]")

    alone, one, other = bindings(tmp_path), beside("old/*.png"), beside("old/0.png")
    assert len({each["identity.can.subject"] for each in (alone, one, other)}) == 3
    assert alone["identity.can.style"] == one["identity.can.style"] == other["identity.can.style"]


def test_how_hard_and_when_it_is_judged_does_not(tmp_path: Path) -> None:
    assert bindings(tmp_path) == bindings(tmp_path, ", always: true, level: warn")
