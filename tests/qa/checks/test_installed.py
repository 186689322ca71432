"""A check of another distribution, found through real metadata, judges only where a kit asks for it."""

import sys

import pytest

from qa import BrandKit
from qa.checks.check import build_checks
from qa.checks.installed import installed_checks
from qa.kit.problems import KitError
from qa.kit.schema import check_sections

MODULE = """
from pydantic import BaseModel

class GrainOptions(BaseModel):
    limit: float = 1.0

class GrainCheck:
    name, version, section, needs, Options = "grain", 1, "grain", frozenset(), GrainOptions

    @classmethod
    def from_kit(cls, kit):
        return cls()

    def rules(self, brief):
        return []

    def judge(self, asset, evidence):
        return []
"""


@pytest.fixture
def another_distribution(tmp_path, monkeypatch):
    (tmp_path / "grainy.py").write_text(MODULE)
    info = tmp_path / "grainy-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: grainy\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[consistency_qa.checks]\ngrain = grainy:GrainCheck\ncolor = grainy:GrainCheck\nbroken = absent:Check\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    caches = (installed_checks, check_sections)
    for cache in caches:
        cache.cache_clear()
    yield
    sys.modules.pop("grainy", None)
    for cache in caches:
        cache.cache_clear()


@pytest.mark.usefixtures("another_distribution")
def test_it_judges_where_the_kit_states_its_section_and_nowhere_else():
    assert "grain" in [check.name for check in build_checks(BrandKit.from_text("kit: 1\ngrain: {limit: 2}\n"))]
    assert "grain" not in [check.name for check in build_checks(BrandKit.from_text("kit: 1\n"))]


@pytest.mark.usefixtures("another_distribution")
def test_a_taken_name_and_a_broken_import_are_left_out_with_a_warning(caplog):
    assert set(installed_checks()) == {"grain"}
    assert "the name is taken" in caplog.text
    assert "cannot be imported" in caplog.text


def test_without_it_the_section_is_an_unknown_key():
    with pytest.raises(KitError, match="grain"):
        BrandKit.from_text("kit: 1\ngrain: {limit: 2}\n")
