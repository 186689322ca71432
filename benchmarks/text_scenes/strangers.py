"""Text that nobody ordered, of every kind, drawn on photographs and flat grounds: is it seen, and what is it called?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import lru_cache, partial

import numpy as np
from PIL import Image
from rates import rate

from qa import BrandKit, Gate
from qa.text.gibberish import word_parts
from text_scenes.backdrops import BACKDROPS, Floats, Pixels, Random
from text_scenes.extent import Extent
from text_scenes.faces import Face, draw_mask
from text_scenes.judging import over_pictures
from text_scenes.pictures import compressed, pick_face
from text_scenes.strings import write
from text_scenes.words import SYLLABLES, WORDS

SIZES = ((768, 512), (1024, 1024), (1200, 628))
TEXTS = 2000
KINDS = ("gibberish", "watermark", "signature", "other")
KIT = "kit: 1\ntext: {unexpected: {level: warn, gibberish: warn, watermark: warn, signature: warn}}\n"
LETTERS = "abcdefghijklmnopqrstuvwxyz"
MARKS = ("SAMPLE", "PREVIEW", "stock", "© {name}", "{name}", "{name}.com", "{name} photos")

Drawn = tuple[Floats, str]


def measure(extent: Extent) -> dict[str, object]:
    """Return per kind and form how many were seen, and of those as what."""
    count = 4 if extent.is_quick else TEXTS
    told: list[tuple[str, str, str]] = []
    for each in over_pictures(judge_picture, extent):
        told.append(each)
        if len(told) >= count:
            break
    forms = sorted({(kind, form) for kind, form, _ in told})
    return {f"{kind}, {form}": shares([got for k, f, got in told if (k, f) == (kind, form)]) for kind, form in forms}


def shares(told: list[str]) -> dict[str, object]:
    seen = [each for each in told if each]
    return {"seen": rate(len(seen), len(told)), "told": dict(Counter(seen))}


def judge_picture(seed: int) -> tuple[str, str, str]:
    """Return the kind of what stands in a picture, in which form, and what it was taken for; "" where not seen."""
    kind, form, image = draw(seed)
    failed = {f.rule: f.code for f in gate().judge(image).findings if f.status == "fail" and f.check == "text"}
    codes = {code.removeprefix("text.").replace("unexpected", "other") for code in failed.values()}
    return kind, form, kind if kind in codes else min(codes, default="")


@lru_cache(maxsize=1)
def gate() -> Gate:
    return Gate(BrandKit.from_text(KIT), threads=1)


def draw(seed: int) -> tuple[str, str, Pixels]:
    """Return the kind, the form, and a picture with one such text."""
    rng = np.random.default_rng((seed, 11))
    width, height = SIZES[int(rng.integers(len(SIZES)))]
    canvas = BACKDROPS[pick(rng, tuple(BACKDROPS))](rng, height, width)
    kind = pick(rng, KINDS)
    form = pick(rng, tuple(FORMS[kind]))
    return kind, form, compressed(FORMS[kind][form](rng, canvas), int(rng.integers(75, 96)))


def pick(rng: Random, options: tuple[str, ...]) -> str:
    return options[int(rng.integers(len(options)))]


def name(rng: Random) -> str:
    return "".join(pick(rng, SYLLABLES) for _ in range(2)).capitalize()


def salad(rng: Random) -> str:
    """Return one to three strings of letters, half of them words out of order."""
    words = [word for text in WORDS for word in word_parts(text)]
    made = []
    for _ in range(int(rng.integers(1, 4))):
        letters = list(pick(rng, tuple(words)) if rng.random() < 0.5 else pick(rng, (LETTERS,)))
        order = [letters[at] for at in rng.permutation(len(letters))]
        made.append("".join(order) if len(letters) < 20 else "".join(order[: int(rng.integers(4, 9))]))
    return " ".join(made)


def mangled(rng: Random) -> str:
    """Return three words with two wrong letters each, as generators spell."""
    return " ".join("".join(misspelt(rng, word)) for word in (pick(rng, long_words()) for _ in range(3)))


@lru_cache(maxsize=1)
def long_words() -> tuple[str, ...]:
    return tuple(word for text in WORDS for word in word_parts(text, shortest=5))


def misspelt(rng: Random, word: str) -> list[str]:
    letters = list(word)
    for at in rng.permutation(len(letters) - 1)[:2]:
        if rng.random() < 0.5:
            letters[at], letters[at + 1] = letters[at + 1], letters[at]
        else:
            letters[at] = pick(rng, tuple(LETTERS))
    return letters


def anywhere(make: Callable[[Random], str], rng: Random, canvas: Floats) -> Floats:
    """Draw a text of ordinary size, no nearer to a corner than a fifth."""
    text = make(rng).upper() if rng.random() < 0.5 else make(rng).capitalize()
    cap = float(rng.uniform(18, 60))
    mask = fitted(draw_mask(pick_face(rng, cap).sized(cap), text), canvas, 0.7)
    height, width = canvas.shape[:2]
    left = int(rng.integers((width - mask.shape[1]) // 2 + 1))
    top = int(rng.uniform(0.25, 0.7) * height)
    return laid(canvas, mask, left, top, ink_on(rng, canvas), 1.0)


def tiled(rng: Random, canvas: Floats) -> Floats:
    """Draw a mark again and again, slanted and translucent."""
    cap, turn = float(rng.uniform(18, 34)), float(rng.uniform(20, 45))
    mask = turned(draw_mask(face(rng, cap).sized(cap), mark(rng)), turn)
    alpha, ink = float(rng.uniform(0.3, 0.6)), ink_on(rng, canvas)
    step_x, step_y = int(mask.shape[1] * 1.3), int(mask.shape[0] * 1.4)
    for top in range(10, canvas.shape[0], step_y):
        for left in range(10, canvas.shape[1], step_x):
            canvas = laid(canvas, mask, left, top, ink, alpha)
    return canvas


def across(rng: Random, canvas: Floats) -> Floats:
    """Draw one mark over the picture, translucent, two of three times slanted."""
    height, width = canvas.shape[:2]
    cap, turn = float(rng.uniform(60, 110)), float(rng.uniform(20, 40)) * bool(rng.integers(3))
    mask = fitted(turned(draw_mask(face(rng, cap).sized(cap), mark(rng)), turn), canvas, 0.9)
    left, top = (width - mask.shape[1]) // 2, (height - mask.shape[0]) // 2
    return laid(canvas, mask, left, top, ink_on(rng, canvas), float(rng.uniform(0.3, 0.6)))


def credit(rng: Random, canvas: Floats) -> Floats:
    """Draw a small line of ownership in the lower corner."""
    cap = float(rng.uniform(11, 18))
    text = pick(rng, ("© {name} {year}", "© {year} {name} Studio", "Copyright {name}", "© {name}/Alamy"))
    mask = draw_mask(face(rng, cap).sized(cap), text.format(name=name(rng), year=int(rng.integers(1995, 2027))))
    return in_corner(rng, canvas, mask)


def signed(rng: Random, canvas: Floats) -> Floats:
    """Draw a name in the lower corner, half of the time in slanted letters."""
    cap = float(rng.uniform(14, 22))
    text = pick(rng, ("{initial}. {name}", "{name}", "{name} {other}", "{name} '{year}", "@{name}"))
    said = text.format(
        name=name(rng), other=name(rng), initial=pick(rng, tuple("ABDEHJKMRT")), year=int(rng.integers(10, 27))
    )
    mask = draw_mask(face(rng, cap).sized(cap), said)
    return in_corner(rng, canvas, turned(mask, float(rng.uniform(0, 8)) * bool(rng.integers(2))))


def in_corner(rng: Random, canvas: Floats, mask: Pixels) -> Floats:
    mask = fitted(mask, canvas, 0.4)
    height, width = canvas.shape[:2]
    left = pick(rng, ("left", "right")) == "left"
    x = round(0.03 * width) if left else round(0.97 * width) - mask.shape[1]
    return laid(canvas, mask, x, round(0.96 * height) - mask.shape[0], ink_on(rng, canvas), 1.0)


def mark(rng: Random) -> str:
    return pick(rng, MARKS).format(name=name(rng))


def face(rng: Random, cap: float) -> Face:
    """Return a face with small letters and signs."""
    found = pick_face(rng, cap)
    while found.is_caseless or not found.has("© @'.abc"):
        found = pick_face(rng, cap)
    return found


def turned(mask: Pixels, degrees: float) -> Pixels:
    return np.asarray(Image.fromarray(mask).rotate(degrees, Image.Resampling.BICUBIC, expand=True), np.uint8)


def fitted(mask: Pixels, canvas: Floats, share: float) -> Pixels:
    """Return a mask no larger than a share of the picture."""
    picture = Image.fromarray(mask)
    picture.thumbnail((round(share * canvas.shape[1]), round(share * canvas.shape[0])), Image.Resampling.BOX)
    return np.asarray(picture, np.uint8)


def ink_on(rng: Random, canvas: Floats) -> float:
    """Return white or black, whichever the picture is further from; a little off it."""
    return float(rng.uniform(235, 255) if canvas.mean() < 140 else rng.uniform(0, 20))


def laid(canvas: Floats, mask: Pixels, left: int, top: int, ink: float, alpha: float) -> Floats:
    """Return the picture with a mask in one grey over it, cut at the edges."""
    shown = canvas.copy()
    part = shown[top : top + mask.shape[0], left : left + mask.shape[1]]
    cover = mask[: part.shape[0], : part.shape[1], None] / np.float32(255) * np.float32(alpha)
    part[...] = part * (1 - cover) + np.float32(ink) * cover
    return shown


FORMS: dict[str, dict[str, Callable[[Random, Floats], Floats]]] = {
    "gibberish": {"letters in any order": partial(anywhere, salad), "words misspelt": partial(anywhere, mangled)},
    "watermark": {"repeated": tiled, "across": across, "line of ownership": credit},
    "signature": {"in a corner": signed},
    "other": {
        "headline": partial(anywhere, lambda rng: write(rng, "headline")),
        "legal": partial(anywhere, lambda rng: write(rng, "legal")),
        "trademark": partial(anywhere, lambda rng: write(rng, "trademark")),
    },
}
