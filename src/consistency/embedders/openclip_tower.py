"""What an OpenCLIP image tower says of a picture: its vector, its map of features, and where the vector comes from."""

from __future__ import annotations

import warnings
from typing import Any

import torch
from torch import Tensor, nn

from consistency.embedders.embedder import MEAN_OF_PLACES

ATTENTION = "attention over places"
"""One query that attends over the places makes the vector: its last step tells what each place adds."""

OWN = "the model's own"
"""Anything else: where the vector comes from is not told."""


class ImageTower(nn.Module):
    """The image half of a CLIP model, for pictures of its own size.

    Attributes:
        pooling: How its vector comes from its map: MEAN_OF_PLACES, ATTENTION or OWN.
    """

    def __init__(self, visual: Any) -> None:
        super().__init__()
        self.visual = visual
        self.pooling = pooling_of(visual)

    def forward(self, pixels: Tensor) -> tuple[Tensor, ...]:
        """Return the vectors n×d, the maps n×h×w×k where the tower has them, and n×h×w shares where ATTENTION."""
        if not has_map(self.visual):
            return (self.visual(pixels),)
        if self.pooling == ATTENTION and hasattr(self.visual, "transformer"):
            return class_token(self.visual, pixels)
        found = self.visual.forward_intermediates(
            pixels, indices=1, normalize_intermediates=not pools_tokens(self.visual)
        )
        vectors, maps = found["image_features"], found["image_intermediates"][-1]
        if self.pooling == ATTENTION:
            return vectors, maps.permute(0, 2, 3, 1), attention_pool(self.visual.attnpool, maps, vectors)
        return vectors, maps.permute(0, 2, 3, 1)


def has_map(visual: Any) -> bool:
    """Whether a tower gives out its last map of features."""
    return hasattr(getattr(visual, "trunk", visual), "forward_intermediates")


def pools_tokens(visual: Any) -> bool:
    """Whether a pooler of its own stands between the tokens and the last norm, which then does not fit them (CoCa)."""
    return getattr(visual, "attn_pool", None) is not None


def pooling_of(visual: Any) -> str:
    """Return how a tower's vector comes from its map, as far as that tells where it comes from."""
    if not has_map(visual):
        return OWN
    if hasattr(visual, "trunk"):
        return MEAN_OF_PLACES if takes_mean(visual) else OWN
    if getattr(visual, "attnpool", None) is not None:
        return ATTENTION
    is_plain = hasattr(visual, "transformer") and not pools_tokens(visual)
    pool = visual.pool_type if is_plain else ""
    if pool == "tok" and has_plain_attention(visual):
        return ATTENTION
    return MEAN_OF_PLACES if pool == "avg" else OWN


def takes_mean(visual: Any) -> bool:
    """Whether a tower of timm averages its map: its classifier does, and OpenCLIP adds no pooling of its own."""
    head = getattr(visual.trunk, "head", None)
    pool = getattr(head, "global_pool", None) or getattr(visual.trunk, "global_pool", None)
    kind = pool if isinstance(pool, str) else getattr(pool, "pool_type", "")
    return kind == "avg" and not hasattr(visual.head, "pool")


def has_plain_attention(visual: Any) -> bool:
    """Whether the last block is one whose attention can be followed, behind at least one other."""
    blocks = visual.transformer.resblocks
    attention = getattr(blocks[-1], "attn", None)
    return len(blocks) > 1 and isinstance(attention, nn.MultiheadAttention) and attention.in_proj_weight is not None


def class_token(visual: Any, pixels: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return vectors, maps and shares of a transformer of patches with a class token.

    The share of a patch is what the last block's attention carries from it into the class token, along the vector:
    scaled alike for all patches of a picture, whatever the last norm divides by.

    Reference:
        Gandelsman, Efros and Steinhardt 2024 (arXiv 2310.05916), eq. 7 and 8: the direct effect of image tokens.
    """
    found = visual.forward_intermediates(pixels, indices=2, output_fmt="NLC", output_extra_tokens=True)
    tokens = [
        torch.cat([prefix, patches], dim=1)
        for prefix, patches in zip(found["image_intermediates_prefix"], found["image_intermediates"], strict=True)
    ]
    vectors, block = found["image_features"], visual.transformer.resblocks[-1]
    direction = vectors if visual.proj is None else vectors @ visual.proj.T
    direction = direction * visual.ln_post.weight
    direction = direction - direction.mean(dim=1, keepdim=True)
    direction = direction * getattr(block.ls_1, "gamma", 1.0)
    attention, width = block.attn, block.attn.embed_dim
    inside = block.ln_1(tokens[0])
    query, key, value = (
        nn.functional.linear(
            inside[:, :1] if part == 0 else inside,
            attention.in_proj_weight[part * width : (part + 1) * width],
            attention.in_proj_bias[part * width : (part + 1) * width],
        )
        for part in range(3)
    )
    share = shares(query, key, value, direction @ attention.out_proj.weight, attention.num_heads)[:, 1:]
    maps = visual.ln_post(tokens[1][:, 1:])
    rows, columns = visual.grid_size
    return vectors, maps.reshape(-1, rows, columns, maps.shape[2]), share.reshape(-1, rows, columns)


def attention_pool(pool: Any, maps: Tensor, vectors: Tensor) -> Tensor:
    """Return n×h×w shares of a map whose mean attends over it: what each place adds along the vector."""
    places = maps.flatten(2).permute(0, 2, 1)
    places = torch.cat([places.mean(dim=1, keepdim=True), places], dim=1) + pool.positional_embedding
    query, key, value = pool.q_proj(places[:, :1]), pool.k_proj(places), pool.v_proj(places)
    share = shares(query, key, value, vectors @ pool.c_proj.weight, pool.num_heads)[:, 1:]
    return share.reshape(-1, maps.shape[2], maps.shape[3])


def shares(query: Tensor, key: Tensor, value: Tensor, direction: Tensor, heads: int) -> Tensor:
    """Return n×l: how much of the attention's output, along a direction n×d before its projection, each source makes.

    Args:
        query: n×1×d.
        key: n×l×d.
        value: n×l×d.
        direction: n×d.
        heads: Into how many parts d falls.
    """
    query, key, value, way = (
        each.reshape(each.shape[0], -1, heads, each.shape[-1] // heads) for each in (query, key, value, direction)
    )
    weights = torch.softmax((query * key).sum(dim=3) * key.shape[3] ** -0.5, dim=1)
    return (weights * (value * way).sum(dim=3)).sum(dim=2)


def traced(tower: nn.Module, example: Tensor) -> nn.Module:
    """Return a tower as a graph of plain operations.

    torch's fused attention is switched off meanwhile: the fused form is one opaque node that no converter reads.
    """
    was_fused = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        with torch.no_grad(), warnings.catch_warnings():
            # OpenCLIP 3 has no form but tracing that the converter takes, and torch announces the end of tracing.
            warnings.simplefilter("ignore")
            trace: Any = torch.jit.trace
            graph: nn.Module = trace(tower.eval(), example, check_trace=False)
    finally:
        torch.backends.mha.set_fastpath_enabled(was_fused)
    return graph
