"""Labels that say no value: the labelled pictures are measured, as the gate would for an audit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import typer

from consistency.errors import shorten
from qa.asset import Asset, Brief
from qa.calibration.label_rows import Row
from qa.calibration.wording import counted
from qa.checks.identity import IdentityCheck
from qa.checks.identity_options import SubjectsOptions
from qa.checks.identity_rules import subjects_of
from qa.engines import Engines
from qa.evidence import Evidence
from qa.kit.kit import BrandKit
from qa.verdict import Finding

NOTHING: Mapping[str, str] = {"value": "", "model": ""}


class LabelMeasurer:
    """Measures the pictures of labelled rows by a kit; each picture once, for all the subjects it is labelled for.

    Args:
        kit: Whose references and models measure.
        folder: From which the pictures' paths are read.
    """

    def __init__(self, kit: BrandKit, folder: Path) -> None:
        self._kit, self._folder = kit, folder
        self._engines = Engines(kit.models)
        self._check = IdentityCheck.from_kit(kit)
        self._subjects = subjects_of(kit.section(IdentityCheck.section, SubjectsOptions))

    def __call__(self, rows: Sequence[Row]) -> list[Row]:
        """Return the rows, labelled ones with what was measured; what is wrong with a picture is noted on its row."""
        labelled: dict[str, list[Row]] = {}
        for row in rows:
            if row["ok_or_bad"] and row["rule"] in self._subjects:
                labelled.setdefault(row["asset"], []).append(row)
        if labelled:
            typer.echo(f"measuring {counted(len(labelled), 'picture')}", err=True)
        measured = {name: self._measured(name, each) for name, each in labelled.items()}
        return [row.having(measured.get(row["asset"], {}).get(row["rule"], NOTHING)) for row in rows]

    def _measured(self, name: str, rows: Sequence[Row]) -> Mapping[str, Mapping[str, str]]:
        """Return rule → cells of one picture; none where it cannot be read."""
        if not name:
            rows[0].refuse("asset", "the picture's path", "without a value the picture has to be measured")
            return {}
        subjects = dict.fromkeys(self._subjects[row["rule"]] for row in rows)
        asset = Asset.read(self._folder / name, brief=Brief(subjects=tuple(subjects)))
        if asset.fault is not None:
            rows[0].refuse("asset", "a picture that can be read", shorten(str(asset.fault)))
            return {}
        changed = next((row for row in rows if row["key"] and row["key"].lower() != asset.key), None)
        if changed is not None:
            changed.refuse("key", f"the picture's own, {asset.key[:12]}…", "label the picture as it is now")
        evidence = Evidence(asset, self._engines, self._kit.background, files=self._kit.files, is_audited=True)
        findings = [] if self._check is None else self._check.judge(asset, evidence)
        return {finding.rule: cells(finding, asset.key) for finding in findings}


def cells(finding: Finding, key: str) -> Mapping[str, str]:
    """Return the cells of a finding; without a value where that did not decide it."""
    is_decided_by_value = finding.value is not None and finding.code != "identity.not_like"
    return {"value": str(finding.value) if is_decided_by_value else "", "model": finding.backend, "key": key}
