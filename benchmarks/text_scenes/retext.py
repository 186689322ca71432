"""Wrong and forbidden texts, repaired once: what the gate accepts then, what else changed, and what was refused."""

from __future__ import annotations

import io
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice
from pathlib import Path

import cv2
import numpy as np
from PIL import Image
from rates import rate

from consistency.image import load_image
from consistency.region import Box
from qa import BrandKit, Brief, Gate
from qa.fixes.ground import difference
from qa.fixes.repairing import Brand, mend, opened
from qa.text import verify
from qa.verdict import Decision, FixKind
from text_scenes.backdrops import Floats, Pixels, Random, flat, gradient, luminance, noise, photograph
from text_scenes.extent import Extent
from text_scenes.faces import Face, draw_mask, find_faces
from text_scenes.judging import over_pictures, reader
from text_scenes.pictures import pick_face
from text_scenes.strings import CORRUPTIONS, corrupt, write

PICTURES = 240
SIZE = (768, 576)
KIT_FACES = 4
CLAIM = "Guaranteed"
KIT = """\
kit: 1
text:
  required: [{id: wanted, value: "{wanted}", mode: exact, font: font.ttf}]
  forbidden: [{pattern: "guaranteed?"}]
  contrast: {level: "off"}
"""


def grained(rng: Random, height: int, width: int) -> Floats:
    """A plain colour with the grain of film or paper."""
    grain = cv2.GaussianBlur(rng.normal(0, 1, (height, width, 1)), (0, 0), rng.uniform(0.4, 1.2))
    return np.asarray(flat(rng, height, width) + rng.uniform(2, 6) * (grain / grain.std())[..., None], np.float32)


def mottled(rng: Random, height: int, width: int) -> Floats:
    """A plain colour that changes softly, as a wall in a photograph does."""
    coarse = rng.normal(0, 1, (height // 90 + 3, width // 90 + 3, 1)).astype(np.float32)
    soft = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)[..., None]
    noise_of = rng.normal(0, rng.uniform(0.5, 2), (height, width, 3))
    return np.asarray(flat(rng, height, width) + rng.uniform(4, 10) * soft + noise_of, np.float32)


GROUNDS = {
    "flat": flat,
    "gradient": gradient,
    "grained": grained,
    "mottled": mottled,
    "blobs": noise,
    "photograph": photograph,
}
PLAIN = ("flat", "gradient", "grained", "mottled")
"""Plain and mildly textured; of the others it is reported how many are refused."""


@dataclass(frozen=True)
class Outcome:
    """What became of one picture.

    Attributes:
        kind: "retext" or "erase".
        ground: A key of GROUNDS.
        form: "PNG" or "JPEG".
        is_own_face: Whether the wrong text stood in the kit's face.
        became: "accepted", "not accepted", "refused: background", "refused: other", or why it was never to be repaired.
        is_read: After a retext, whether the text verifies on its own.
        outside: Samples changed outside the mask; None in JPEG.
        ghost: After an erasure, ΔE00 to the ground as it was before the text.
    """

    kind: str
    ground: str
    form: str
    is_own_face: bool
    became: str
    is_read: bool | None = None
    outside: int | None = None
    ghost: float | None = None


def measure(extent: Extent) -> dict[str, object]:
    count = 6 if extent.is_quick else min(PICTURES, extent.texts)
    found = list(islice(chain.from_iterable(over_pictures(judge_picture, extent)), count))
    tried = [each for each in found if not each.became.startswith("never")]
    plain = [each for each in tried if each.ground in PLAIN]
    rich = [each for each in tried if each.ground not in PLAIN]
    return {
        "pictures": len(found),
        "never_to_be_repaired": dict(Counter(each.became for each in found if each.became.startswith("never"))),
        "accepted_after_one_repair": {
            "plain": accepted(plain),
            **{
                f"plain_{kind}": accepted([each for each in plain if each.kind == kind]) for kind in ("retext", "erase")
            },
            **{ground: accepted([each for each in tried if each.ground == ground]) for ground in GROUNDS},
            "own_face": accepted([each for each in plain if each.is_own_face]),
            "other_face": accepted([each for each in plain if not each.is_own_face]),
            "jpeg": accepted([each for each in plain if each.form == "JPEG"]),
        },
        "refused_rich": {ground: refused(rich, ground) for ground in ("blobs", "photograph")},
        "became": dict(Counter(f"{each.ground}: {each.became}" for each in tried)),
        "text_verifies": read_rate(plain),
        "png_with_samples_changed_outside": rate(*outside(tried)),
        "ghost_delta_e00_median": {ground: middle(tried, ground) for ground in GROUNDS},
    }


def accepted(outcomes: Sequence[Outcome]) -> dict[str, object]:
    return rate(sum(each.became == "accepted" for each in outcomes), len(outcomes))


def refused(outcomes: Sequence[Outcome], ground: str) -> dict[str, object]:
    became = [each.became for each in outcomes if each.ground == ground]
    return rate(became.count("refused: background"), len(became))


def read_rate(outcomes: Sequence[Outcome]) -> dict[str, object]:
    read = [each.is_read for each in outcomes if each.is_read is not None]
    return rate(sum(read), len(read))


def outside(outcomes: Sequence[Outcome]) -> tuple[int, int]:
    counts = [each.outside for each in outcomes if each.outside is not None]
    return sum(count > 0 for count in counts), len(counts)


def middle(outcomes: Sequence[Outcome], ground: str) -> float | None:
    ghosts = [each.ghost for each in outcomes if each.ground == ground and each.ghost is not None]
    return round(float(np.median(ghosts)), 2) if ghosts else None


def judge_picture(seed: int) -> list[Outcome]:
    """Draw one picture with one fault, repair it, and say what came of it."""
    rng = np.random.default_rng((seed, 9))
    kind = ("retext", "erase")[int(rng.integers(4) == 0)]
    ground = tuple(GROUNDS)[int(rng.integers(len(GROUNDS)))]
    form = ("PNG", "JPEG")[int(rng.integers(2))]
    number, is_own = int(rng.integers(KIT_FACES)), bool(rng.integers(2))
    cap_height = float(np.exp(rng.uniform(*np.log((18, 80)))))
    face = kit_faces()[number] if is_own else pick_face(rng, cap_height)
    wanted, drawn = wording(rng, face, cap_height, kind)
    clean = GROUNDS[ground](rng, SIZE[1], SIZE[0])
    picture = drawn_on(rng, clean, face, cap_height, [drawn, CLAIM] if kind == "erase" else [drawn])
    if picture is None:
        return []
    data = encoded(picture, form, int(rng.integers(75, 96)))
    told = repaired(number, data, wanted, kind, clean)
    return [Outcome(kind, ground, form, is_own, **told)]


def wording(rng: Random, face: Face, cap_height: float, kind: str) -> tuple[str, str]:
    """Return the text as it should be and as it is drawn, in letters that the face and the kit's have."""
    while True:
        wanted = write(rng, ("price", "headline", "trademark", "figures")[int(rng.integers(4))])
        wanted = wanted.upper() if face.is_caseless else wanted
        wrong = wanted if kind == "erase" else corrupt(rng, wanted, CORRUPTIONS[int(rng.integers(len(CORRUPTIONS)))])
        fits = face.sized(cap_height).getlength(wanted) <= 0.8 * SIZE[0]
        if wrong and fits and len(wanted) > 2 and face.has(wanted + wrong) and all(f.has(wanted) for f in kit_faces()):
            return wanted, wrong


def drawn_on(rng: Random, clean: Floats, face: Face, cap_height: float, texts: Sequence[str]) -> Pixels | None:
    """Return the picture with its texts one above the other, in black or white; None where one has no room."""
    canvas = clean.copy()
    ink = 15.0 if luminance(np.clip(clean, 0, 255)).mean() > 0.2 else 245.0
    slot = SIZE[1] // (len(texts) + 1)
    for at, text in enumerate(texts, 1):
        mask = draw_mask(face.sized(cap_height), text)
        room = SIZE[0] - mask.shape[1]
        top = at * slot - mask.shape[0] // 2
        if room < 8 or top < 4 or mask.shape[0] > slot:
            return None
        left = int(rng.integers(4, room - 3))
        part = canvas[top : top + mask.shape[0], left : left + mask.shape[1]]
        part += (ink - part) * (mask[..., None] / np.float32(255))
    return np.clip(np.rint(canvas), 0, 255).astype(np.uint8)


def encoded(picture: Pixels, form: str, quality: int) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(picture).save(stream, form, **({"quality": quality} if form == "JPEG" else {}))
    return stream.getvalue()


def repaired(number: int, data: bytes, wanted: str, kind: str, clean: Floats) -> dict[str, object]:
    gate, brief = gate_of(number), Brief(values={"wanted": wanted})
    verdict = gate.judge(data, brief)
    if verdict.decision is not Decision.FIX or verdict.needs_review:
        reasons = sorted({finding.code for finding in verdict.blocking}) or ["accepted as it is"]
        return {"became": f"never: {', '.join(reasons)}"}
    if {fix.kind for fix in verdict.plan} != {FixKind(kind)}:
        return {"became": "never: another fault was seen"}
    repair = gate.fix(data, verdict, brief)
    if repair.left:
        is_ground = "background" in repair.left[0].reason and repair.left[0].handout is not None
        return {"became": "refused: background" if is_ground else f"refused: {repair.left[0].reason[:60]}"}
    became = "accepted" if repair.verdict.decision is Decision.ACCEPT else "not accepted"
    image = load_image(data)
    changed = mend(opened(image, data, Brand(files=gate.kit.files)), verdict.plan).mask
    told: dict[str, object] = {"became": became}
    if data[:4] == b"\x89PNG":
        told["outside"] = int((image.pixels != repair.image.pixels)[~changed].sum())
    if kind == "retext":
        told["is_read"] = verify(repair.image.pixels, wanted, reader=reader()).status.value == "match"
    else:
        truth = np.clip(clean, 0, 255).astype(np.float64) / 255
        box = Box.around(changed)
        part = box.slices if box is not None else (slice(None), slice(None))
        told["ghost"] = difference(repair.image.pixels[part] / 255, truth[part], changed[part], 2.0)
    return told


@lru_cache(maxsize=1)
def kit_faces() -> tuple[Face, ...]:
    """Return some faces for kits, far apart in the list of all."""
    bold = [face for face in find_faces() if 0.12 <= face.stroke_share <= 0.3 and not face.is_caseless]
    return tuple(bold[at * len(bold) // KIT_FACES] for at in range(KIT_FACES))


@lru_cache(maxsize=KIT_FACES)
def gate_of(number: int) -> Gate:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "brand.yaml").write_text(KIT)
        Path(folder, "font.ttf").write_bytes(kit_faces()[number].path.read_bytes())
        return Gate(BrandKit.load(folder), threads=1)
