import os
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consistency.errors import ConsistencyError
from qa.color import Palette
from qa.kit.kit import BrandKit, ModelOptions, Policy, Waiver
from qa.kit.options import KitOptions
from qa.kit.problems import KitError
from qa.verdict import FixKind
from sample_sections import SECTIONS, ColorOptions, Colors, PhrasesOptions, Subjects

Read = Callable[..., BrandKit]


def load(path: Path) -> BrandKit:
    return BrandKit.load(path, sections=SECTIONS)


def problems_of(read: Read, text: str, folder: Path | None = None) -> list[str]:
    with pytest.raises(KitError) as caught:
        read(text, folder)
    return str(caught.value).splitlines()


def test_a_kit_is_read_from_its_file_or_its_folder(folder: Path) -> None:
    kit = load(folder / "brand.yaml")
    assert kit.name == "Acme summer"
    assert kit.section("colors", Colors).root == {"acme_blue": ColorOptions(value=(0, 85, 170))}
    assert kit.section("subjects", Subjects).root["sneaker"].references == ("refs/*.jpg",)
    assert load(folder).hash == kit.hash


def test_files_are_read_once_and_afterwards_no_path_is_touched(folder: Path) -> None:
    kit = load(folder)
    (folder / "refs" / "a.jpg").unlink()
    assert kit.files == {f"refs/{n}": f"bytes of {n}".encode() for n in ("a.jpg", "b.jpg", "old.png")}
    assert kit.expand("refs/*.jpg") == ("refs/a.jpg", "refs/b.jpg")
    assert kit.expand("refs/old.png") == ("refs/old.png",)
    assert kit.expand("nothing/*") == ()


def test_what_a_kit_leaves_out_has_its_default(read: Read) -> None:
    kit = read("")
    assert kit.models == ModelOptions() == ModelOptions(embedder="efficientnet", faces="insightface", reader="rapidocr")
    assert kit.policy == Policy()
    assert kit.policy.fixes == tuple(FixKind)
    assert kit.waivers == ()
    assert kit.section("colors", Colors).root == {}
    assert kit.section("text", PhrasesOptions) == PhrasesOptions()
    assert not kit.has("colors")


def test_its_own_keys_are_typed(read: Read) -> None:
    kit = read(
        "models: {embedder: 'openclip:ViT-B-32:laion2b', precision: bfloat16}\n"
        "policy: {on_unmeasured: reject, max_attempts: 3, audit: 2%, fixes: [recolor]}\n"
        "economics: {operator_hour: 60, false_accept_cost: 20 looks}\n"
        "waivers: [{rule: color.*, asset: 'night-*', reason: night, owner: brand, expires: 2027-01-31}]\n"
    )
    assert (kit.models.embedder, kit.models.precision) == ("openclip:ViT-B-32:laion2b", "bfloat16")
    assert (kit.policy.max_attempts, kit.policy.audit, kit.policy.fixes) == (3, 0.02, (FixKind.RECOLOR,))
    assert kit.waivers == (
        Waiver(rule="color.*", asset="night-*", reason="night", owner="brand", expires="2027-01-31"),
    )


def test_a_bad_date_of_a_waiver_is_kept_for_the_decision_to_call_lapsed(read: Read) -> None:
    kit = read("waivers: [{rule: r, reason: x, owner: o, expires: someday}]")
    assert kit.waivers[0].expires == "someday"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("wavers: []", "kit:2:1 wavers: Expected a known key, got 'wavers'; did you mean waivers?"),
        (
            'colors: {blue: {value: "#05a", acept: 2}}',
            "kit:2:32 colors.blue.acept: Expected a known key, got 'acept'; did you mean accept?",
        ),
        ("colors: {blue: {}}", "kit:2:10 colors.blue.value: Expected the key value, got none; add value: …"),
        ("colors: {blue: '#05a'}", "kit:2:16 colors.blue: Expected a mapping, got '#05a'; write key: value"),
        ("colors: {blue: {value: }}", "got nothing; put it in quotes: # begins a comment in YAML"),
        (
            'colors: {b: {value: "#05a", where: "5,5"}}',
            "kit:2:36 colors.b.where: Expected auto or a box: left,top width×height in pixels or %, got '5,5'",
        ),
        ("colors: [1]", "kit:2:9 colors: Expected a mapping, got a list; write key: value"),
        (
            'colors: {b: {value: "#05a", min_area: 5px}}',
            "kit:2:39 colors.b.min_area: Expected a fraction between 0 and 1, as 0.5% or 0.005, got '5px'; "
            "the unit 'px' is unknown here; use % or no unit",
        ),
        (
            'colors: {b: {value: "#05a", accept: two}}',
            "kit:2:37 colors.b.accept: Expected a number, got 'two'; write it without a unit",
        ),
        (
            'colors: {b: {value: "#05a", accept: 0}}',
            "kit:2:37 colors.b.accept: Expected a number greater than 0, got '0'",
        ),
        ('colors: {b: {value: "#05a", accept: .inf}}', "kit:2:37 colors.b.accept: Expected a number, got '.inf'"),
        ('colors: {b: {value: "#05a", accept: inf}}', "kit:2:37 colors.b.accept: Expected a finite number, got 'inf'"),
        (
            'colors: {b: {value: "#05a", level: blok}}',
            "kit:2:36 colors.b.level: Expected block, warn or off, got 'blok'; did you mean block?",
        ),
        (
            'colors: {b: {value: "#05a", when: {place: x}}}',
            "kit:2:36 colors.b.when.place: Expected a known key, got 'place'; did you mean placement?",
        ),
        (
            "text: {required: [{id: a, value: b}, {id: c, valeu: d, value: e}]}",
            "kit:2:46 text.required[1].valeu: Expected a known key, got 'valeu'; did you mean value?",
        ),
        ("text: {required: {id: a}}", "kit:2:18 text.required: Expected a list, got a mapping"),
        (
            "text: {required: [{id: a, value: b, max_edits: 1.5}]}",
            "kit:2:48 text.required[0].max_edits: Expected a whole number, got '1.5'",
        ),
        ("text: {forbidden: ['(']}", "kit:2:20 text.forbidden[0]: Expected a regular expression, got '('"),
        ("image: {aspect: ['4-5']}", "kit:2:18 image.aspect[0]: Expected an aspect ratio width:height, such as 4:5"),
        ("models: {embedder: auto}", "kit:2:20 models.embedder: Expected the name of a model, got 'auto'"),
        (
            "models: {embedder: efficientnett}",
            "2:20 models.embedder: Expected the name of an embedder, got 'efficientnett'; did you mean efficientnet?",
        ),
        ("models: {faces: 'insightfaces:small'}", "got 'insightfaces:small'; did you mean insightface?"),
        ("models: {reader: tesseract}", "got 'tesseract'; use one of easyocr, rapidocr"),
        ('models: {reader: "easyocr:en:/models:house@00"}', "a reader whose files hold no code"),
        ("models: {precision: int8}", "Expected float32 or bfloat16, got 'int8'"),
        ("policy: {max_attempts: 0}", "Expected a number of at least 1, got '0'"),
        ("policy: {fixes: [recolour]}", "got 'recolour'; did you mean recolor?"),
        ("waivers: [{rule: r}]", "kit:2:11 waivers[0].reason: Expected the key reason, got none; add reason: …"),
        (
            "logos: {}",
            "kit:2:1 logos: Expected sections that are judged, got 'logos'; logos are not judged by this version",
        ),
        ("subjects: {s: {references: []}}", "subjects.s.references: Expected at least 1 in the list, got a list"),
        ("text: {required: [{id: a, value: ''}]}", "Expected text of at least 1 characters, got nothing"),
        (
            "subjects: {s: {references: a.jpg}}",
            "kit:2:28 subjects.s.references: Expected a file of the kit, got 'a.jpg'",
        ),
    ],
)
def test_an_error_names_line_key_what_was_expected_and_the_nearest_known_key(read: Read, text: str, said: str) -> None:
    assert said in problems_of(read, text)[0]


def test_all_problems_of_a_kit_are_reported_together_in_order(read: Read) -> None:
    lines = problems_of(read, "colors:\n  a: {value: red}\n  b: {value: green}\nlogos: {}\nnam: x\n")
    assert [line.partition(": ")[0] for line in lines] == [
        "kit:3:14 colors.a.value",
        "kit:4:14 colors.b.value",
        "kit:5:1 logos",
        "kit:6:1 nam",
    ]


def test_each_problem_is_data_as_well(read: Read) -> None:
    with pytest.raises(ConsistencyError) as caught:
        read("colors: {b: {value: red}}")
    assert isinstance(caught.value, KitError)
    problem = caught.value.problems[0]
    assert (problem.key, problem.spot.line, problem.got) == ("colors.b.value", 2, "'red'")
    assert caught.value.expected == problem.expected
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "kit:1:1 kit: Expected kit version 1, got none; begin the file with kit: 1"),
        ("name: x", "Expected kit version 1, got none"),
        (
            "kit: 2\nnew_key: x",
            "kit:1:6 kit: Expected kit version 1, got '2'; this version of consistency-qa is too old",
        ),
        ("kit: one", "Expected kit version 1, got 'one'; begin the file with kit: 1"),
        ("kit: [1]", "Expected kit version 1, got a list"),
        ("- a", "Expected a kit: keys and values, beginning with kit: 1, got a list"),
        ("just text", "Expected a kit: keys and values"),
    ],
)
def test_a_kit_states_a_version_that_is_known(text: str, said: str) -> None:
    with pytest.raises(KitError) as caught:
        BrandKit.from_text(text)
    assert said in str(caught.value)
    assert len(caught.value.problems) == 1


def test_empty_sections_are_as_if_they_were_left_out(read: Read) -> None:
    kit = read("colors:\n#  blue: {}\ntext:\nwaivers:\npolicy:\n")
    assert kit.section("colors", Colors).root == {}
    assert kit.policy == Policy()


def test_a_missing_or_unreadable_kit_is_a_kit_error(tmp_path: Path) -> None:
    for path in (tmp_path / "none.yaml", tmp_path, tmp_path / ("x" * 5000), Path("a\0b")):
        with pytest.raises(KitError):
            BrandKit.load(path)


def test_a_section_of_another_check_is_validated_when_it_is_asked_for(read: Read) -> None:
    class Own(KitOptions):
        ratio: float = 1.0

    class Other(KitOptions):
        value: float

    kit = BrandKit.from_text("kit: 1\nmine: {ratio: 2}", sections={"mine": Own})
    assert kit.section("mine", Own).ratio == 2.0
    with pytest.raises(KitError, match=r"mine\.value: Expected the key value"):
        kit.section("mine", Other)


CHANGES = {
    "a value": ("brand.yaml", "#0055aa", "#0055ab"),
    "a name": ("brand.yaml", "Acme summer", "Acme winter"),
    "a key": ("brand.yaml", "acme_blue", "acme_navy"),
    "a file": ("refs/a.jpg", "bytes of a.jpg", "bytes of b.jpg"),
    "a look-alike": ("refs/old.png", "bytes", "Bytes"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_hash_changes_with_content_and_files(folder: Path, change: str) -> None:
    before = load(folder).hash
    name, old, new = CHANGES[change]
    path = folder / name
    path.write_text(path.read_text().replace(old, new))
    assert load(folder).hash != before
    path.write_text(path.read_text().replace(new, old))
    assert load(folder).hash == before


def test_the_hash_changes_when_a_file_joins_a_glob(folder: Path) -> None:
    before = load(folder).hash
    (folder / "refs" / "c.jpg").write_bytes(b"c")
    assert load(folder).hash != before


def test_the_hash_stays_under_comments_layout_order_other_files_and_place(folder: Path, tmp_path: Path) -> None:
    before = load(folder).hash
    path = folder / "brand.yaml"
    path.write_text(
        "# a comment\nkit: '1'\ncolors:\n  acme_blue:\n    value: '#0055aa'\n\n"
        "subjects: {sneaker: {not_like: refs/old.png, references: ['refs/*.jpg']}}\nname: Acme summer\n"
    )
    (folder / "refs" / "notes.txt").write_text("nobody names me")
    os.utime(folder / "refs" / "a.jpg", (0, 0))
    moved = folder.rename(tmp_path / "elsewhere")
    assert load(moved).hash == before


@given(st.dictionaries(st.text("abc", min_size=1), st.text("xyz", min_size=1), max_size=5), st.randoms())
def test_the_hash_of_equal_phrases_is_equal_whatever_their_order_in_the_mapping(
    phrases: dict[str, str], random: object
) -> None:
    def hash_of(pairs: list[tuple[str, str]]) -> str:
        colors = "\n".join(f"  {key}: {{value: '#0055aa', when: {{placement: {value}}}}}" for key, value in pairs)
        return BrandKit.from_text(f"kit: 1\ncolors:\n{colors}", sections=SECTIONS).hash

    pairs = list(phrases.items())
    shuffled = list(pairs)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert hash_of(pairs) == hash_of(shuffled)


def test_kits_can_be_sent_to_another_process(folder: Path) -> None:
    kit = load(folder)
    sent = pickle.loads(pickle.dumps(kit))
    assert (sent.hash, sent.files) == (kit.hash, kit.files)
    assert sent.section("colors", Colors) == kit.section("colors", Colors)


def test_hostile_names_are_escaped_in_errors(read: Read) -> None:
    lines = problems_of(read, 'colors: {"<script>\\nevil\\e[31m": {value: red}}')
    assert len(lines) == 1
    assert "\x1b" not in lines[0]
    assert "\\n" in lines[0]


def test_strange_names_are_kept_as_they_are(read: Read) -> None:
    kit = read('name: "<script>alert(1)</script>"\ncolors: {"два слова\\n": {value: "#05a"}}')
    assert kit.name == "<script>alert(1)</script>"
    assert list(kit.section("colors", Colors).root) == ["два слова\n"]


def test_a_kit_without_subjects_may_name_those_of_its_briefs(read: Read) -> None:
    kit = read("colors: {red: {value: '#f00', when: {subject: boot}}}")
    assert kit.section("colors", Colors).root["red"].when.subject == ("boot",)


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        (
            "[sneaker, snaeker]",
            "3:57 colors.red.when.subject[1]: Expected a subject of the kit, got 'snaeker'; did you",
        ),
        ("boot", "3:47 colors.red.when.subject: Expected a subject of the kit, got 'boot'; use one of sneaker"),
    ],
)
def test_a_condition_on_a_subject_that_is_not_the_kit_s_is_refused(
    read: Read, folder: Path, subject: str, said: str
) -> None:
    stated = "subjects: {sneaker: {references: refs/a.jpg}}\n"
    (problem,) = problems_of(read, f"{stated}colors: {{red: {{value: '#f00', when: {{subject: {subject}}}}}}}", folder)
    assert said in problem


def test_its_colours_are_a_palette():
    kit = BrandKit.from_text('kit: 1\ncolors: {blue: {value: "#0055aa"}, red: {value: "lab(45% 68 42)"}}\n')
    palette = Palette(kit.colors)
    assert palette.names == ("blue", "red")
    assert kit.colors["blue"].rgb == (0, 85, 170)


def test_a_kit_without_colours_has_none():
    assert BrandKit.from_text("kit: 1\n").colors == {}
