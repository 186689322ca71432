"""The kit's own keys beside the checks' sections: models, policy, economics, waivers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from consistency.embedders.embedder import EMBEDDERS
from consistency.faces.finder import FACE_FINDERS
from qa.kit.model import KitOptions
from qa.kit.options import Fraction
from qa.kit.quantities import refuse
from qa.kit.validating import nearest
from qa.text.reader import READERS
from qa.verdict import FixKind


def named_in(table: Mapping[str, str], kind: str) -> AfterValidator:
    """Return what refuses names of models that are not in a table, so that a slip is said before anything is judged.

    "auto" is refused as well: what a gate finds must not depend on what else is installed.
    """

    def check(model: str) -> str:
        name = model.partition(":")[0]
        if not model.strip() or name.strip().lower() == "auto":
            raise refuse("the name of a model", "a kit names its models; `qa init` writes the best ones on the machine")
        if name not in table:
            raise refuse(f"the name of {kind}", nearest(name, sorted(table)))
        return model

    return AfterValidator(check)


def _runs_no_code(reader: str) -> str:
    """Refuse a custom network: its code would run, and a kit may come from anywhere."""
    if re.search(r":[A-Za-z_]\w*@", reader):
        raise refuse("a reader whose files hold no code", 'give a custom network from Python: "qa.Gate(kit, reader=…)"')
    return reader


class ModelOptions(KitOptions):
    """The models a kit judges with; part of what makes its findings repeatable.

    Attributes:
        embedder: "efficientnet", or "openclip:ARCHITECTURE:TAG-OR-FILE".
        faces: "insightface", "insightface:PACK-OR-FOLDER".
        reader: "rapidocr", or "easyocr:LANGUAGES:FOLDER".
        precision: Of the embedder and the reader.
    """

    embedder: Annotated[str, named_in(EMBEDDERS, "an embedder")] = "efficientnet"
    faces: Annotated[str, named_in(FACE_FINDERS, "a face finder")] = "insightface"
    reader: Annotated[str, named_in(READERS, "a reader"), AfterValidator(_runs_no_code)] = "rapidocr"
    precision: Literal["float32", "bfloat16"] = "float32"


class Policy(KitOptions):
    """What happens with findings.

    Attributes:
        on_unmeasured: What becomes of an asset with a blocking rule that could not be measured.
        uncalibrated: Whether accepts and rejects by thresholds that no calibration made stand as they are.
        max_attempts: Tries at one brief before a reject means discard.
        audit: Share of all decisions that is marked for a human look.
        fixes: The repairs that are allowed.
    """

    on_unmeasured: Literal["review", "reject"] = "review"
    uncalibrated: Literal["allow", "review"] = "allow"
    max_attempts: Annotated[int, Field(ge=1, le=1000)] = 2
    audit: Fraction = 0.0
    fixes: tuple[FixKind, ...] = tuple(FixKind)


class Economics(KitOptions):
    """What time and mistakes cost, for the statistics; never part of a decision on one asset.

    Attributes:
        operator_hour: Cost of one hour of a person.
        look_seconds: How long a person looks at one asset.
        false_accept_cost: Cost of a wrong accept, as money or as "20 looks".
    """

    operator_hour: Annotated[float, Field(ge=0)] = 60.0
    look_seconds: Annotated[float, Field(gt=0)] = 20.0
    false_accept_cost: Annotated[str, Field(pattern=r"^\d+(\.\d+)?( looks?)?$")] = "20 looks"


class Waiver(KitOptions):
    """An agreed exception: findings it covers stay counted and stop nothing.

    Attributes:
        rule: Rule id or pattern: "color.*".
        asset: Asset name or pattern; all assets where left out.
        reason: Why.
        owner: Who answers for it.
        expires: Last day it holds, as 2027-01-31; a bad or past date counts as lapsed.
    """

    rule: Annotated[str, Field(min_length=1)]
    asset: Annotated[str, Field(min_length=1)] = "*"
    reason: Annotated[str, Field(min_length=1)]
    owner: Annotated[str, Field(min_length=1)]
    expires: str
