"""Copies are found, variants are not."""

import io

import numpy as np
import PIL.Image
import pytest
from skimage import data

from consistency.image import load_image
from qa.asset import Asset
from qa.checks.duplicates import DuplicatesCheck
from qa.engines import Engines
from qa.evidence import Evidence
from qa.kit.kit import BrandKit, ModelOptions
from qa.quality.fingerprint import Fingerprint

PICTURE = data.astronaut()


def saved_again(pixels, form="JPEG", **options):
    buffer = io.BytesIO()
    PIL.Image.fromarray(pixels).save(buffer, form, **options)
    return load_image(buffer.getvalue()).pixels


def with_patch(pixels, color, side=24):
    changed = pixels.copy()
    changed[200 : 200 + side, 100 : 100 + side] = color
    return changed


def conclude(*pictures, options="{}"):
    check = DuplicatesCheck.from_kit(BrandKit.from_text(f"kit: 1\nduplicates: {options}\n"))
    assets = [Asset.read(np.ascontiguousarray(p), name=f"{i}.png") for i, p in enumerate(pictures)]
    return check.conclude([check.observe(a, Evidence(a, Engines(ModelOptions()))) for a in assets])


@pytest.mark.parametrize("quality", [60, 75, 95])
def test_a_picture_saved_again_is_a_duplicate_of_the_first(quality):
    (finding,) = conclude(PICTURE, data.coffee(), saved_again(PICTURE, quality=quality))
    assert (finding.code, finding.asset, finding.evidence["of"]) == ("duplicates.of_asset", "2.png", "0.png")


def test_a_resized_copy_is_a_duplicate():
    half = np.asarray(PIL.Image.fromarray(PICTURE).resize((256, 256), PIL.Image.Resampling.LANCZOS))
    assert len(conclude(PICTURE, half)) == 1


@pytest.mark.parametrize(
    "variant",
    [PICTURE[..., ::-1], PICTURE[:, ::-1], with_patch(PICTURE, (255, 255, 255)), np.roll(PICTURE, 20, axis=1)],
    ids=["red and blue swapped", "mirrored", "another badge", "moved"],
)
def test_a_planned_variant_is_no_duplicate(variant):
    assert conclude(PICTURE, variant) == []


def test_the_first_in_input_order_stays_and_the_others_point_at_it():
    findings = conclude(PICTURE, PICTURE, PICTURE)
    assert [(f.asset, f.evidence["of"]) for f in findings] == [("1.png", "0.png"), ("2.png", "0.png")]


def test_the_check_can_be_turned_off():
    assert DuplicatesCheck.from_kit(BrandKit.from_text("kit: 1\nduplicates: {level: off}\n")) is None


def test_a_fingerprint_survives_being_written_and_read():
    one = Fingerprint.of(PICTURE)
    assert np.array_equal(Fingerprint.from_text(one.to_text()).cells, one.cells)
