"""From a verdict's plan to a repaired file that has been judged again as a whole."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from consistency.errors import ConsistencyError, InputError
from consistency.image import Image, ImageSource, load_image
from consistency.intake.files import read_file
from consistency.region import BoolMask, Box, Mask
from qa.asset import Asset, Brief, Edit, Unread
from qa.fixes.assignment import handout_for
from qa.fixes.canvas import Canvas, open_canvas
from qa.fixes.fix import FIXES, Change, Left, load_fixer
from qa.fixes.handout import Handout
from qa.fixes.refusal import CannotFix
from qa.fixes.repair import Repair
from qa.fixes.saving import encode
from qa.verdict import Decision, Fix, FixKind, Verdict

BY_A_PERSON = "a person has to look"
NOT_ACCEPTED = "repaired, but the gate does not accept what came out"


@dataclass(frozen=True, eq=False)
class Mended:
    """A canvas with the fixes that could be applied.

    Attributes:
        canvas: The picture afterwards.
        mask: H×W of the picture before: where it may have changed.
        crop: What of the picture before is left, or None where it was not cut.
        applied: The fixes that were applied.
        left: Those that were not.
        notes: What a person should know.
    """

    canvas: Canvas
    mask: BoolMask
    crop: Box | None = None
    applied: tuple[Fix, ...] = ()
    left: tuple[Left, ...] = ()
    notes: tuple[str, ...] = ()


def read_asset(source: ImageSource | Asset | Unread, verdict: Verdict, brief: Brief | None, kit_hash: str) -> Asset:
    """Return the asset that a verdict is about.

    Raises:
        InputError: The verdict is about another picture, by another kit or by another brief.
    """
    if verdict.kit_hash != kit_hash:
        raise InputError(f"a verdict by this kit, {kit_hash[:12]}", verdict.kit_hash[:12], "judge the picture again")
    if isinstance(source, Unread):
        source = source.read()
    asset = source if isinstance(source, Asset) else Asset.read(source, name=verdict.asset.name)
    asset = replace(asset, brief=brief or asset.brief, attempt=verdict.attempt, name=verdict.asset.name)
    if asset.key != verdict.asset.key:
        raise InputError(f"the picture of the verdict, {verdict.asset.key[:12]}", asset.key[:12], "judge it again")
    if asset.brief.hash != verdict.brief.hash:
        raise InputError("the brief that the verdict was given by", repr(asset.brief.id), "pass it as brief=")
    return asset


@dataclass(frozen=True)
class Brand:
    """What of a kit a repair needs.

    Attributes:
        background: sRGB colour, 0..255, that transparent pixels are judged on.
        files: Name → bytes: fonts.
    """

    background: Sequence[int] = (255, 255, 255)
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)


def repair(asset: Asset, verdict: Verdict, judge: Callable[[Asset], Verdict], brand: Brand) -> Repair:
    """Apply what can be applied of a verdict's plan, and judge the file that comes out.

    Args:
        asset: The asset that was judged.
        verdict: What was said about it.
        judge: Gives the verdict on an asset.
        brand: What of the kit a repair needs.
    """
    data = bytes_of(asset)
    if asset.image is None:
        raise InputError("a picture that can be read", asset.name, "there is nothing to repair")
    if not any(fix.kind.value in FIXES for fix in verdict.plan):
        return unchanged(asset.image, data, verdict, tuple(Left(fix, reason_for(fix)) for fix in verdict.plan))
    try:
        canvas = opened(asset.image, data, brand)
    except CannotFix as error:
        return unchanged(asset.image, data, verdict, tuple(Left(fix, str(error)) for fix in verdict.plan))
    mended = mend(canvas, verdict.plan)
    if not mended.applied:
        return unchanged(asset.image, data, verdict, mended.left)
    written = encode(mended.canvas)
    image = load_image(written)
    kind = " ".join(dict.fromkeys(fix.kind.value for fix in mended.applied))
    edit = Edit(asset.image, Mask.encode(mended.mask), kind, mended.crop)
    again = judge(replace(asset, image=image, edit=edit, attempt=asset.attempt + 1, parent=asset.key, source=written))
    left = with_handouts(mended.left, verdict)
    undone = () if again.decision is Decision.ACCEPT else (*left, *taken_back(mended.applied, verdict))
    return Repair(image, again, left, mended.applied, written, mended.notes, handouts_of(undone, verdict))


def unchanged(image: Image, data: bytes, verdict: Verdict, left: tuple[Left, ...]) -> Repair:
    """Return the picture as it is with the verdict that it has; no editor is told to paint one frame of many."""
    told = with_handouts(left, verdict) if image.source.frames == 1 else left
    return Repair(image, verdict, told, (), data, handouts=handouts_of(told, verdict))


def with_handouts(left: Sequence[Left], verdict: Verdict) -> tuple[Left, ...]:
    """Return what was left, with what an inpainting editor needs to do it."""
    return tuple(replace(each, handout=handout_for(each.fix, verdict, each.reason)) for each in left)


def taken_back(applied: Sequence[Fix], verdict: Verdict) -> tuple[Left, ...]:
    """Return fixes that were applied as left: where the whole is not accepted, the picture before is what is kept."""
    return with_handouts([Left(fix, NOT_ACCEPTED) for fix in applied], verdict)


def handouts_of(left: Sequence[Left], verdict: Verdict) -> tuple[Handout, ...]:
    """Return the handouts of what was left, in the order of the plan."""
    handed = [each.handout for each in left if each.handout is not None]
    return tuple(sorted(handed, key=lambda handout: verdict.plan.index(handout.fix)))


def bytes_of(asset: Asset) -> bytes:
    """Return the bytes of an asset's file; b"" where pixels were handed in.

    Raises:
        InputError: The file has changed since it was judged.
    """
    source = asset.source
    if isinstance(source, (str, os.PathLike)):
        data = read_file(source).data
    else:
        data = bytes(source) if isinstance(source, (bytes, bytearray, memoryview)) else b""
    if data and hashlib.sha256(data).hexdigest() != asset.key:
        raise InputError("the file that was judged", f"{asset.name}, which has changed", "judge it again")
    return data


def opened(image: Image, data: bytes, brand: Brand) -> Canvas:
    """Return the canvas of a picture with the colour that it is judged on, and the kit's files."""
    red, green, blue = (channel / 255 for channel in brand.background)
    return replace(open_canvas(image, data), background=(red, green, blue), files=brand.files)


def mend(canvas: Canvas, plan: Sequence[Fix]) -> Mended:
    """Apply the fixes of a plan one after the other, those that cut the picture last: their boxes are all in it."""
    mended = Mended(canvas, np.zeros((canvas.height, canvas.width), np.bool_), notes=canvas.notes)
    for fix in sorted(plan, key=lambda fix: fix.kind is FixKind.CROP_RESIZE):
        if fix.kind.value not in FIXES:
            mended = replace(mended, left=(*mended.left, Left(fix, reason_for(fix))))
            continue
        try:
            change = apply(mended, fix)
        except ConsistencyError as error:
            mended = replace(mended, left=(*mended.left, Left(fix, str(error))))
            continue
        mended = with_change(mended, fix, change)
    return mended


def apply(mended: Mended, fix: Fix) -> Change:
    """Apply one fix.

    Raises:
        ConsistencyError: It cannot be applied; the message is the reason.
    """
    if mended.crop is not None:
        raise ConsistencyError("a picture that was cut only once", "two cuts")
    return load_fixer(fix.kind).apply(mended.canvas, fix)


def with_change(mended: Mended, fix: Fix, change: Change) -> Mended:
    """Return what has been mended with one change more."""
    mask = mended.mask if change.mask is None else mended.mask | change.mask
    notes = (*mended.notes, change.note) if change.note else mended.notes
    return Mended(change.canvas, mask, change.crop, (*mended.applied, fix), mended.left, notes)


def reason_for(fix: Fix) -> str:
    """Return why a kind of fix is not applied by the gate."""
    return BY_A_PERSON if fix.kind is FixKind.HUMAN_REVIEW else f"no fixer for {fix.kind.value}"
