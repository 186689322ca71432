"""Does each picture show what it was asked to, beside the other pictures of its batch?"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from consistency.embedders.embedder import TextEmbedder
from consistency.errors import MissingBackend, shorten
from qa.asset import Asset
from qa.checks.check import Trace
from qa.evidence import Evidence, Need
from qa.kit.kit import BrandKit
from qa.kit.options import Fraction, KitOptions
from qa.quality.adherence import DIGITS, LEAST_OTHERS, Rank, are_told_apart, ranks
from qa.verdict import Finding, Level, Limit, Scalar, Status

NAMED = 3
"""Assets that a finding about several of them names."""

QUOTED = 120
"""Characters of a prompt that a finding quotes."""

EXPECTED = "a picture that fits its prompt better than pictures made for other prompts do"
REASONS = {
    "prompt.no_prompt": "the brief has no prompt",
    "prompt.no_text_half": "this model does not embed texts; name an OpenCLIP model in `models: {embedder: …}`",
    "prompt.not_finite": "the embedding is zero or not finite",
    "prompt.too_few": f"fewer than {LEAST_OTHERS} assets of the batch have another prompt",
    "prompt.too_alike": "the model does not tell these prompts apart by these pictures",
}
"""Why an asset could not be compared, by code."""


class PromptOptions(KitOptions):
    """The kit's `prompt` section.

    Attributes:
        max_share: Share of the pictures made for other prompts that may fit an asset's prompt as well as the asset.
            Of pictures that have nothing to do with their prompts, this share passes.
        level: How hard the rule is; a batch finding never changes a verdict.
    """

    max_share: Fraction = 0.2
    level: Level = Level.WARN


class PromptCheck:
    """Ranks each asset among the batch by how well it fits its prompt; on only where the kit states the section."""

    name: ClassVar[str] = "prompt"
    version: ClassVar[int] = 2
    section: ClassVar[str] = "prompt"
    Options: ClassVar[type[PromptOptions]] = PromptOptions
    needs: frozenset[Need] = frozenset({Need.FEATURES})

    def __init__(self, options: PromptOptions) -> None:
        self._options = options

    @classmethod
    def from_kit(cls, kit: BrandKit) -> Self | None:
        """Return the check, or None where the kit does not ask for it."""
        options = kit.section(cls.section, PromptOptions)
        return cls(options) if kit.has(cls.section) and options.level is not Level.OFF else None

    def observe(self, asset: Asset, evidence: Evidence) -> Trace:
        """Return the vectors of picture and prompt in half precision, or the code why there are none."""
        prompt = asset.brief.prompt
        if not prompt.strip():
            return {"asset": asset.name, "code": "prompt.no_prompt"}
        embedder = evidence.engines.embedder()
        if not isinstance(embedder, TextEmbedder):
            return {"asset": asset.name, "code": "prompt.no_text_half"}
        try:
            said = embedder.embed_texts([prompt])
        except MissingBackend:
            return {"asset": asset.name, "code": "prompt.no_text_half"}
        picture, text = written(evidence.features().pooled[0]), written(said.vectors[0])
        if not picture or not text:
            return {"asset": asset.name, "code": "prompt.not_finite"}
        return {
            "asset": asset.name,
            "prompt": shorten(prompt, QUOTED),
            "digest": sha256(" ".join(prompt.split()).encode("utf-8", "replace")).hexdigest(),
            "is_cut": said.is_cut[0],
            "model": embedder.spec.id,
            "picture": picture,
            "text": text,
        }

    def conclude(self, traces: Sequence[Trace]) -> Sequence[Finding]:
        """Return a finding per asset that does not fit its prompt, then what could not be compared, or that all fit."""
        usable = [trace for trace in traces if "code" not in trace]
        compared = list(zip(usable, rank_all(usable), strict=True))
        ranked = [(trace, rank) for trace, rank in compared if rank is not None]
        is_told = are_told_apart([rank for _, rank in ranked])
        failed = [self._failed(trace, rank) for trace, rank in ranked if is_told and self._is_over(rank)]
        unmeasured = [(str(trace["code"]), trace) for trace in traces if "code" in trace]
        unmeasured += [("prompt.too_few", trace) for trace, rank in compared if rank is None]
        unmeasured += [("prompt.too_alike", trace) for trace, _ in ranked if not is_told]
        passed = [self._passed(ranked)] if ranked and is_told and not failed else []
        return [*failed, *passed, *self._unmeasured(unmeasured, len(traces))]

    def _is_over(self, rank: Rank) -> bool:
        return round(rank.share, DIGITS) > self._options.max_share

    def _failed(self, trace: Trace, rank: Rank) -> Finding:
        figures: dict[str, Scalar] = {"similarity": rank.similarity, "better": rank.better, "others": rank.others}
        cut = ("the prompt is longer than the model reads: its beginning was compared",) if trace["is_cut"] else ()
        return replace(
            self._blank,
            code="prompt.not_followed",
            status=Status.FAIL,
            value=round(rank.share, DIGITS),
            observed=f"{rank.better} of {rank.others} pictures made for other prompts fit this one at least as well",
            evidence={**figures, "prompt": str(trace["prompt"])},
            assumptions=cut,
            backend=str(trace["model"]),
            asset=str(trace["asset"]),
        )

    def _passed(self, ranked: Sequence[tuple[Trace, Rank]]) -> Finding:
        said = f"{len(ranked)} assets compared: each fits its prompt better than most pictures made for others"
        model = str(ranked[0][0]["model"])
        return replace(self._blank, observed=said, evidence={"compared": len(ranked)}, backend=model)

    def _unmeasured(self, found: Sequence[tuple[str, Trace]], total: int) -> Iterator[Finding]:
        for code, reason in REASONS.items():
            names = [shorten(str(trace["asset"]), 60) for each, trace in found if each == code]
            if names:
                more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
                yield replace(
                    self._blank,
                    code=code,
                    status=Status.NOT_EVALUABLE,
                    observed=f"{reason}: {', '.join(names[:NAMED])}{more}",
                    evidence={"assets": len(names), "of": total},
                )

    @property
    def _blank(self) -> Finding:
        return Finding(
            "prompt",
            self.name,
            "met",
            self._options.level,
            Status.PASS,
            unit="share",
            limit=Limit("<=", self._options.max_share),
            expected=EXPECTED,
        )


def rank_all(traces: Sequence[Trace]) -> list[Rank | None]:
    """Return the rank of each asset; prompts that differ in spaces only are one."""
    if not traces:
        return []
    places: dict[str, int] = {}
    for trace in traces:
        places.setdefault(str(trace["digest"]), len(places))
    texts: dict[str, NDArray[np.float64]] = {}
    for trace in traces:
        texts.setdefault(str(trace["digest"]), read(str(trace["text"])))
    pictures = np.stack([read(str(trace["picture"])) for trace in traces])
    return ranks(pictures, np.stack(list(texts.values())), [places[str(trace["digest"])] for trace in traces])


def written(vector: NDArray[np.float32]) -> str:
    """Return a vector at unit length in half precision as text; "" where it has no direction."""
    length = float(np.linalg.norm(vector.astype(np.float64)))
    if not np.isfinite(length) or length == 0:
        return ""
    return b64encode((vector / length).astype("<f2").tobytes()).decode()


def read(text: str) -> NDArray[np.float64]:
    """Return the unit vector that `written` wrote."""
    vector = np.frombuffer(b64decode(text), "<f2").astype(np.float64)
    return np.asarray(vector / np.linalg.norm(vector))
