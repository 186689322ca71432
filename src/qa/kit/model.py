"""The base of every section of a kit."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class KitOptions(BaseModel):
    """Options of one section or entry of a kit: frozen, unknown keys refused, only finite numbers.

    Subclass it in the check's file; a section that maps names to entries is a `RootModel[dict[str, XOptions]]`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, regex_engine="python-re")
