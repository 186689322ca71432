import jsonschema
import pytest
import yaml

from qa.checks.tables import BATCH_CHECKS, CHECKS
from qa.kit.schema import check_sections, json_schema
from sample_sections import SECTIONS

KIT = """
kit: 1
name: Acme
colors: {blue: {value: "#0055aa", accept: 2.0, min_area: 0.5%, where: [0, 0, 10%, 10%]}}
subjects: {s: {references: refs/*.jpg, always: true}}
image: {aspect: ["4:5"], max_bytes: 5MB}
policy: {audit: 2%, fixes: [recolor]}
waivers: [{rule: "*", reason: r, owner: o, expires: "2027-01-31"}]
"""


def test_the_schema_for_editors_is_itself_valid_and_takes_a_kit() -> None:
    schema = json_schema(SECTIONS)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(yaml.safe_load(KIT), schema)


@pytest.mark.parametrize(
    ("old", "new"),
    [("accept", "acept"), ("#0055aa", "blue"), ("recolor", "paint"), ("kit: 1", "kit: 2"), ("rule:", "rul:")],
)
def test_the_schema_for_editors_refuses_what_loading_refuses(old: str, new: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(yaml.safe_load(KIT.replace(old, new)), json_schema(SECTIONS))


def test_every_check_has_a_section_with_its_options() -> None:
    sections = check_sections()
    assert set(sections) == {
        "image",
        "copies",
        "exposure",
        "sharpness",
        "colors",
        "subjects",
        "text",
        "glyphs",
        "duplicates",
        "trend",
        "prompt",
        "locality",
    }
    assert len({**CHECKS, **BATCH_CHECKS}) == 13
    assert json_schema()["properties"].keys() >= sections.keys()
