"""Same bytes, brief, kit, versions: the same verdict to the byte, whatever runs beside it and in what order."""

from dataclasses import replace
from datetime import date

import pytest

from consistency.runtime.stored import canonical_json
from qa import BrandKit, Gate, read_briefs
from qa.checks.tables import CHECKS
from qa.demo.brand import kit_text, write_kit
from qa.demo.campaign import artworks, write_briefs
from qa.demo.files import encode
from qa.demo.scenes import draw
from qa.reports.records import verdict_record

COUNT = 9
DAY = date(2026, 6, 1)


@pytest.fixture(scope="module")
def campaign(tmp_path_factory):
    """A kit, briefs, and the first assets of the demo."""
    folder = tmp_path_factory.mktemp("campaign")
    write_kit(folder, kit_text() + "glyphs: {level: warn}\n")
    names = []
    for index, (art, scene, _) in zip(range(COUNT), artworks(3), strict=False):
        name = f"ad_{index}{art.form.suffix}"
        (folder / name).write_bytes(encode(draw(art.scene), art.form))
        names.append((name, scene))
    write_briefs(folder, names)
    return folder, [folder / name for name, _ in names]


def judged(folder, files, threads):
    """Return asset name → its verdict as canonical JSON, timings apart."""
    gate = Gate(BrandKit.load(folder / "brand.yaml"), threads=threads, as_of=DAY)
    verdicts = gate.stream(files, read_briefs(folder / "briefs.csv"))
    return {verdict.asset.name: as_text(verdict) for verdict in verdicts}, gate


def as_text(verdict):
    return canonical_json(verdict_record(replace(verdict, timings={}, final=True)))


@pytest.fixture(scope="module")
def baseline(campaign):
    return judged(*campaign, threads=2)


def test_every_built_in_check_takes_part(baseline):
    assert {check.name for check in baseline[1].checks} == set(CHECKS)


@pytest.mark.parametrize("threads", [1, 4])
def test_threads_change_nothing(campaign, baseline, threads):
    folder, files = campaign
    assert judged(folder, files, threads)[0] == baseline[0]


def test_order_and_neighbours_change_nothing(campaign, baseline):
    folder, files = campaign
    shuffled = files[::-2] + files[-2::-2]
    assert sorted(shuffled) == sorted(files)
    assert judged(folder, shuffled, 2)[0] == baseline[0]


def test_an_asset_judged_alone_is_judged_as_in_a_batch(campaign, baseline):
    folder, files = campaign
    verdicts, gate = baseline
    briefs = read_briefs(folder / "briefs.csv").match([(file.name, "") for file in files])
    for file in files:
        assert as_text(gate.judge(file, briefs.by_asset[file.name])) == verdicts[file.name]


def test_a_second_run_with_a_warm_cache_changes_nothing(campaign, baseline):
    folder, files = campaign
    assert judged(folder, files, 2)[0] == baseline[0]
