import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

import qa
from qa.asset import Asset, Brief, Provenance, Unread
from qa.briefs import Briefs, asset_key, read_briefs
from qa.briefs_file import Reporter, csv_fields, row_of
from qa.kit.problems import BriefsError, Problems

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def to_file(content: str | bytes, name: str = "briefs.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return to_file


@pytest.fixture
def keyed(write: Write) -> Callable[..., Briefs]:
    return lambda *keys: read_briefs(write("asset\n" + "\n".join(keys) + "\n"))


def refused(path: Path) -> str:
    with pytest.raises(BriefsError) as caught:
        read_briefs(path)
    return str(caught.value)


def no_key() -> str:
    raise AssertionError("no file may be hashed here")


ROW = Brief(
    id="out/017.png",
    subjects=("sneaker", "maya"),
    values={"price": "€ 49,90"},
    placement="story",
    locale="de-AT",
    prompt='a "red" sneaker,\nat night',
)

PROMPT = '"a ""red"" sneaker,\nat night"'
IN_JSON = '"placement": "story", "locale": "de-AT", "prompt": "a \\"red\\" sneaker,\\nat night"'
HEADER = ["asset", "subjects", "placement", "locale", "prompt", "price"]


def table(separator: str, *cells: str, end: str = "\n") -> str:
    return separator.join(HEADER) + end + separator.join(cells) + end


FILES = {
    "commas.csv": table(",", "out/017.png", "sneaker|maya", "story", "de-AT", PROMPT, '"€ 49,90"'),
    "semicolons.csv": table(";", "out/017.png", '"sneaker; maya"', "story", "de-AT", PROMPT, "€ 49,90", end="\r\n"),
    "tabs.csv": table("\t", ".\\out\\017.png", "sneaker|maya", "story", "de-AT", PROMPT, "€ 49,90"),
    "mark.csv": "\ufeff" + table(",", "out/017.png", " sneaker | maya ", "story", "de-AT", PROMPT, '"€ 49,90"').strip(),
    "lines.jsonl": f'{{"asset": "out/017.png", "subjects": ["sneaker", "maya"], {IN_JSON}, "price": "€ 49,90"}}\n\n',
    "values.jsonl": f'{{"asset": "./out/017.png", "subjects": "sneaker;maya", {IN_JSON}, "model": null, '
    '"values": {"price": "€ 49,90"}}',
}


@pytest.mark.parametrize("name", FILES)
def test_every_way_to_write_a_brief_says_the_same(write: Write, name: str) -> None:
    assert list(read_briefs(write(FILES[name], name))) == [ROW]


def test_a_brief_of_the_docs_is_read_as_there(write: Write) -> None:
    path = write("asset,subjects,prompt\na.png,sneaker,one\nb.png,,two\n")
    assert [brief.prompt for brief in qa.read_briefs(path)] == ["one", "two"]


def test_an_empty_cell_leaves_the_kits_choice_and_a_dash_means_nobody(write: Write) -> None:
    briefs = read_briefs(write("asset,subjects,price\na,,\nb,-,\n"))
    assert [brief.subjects for brief in briefs] == [None, ()]
    assert [dict(brief.values) for brief in briefs] == [{}, {}]


def test_numbers_in_json_keep_their_digits(write: Write) -> None:
    briefs = read_briefs(write('{"asset": "a", "price": 49.90, "seed": 7, "cost": 0.10}', "b.jsonl"))
    assert briefs[0].values == {"price": "49.90"}
    assert briefs.provenance(briefs[0]) == Provenance(seed=7, cost=0.1)


def test_how_it_was_made_is_kept_apart_from_what_it_must_show(write: Write) -> None:
    text = (
        "asset,generator,model,prompt,seed,phase,cost,seconds,guide\na.png,diffusers,sdxl,p,-3,final,0.04,2.5,anchor\n"
    )
    briefs = read_briefs(write(text))
    assert briefs[0] == Brief(id="a.png", prompt="p")
    expected = Provenance("diffusers", "sdxl", "p", -3, "final", 0.04, 2.5, "anchor")
    assert briefs.provenance(briefs[0]) == expected
    assert briefs.provenance(Brief(id="of elsewhere")) == Provenance()


def test_rows_without_an_asset_are_named_by_their_line(write: Write) -> None:
    briefs = read_briefs(write('prompt,price\n"two\nlines",1\nb,2\n'))
    assert [brief.id for brief in briefs] == ["line 2", "line 4"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("asset,price\na,1,2\n", "briefs.csv:2:1: Expected 2 cells, as in the header, got 3 cells; quote separators"),
        ("asset,price\na\n", "briefs.csv:2:1: Expected 2 cells"),
        ("asset,asset\na,b\n", "briefs.csv:1:1 asset: Expected each column once"),
        ("asset,\na,b\n", "briefs.csv:1:1 column 2: Expected a name for each column"),
        (
            "Asset\na\n",
            "Asset: Expected a known column or the name of a placeholder, got 'Asset'; did you mean asset?",
        ),
        ("asset,subject\na,b\n", "did you mean subjects?"),
        ('asset\n"a\n', "Expected valid CSV"),
        ("", "briefs.csv:1:1: Expected a header with columns such as asset"),
        ("asset,seed,cost\na,x,-1\n", "briefs.csv:2:1 cost: Expected a number ≥ 0, got '-1'"),
        ("asset,seed\na,1.5\n", "briefs.csv:2:1 seed: Expected a whole number, got '1.5'"),
        ("asset,seconds\na,nan\n", "briefs.csv:2:1 seconds: Expected a number ≥ 0, got 'nan'"),
        (b"asset\n\xe9.png\n", "briefs.csv:2:1: Expected UTF-8 text, got byte 0xe9; save as UTF-8"),
        ("asset,p\n\na,\x001,\n", "Expected 2 cells"),
    ],
)
def test_what_is_wrong_in_a_csv_is_reported_with_its_line(write: Write, text: str, said: str) -> None:
    assert said in refused(write(text))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"asset": "a"}\n{"asset": \n', "b.jsonl:2:1: Expected one JSON object a line"),
        ("[1]", "b.jsonl:1:1: Expected one JSON object a line"),
        ('{"asset": "a", "asset": "b"}', "a key stands twice"),
        ('{"asset": ["a"]}', "b.jsonl:1:1 asset: Expected text"),
        ('{"asset": "a", "price": true}', "b.jsonl:1:1 price: Expected text, got True"),
        ('{"asset": "a", "price": NaN}', "b.jsonl:1:1 price: Expected text, got nan"),
        ('{"asset": "a", "subjects": [null]}', "b.jsonl:1:1 subjects: Expected a list of text"),
        ('{"asset": "a", "values": {"prompt": "p"}}', "b.jsonl:1:1 values: Expected a mapping of placeholders"),
        ('{"Prompt": "a"}', "did you mean prompt?"),
        ("[" * 100_000, "Expected one JSON object a line"),
    ],
)
def test_what_is_wrong_in_json_lines_is_reported_with_its_line(write: Write, text: str, said: str) -> None:
    assert said in refused(write(text, "b.jsonl"))


def test_all_problems_are_reported_together(write: Write) -> None:
    assert len(refused(write("asset,seed\na,x\nb,1\nc,y\n")).splitlines()) == 2


def test_a_missing_file_is_a_clear_error(tmp_path: Path) -> None:
    assert "a briefs file that can be read" in refused(tmp_path / "none.csv")
    assert "a briefs file that can be read" in refused(tmp_path)


@pytest.mark.parametrize(
    ("key", "name", "is_match"),
    [
        ("a.png", "a.png", True),
        ("a.png", "out/a.png", True),
        ("out/a.png", "x/out/a.png", True),
        ("out/a.png", "a.png", False),
        ("ut/a.png", "out/a.png", False),
        ("*.png", "out/deep/a.png", True),
        ("out/*.png", "out/a.png", True),
        ("out/*.png", "out/deep/a.png", False),
        ("out/**/*.png", "out/deep/a.png", True),
        ("story_*", "out/story_1.png", True),
        ("a[1].png", "out/a[1].png", True),
        ("ä ö.png", "out/ä ö.png", True),
    ],
)
def test_a_key_is_a_path_its_end_or_a_glob(keyed: Callable[..., Briefs], key: str, name: str, is_match: bool) -> None:
    assert bool(keyed(key).match([(name, no_key)]).by_asset) is is_match


def test_an_exact_path_beats_a_pattern_and_nothing_is_hashed(keyed: Callable[..., Briefs]) -> None:
    briefs = keyed("*.png", "a.png", "unused.png")
    matching = briefs.match([("a.png", no_key), ("b.png", no_key), ("c.jpg", no_key)])
    assert {name: brief.id for name, brief in matching.by_asset.items()} == {"a.png": "a.png", "b.png": "*.png"}
    assert [brief.id for brief in matching.unused] == ["unused.png"]
    assert matching.ambiguous == {}


def test_equal_claims_are_listed_and_the_first_counts(keyed: Callable[..., Briefs]) -> None:
    briefs = keyed("a*.png", "*b.png", "c.png", "c.png")
    matching = briefs.match([("ab.png", no_key), ("c.png", no_key)])
    assert {name: [brief.id for brief in found] for name, found in matching.ambiguous.items()} == {
        "ab.png": ["a*.png", "*b.png"],
        "c.png": ["c.png", "c.png"],
    }
    assert matching.by_asset["ab.png"].id == "a*.png"
    assert briefs.duplicates == {"c.png": (4, 5)}


@pytest.mark.parametrize("prefix", ["", "sha256:"])
def test_a_sha256_finds_its_asset_whatever_its_name(keyed: Callable[..., Briefs], prefix: str) -> None:
    digest = hashlib.sha256(b"x").hexdigest()
    briefs = keyed(prefix + digest.upper(), "*.png")
    matching = briefs.match([("a.png", lambda: digest), ("b.png", "0" * 64)])
    assert matching.by_asset["a.png"].id == prefix + digest.upper()
    assert matching.by_asset["b.png"].id == "*.png"


@given(st.lists(st.text("ab*/.", min_size=1, max_size=5), max_size=6), st.text("ab/.", min_size=1, max_size=5))
def test_an_asset_has_a_brief_iff_some_row_claims_it(keys: list[str], name: str) -> None:
    rows = tuple(row_of({"asset": key}, n, Reporter("f", n, Problems())) for n, key in enumerate(keys))
    briefs = Briefs(rows)
    matching = briefs.match([(name, no_key)])
    claims = len(matching.ambiguous.get(name, ())) or len(matching.by_asset)
    assert len(matching.unused) <= len(briefs) - claims
    assert (name in matching.by_asset) == (claims > 0)


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "out" / "a.png"
    path.parent.mkdir()
    Image.fromarray(np.zeros((4, 4, 3), np.uint8)).save(path)
    return path


def test_assign_gives_an_unread_asset_its_brief_and_provenance(write: Write, picture: Path) -> None:
    briefs = read_briefs(write("asset,price,seed\na.png,49,7\n"))
    assigned = briefs.assign(Unread(picture))
    assert isinstance(assigned, Unread)
    assert assigned.brief == briefs[0]
    assert assigned.provenance == Provenance(seed=7)
    other = Unread(picture, name="b.png")
    assert briefs.assign(other) is other


def test_a_brief_that_an_asset_brought_along_stays(write: Write, picture: Path) -> None:
    briefs = read_briefs(write("asset,price\na.png,49\n"))
    own = Asset.read(picture, brief=Brief(id="own"))
    assert briefs.assign(own) is own
    assert briefs.assign(Asset.read(picture)).brief == briefs[0]


def test_assign_finds_files_bytes_and_pixels_by_their_sha256(write: Write, picture: Path) -> None:
    pixels = Image.open(picture)
    keys = [hashlib.sha256(picture.read_bytes()).hexdigest(), Asset.read(np.asarray(pixels)).key]
    briefs = read_briefs(write("asset\n" + "\n".join(keys) + "\n"))
    sources = [Unread(picture), Unread(picture.read_bytes()), Unread(np.asarray(pixels))]
    found = [briefs.assign(source).brief for source in sources]
    assert [brief.id for brief in found if brief] == [keys[0], keys[0], keys[1]]
    assert briefs.assign(Unread(picture.parent / "missing.png")).brief is None


def test_briefs_are_a_sequence(keyed: Callable[..., Briefs]) -> None:
    briefs = keyed("a", "b", "c")
    assert len(briefs) == 3
    assert [brief.id for brief in briefs[1:]] == ["b", "c"]
    assert briefs[-1] in briefs


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_as_csv(text: str) -> None:
    problems = Problems()
    for line, fields in csv_fields(text, "f", problems):
        row_of(fields, line, Reporter("f", line, problems))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes")
def test_a_pipe_among_the_assets_does_not_block_briefs_keyed_by_sha256(tmp_path: Path, keyed: Callable[..., Briefs]):
    os.mkfifo(tmp_path / "pipe.png")
    pipe = Unread(tmp_path / "pipe.png")
    assert keyed("a" * 64).assign(pipe) is pipe
    assert not keyed("a" * 64).match([("pipe.png", lambda: asset_key(pipe))]).by_asset


def test_half_a_character_in_json_is_refused_with_its_line(write: Write):
    said = refused(write('{"asset": "a", "price": "\\ud800"}\n{"asset": "b", "subjects": ["\\udc00"]}', "b.jsonl"))
    assert "b.jsonl:1:1 price: Expected text" in said
    assert "b.jsonl:2:1 subjects: Expected text" in said
