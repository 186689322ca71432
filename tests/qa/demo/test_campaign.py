import json

from qa.briefs import read_briefs
from qa.demo.brand import kit_text
from qa.demo.campaign import CLEAN, PLAN, artworks, write_campaign
from qa.demo.faults import FAULTS
from qa.kit.kit import BrandKit
from qa.verdict import Decision


def test_a_campaign_plants_every_decision_in_at_least_thirty_large_assets():
    arts = list(artworks(0))
    assert len(arts) >= 30
    assert {art.decision for art, _, _ in arts} == set(Decision)
    assert all(
        max(art.scene.width, art.scene.height) >= 1024 for art, _, _ in arts if "too_small" not in faults_of(art)
    )
    assert len({art.form.format for art, _, _ in arts}) == 3


def faults_of(art):
    return {plant.fault for plant in art.planted}


def test_the_plan_names_faults_that_exist():
    assert {fault for fault, _ in PLAN} <= set(FAULTS)


def test_the_same_seed_gives_the_same_artworks_and_another_seed_others():
    assert list(artworks(3)) == list(artworks(3))
    assert list(artworks(3)) != list(artworks(4))


def test_briefs_ask_for_what_was_meant_not_for_what_was_drawn():
    for art, asked, _ in artworks(1):
        if faults_of(art) & {"price_digit"}:
            assert art.scene.price != asked.price
        assert asked.legal
        assert asked.headline


def test_a_written_campaign_can_be_loaded_and_is_the_same_to_the_byte(tmp_path, monkeypatch):
    monkeypatch.setattr("qa.demo.campaign.artworks", lambda seed: list(artworks(seed))[:2] + list(artworks(seed))[-1:])
    first, second = (write_campaign(tmp_path / name, 5) for name in ("a", "b"))
    assert [path.read_bytes() for path in first.assets] == [path.read_bytes() for path in second.assets]
    kit = BrandKit.load(first.kit)
    assert len([name for name in kit.files if name.startswith("refs/bottle/")]) == 3
    assert len(read_briefs(first.briefs)) == len(first.assets) == 3
    stored = json.loads((first.folder / "truth.json").read_text())
    assert [asset["name"] for asset in stored["assets"]] == [path.name for path in first.assets]
    assert stored["batch"] == [{"asset": first.assets[-1].name, "rule": "duplicates", "code": "duplicates.of_asset"}]


def test_the_kit_for_benchmarks_has_two_texts():
    assert "legal" not in kit_text(with_legal=False)
    assert CLEAN > 0
