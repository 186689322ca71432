"""The text check on rendered pictures through the real reader."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from consistency.errors import MissingBackend
from qa.asset import Asset, Brief
from qa.checks.text import TextCheck
from qa.codes import CODES
from qa.engines import Engines
from qa.evidence import Evidence
from qa.kit.kit import BrandKit
from qa.kit.problems import KitError
from qa.text.reader import TextLine
from qa.text.typeface import UnusableFont
from qa.verdict import FixKind, Level, Status

SECTION = """
text:
  required:
    - {id: headline, value: "SUMMER SALE"}
    - {id: price, value: "only {price}", mode: exact}
    - {id: legal, value: "Terms apply, see store."}
  forbidden:
    - {pattern: "guarantee[ds]?", fold: confusables}
    - {id: cure, pattern: "cure[sd]?", level: warn}
"""


def kit_of(section: str, folder=None) -> BrandKit:
    return BrandKit.from_text(f"kit: 1\nname: test\n{section}", folder=folder)


KIT = kit_of(SECTION)
ENGINES = Engines(KIT.models, threads=1)
PRICE = Brief(id="a", values={"price": "$49.90"})
RIGHT = ("SUMMER SALE", "only $49.90", "Terms apply, see store.")


def picture(*lines: str) -> np.ndarray:
    """A grey picture with a headline, a price and small print, further lines below."""
    image = Image.new("RGB", (720, 560), (205, 212, 218))
    draw = ImageDraw.Draw(image)
    for number, text in enumerate(lines):
        size = (64, 40, 22)[number] if number < 3 else 30
        draw.text((40, 30 + 90 * number), text, font=ImageFont.load_default(size), fill=(12, 24, 60))
    return np.array(image)


def judged(pixels: np.ndarray, brief: Brief = PRICE, kit: BrandKit = KIT, engines: Engines = ENGINES):
    """Findings by rule."""
    asset = Asset.read(pixels, brief=brief)
    check = TextCheck.from_kit(kit)
    findings = check.judge(asset, Evidence(asset, engines, files=kit.files))
    assert {f.rule for f in findings} == {rule.id for rule in check.rules(brief)}
    assert all(f.code in CODES for f in findings)
    return {finding.rule: finding for finding in findings}


def statuses(*lines: str, **options):
    return {rule: finding.status for rule, finding in judged(picture(*lines), **options).items()}


def test_the_right_text_passes_every_rule():
    assert set(statuses(*RIGHT).values()) == {Status.PASS}


def test_order_does_not_matter():
    assert set(statuses("Terms apply, see store.", "SUMMER SALE", "only $49.90").values()) == {Status.PASS}


def test_a_typo_fails_and_says_which_letter_and_where():
    finding = judged(picture("SUMER SALE", *RIGHT[1:]))["text.headline"]
    assert (finding.status, finding.code, finding.value) == (Status.FAIL, "text.mismatch", 1)
    assert "missing M at" in finding.observed
    (fix,) = finding.fixes
    assert (fix.kind, fix.parameters["expected"]) == (FixKind.RETEXT, "SUMMER SALE")
    assert fix.where == finding.where
    assert finding.where.box.top < 110


@pytest.mark.parametrize("wrong", ["only $49.00", "only $9.90", "only $449.90", "only $49,90"])
def test_a_wrong_price_never_passes(wrong):
    assert statuses(RIGHT[0], wrong, RIGHT[2])["text.price"] is Status.FAIL


def test_a_finding_says_how_sure_the_looks_were_and_where_each_wrong_character_is():
    findings = judged(picture(RIGHT[0], "only $48.90", RIGHT[2]))
    right, wrong = findings["text.headline"].evidence, findings["text.price"].evidence
    assert right["margin"] > 0 > wrong["margin"]
    assert (right["looks"], wrong["read"]) == ("found", "only $48.90")
    assert wrong["wrong_at"].count("×") == 1
    assert findings["text.price"].observed == '"only $48.90" (8 for 9 at 8)'


def test_a_long_text_is_shown_where_it_differs():
    same = "Offer valid in all stores\nof the country and on line\nwhile stocks last and as\n"
    same += "long as we say so, terms\nand conditions apply to\n"
    image = Image.new("RGB", (720, 440), (205, 212, 218))
    shown = f"{same}all of our custumers"
    ImageDraw.Draw(image).multiline_text((40, 40), shown, (12, 24, 60), ImageFont.load_default(30), spacing=16)
    value = " ".join(f"{same}all of our customers".split())
    finding = judged(np.array(image), kit=kit_of(f'text: {{required: [{{id: a, value: "{value}"}}]}}'))["text.a"]
    assert finding.code == "text.mismatch"
    assert (finding.expected[:2], finding.observed[:2]) == ('"…', '"…')
    assert "customers" in finding.expected
    assert "custumers" in finding.observed


def test_look_alikes_alone_are_for_a_person():
    kit = kit_of('text: {required: [{id: a, value: "lllinois", mode: exact}]}')
    finding = judged(picture("Illinois"), kit=kit)["text.a"]
    assert (finding.status, finding.code) == (Status.NOT_EVALUABLE, "text.abstained")
    assert finding.fixes[0].kind is FixKind.HUMAN_REVIEW
    assert finding.is_blocking


@pytest.mark.parametrize(("of_all", "own"), [("", ", font: brand.ttf"), ("font: brand.ttf, ", "")])
def test_the_font_of_the_kit_tells_look_alikes(tmp_path, of_all, own):
    (tmp_path / "brand.ttf").write_bytes(ImageFont.load_default(40).font_bytes)
    kit = kit_of(f'text: {{{of_all}required: [{{id: name, value: "PRIPA", mode: exact{own}}}]}}', tmp_path)
    assert judged(picture("PRIPA"), kit=kit)["text.name"].status is Status.PASS
    assert judged(picture("PRlPA"), kit=kit)["text.name"].status is Status.NOT_EVALUABLE


def test_a_font_that_lacks_a_letter_is_said_when_the_gate_is_made_and_of_a_brief_in_the_finding(tmp_path):
    (tmp_path / "brand.ttf").write_bytes(ImageFont.load_default(40).font_bytes)
    with pytest.raises(UnusableFont, match=r"a glyph for '漢' for text.required name"):
        TextCheck.from_kit(kit_of('text: {required: [{id: name, value: "PRIPA 漢", font: brand.ttf}]}', tmp_path))
    kit = kit_of('text: {required: [{id: name, value: "{name}", font: brand.ttf}]}', tmp_path)
    brief = Brief(values={"name": "PRIPA 漢"})
    finding = judged(picture("PRIPA"), brief, kit)["text.name"]
    assert (finding.status, finding.code) == (Status.NOT_EVALUABLE, "text.font_lacks_letter")


def test_a_font_file_that_is_none_is_said_when_the_gate_is_made(tmp_path):
    (tmp_path / "brand.ttf").write_bytes(b"not a font")
    kit = kit_of('text: {required: [{id: name, value: "PRIPA", font: brand.ttf}]}', tmp_path)
    with pytest.raises(UnusableFont, match=r"TrueType.*text\.required name.*brand\.ttf"):
        TextCheck.from_kit(kit)


def test_punctuation_may_be_set_aside_but_not_in_prices():
    kit = kit_of('text: {required: [{id: a, value: "Terms apply see store", punctuation: ignore}]}')
    assert statuses(*RIGHT, kit=kit)["text.a"] is Status.PASS
    with pytest.raises(KitError, match="two prices"):
        kit_of('text: {required: [{id: a, value: "4.90", mode: exact, punctuation: ignore}]}').section(
            "text", TextCheck.Options
        )


def test_a_missing_line_fails_without_a_fix():
    finding = judged(picture(*RIGHT[:2]))["text.legal"]
    assert (finding.status, finding.code, finding.fixes) == (Status.FAIL, "text.missing", ())


def test_an_empty_picture_fails_every_required_text():
    found = judged(np.full((300, 300, 3), 255, np.uint8))
    assert {found[f"text.{name}"].code for name in ("headline", "price", "legal")} == {"text.missing"}
    assert found["text.forbidden.1"].status is Status.PASS


def test_a_brief_without_the_value_is_not_a_pass():
    finding = judged(picture(*RIGHT), brief=Brief(id="b"))["text.price"]
    assert (finding.status, finding.code) == (Status.NOT_EVALUABLE, "brief.missing_value")
    assert finding.fixes[0].kind is FixKind.HUMAN_REVIEW
    assert finding.is_blocking


@pytest.mark.parametrize("value", ["", "   ", "x" * 1001])
def test_a_value_that_is_no_text_is_not_a_pass(value):
    kit = kit_of('text: {required: [{id: a, value: "{v}"}]}')
    finding = judged(picture(*RIGHT), Brief(values={"v": value}), kit)["text.a"]
    assert (finding.status, finding.code) == (Status.NOT_EVALUABLE, "brief.missing_value")


def test_a_filled_text_no_longer_than_its_edits_is_not_a_pass():
    kit = kit_of('text: {required: [{id: a, value: "{v}", max_edits: 4}]}')
    finding = judged(picture(*RIGHT), Brief(values={"v": "SA LE"}), kit)["text.a"]
    assert (finding.status, finding.code) == (Status.NOT_EVALUABLE, "brief.missing_value")
    assert "max_edits" in finding.observed
    assert judged(picture(*RIGHT), Brief(values={"v": "SALES"}), kit)["text.a"].status is not Status.NOT_EVALUABLE


@pytest.mark.parametrize(
    ("value", "symbol"), [("Привет", "П"), ("한국", "한"), ("SALE\x07", "x07"), ("SUMMER\x1fSALE", "x1f")]
)
def test_a_symbol_that_the_reader_does_not_know_is_named(value, symbol):
    kit = kit_of('text: {required: [{id: a, value: "{v}"}]}')
    finding = judged(picture(*RIGHT), Brief(values={"v": value}), kit)["text.a"]
    assert (finding.status, finding.code) == (Status.NOT_EVALUABLE, "text.unsupported")
    assert symbol in finding.observed


def test_a_language_that_the_reader_does_not_know_is_unsupported_whatever_the_text():
    kit = kit_of('text: {required: [{id: a, value: "SALE 2000", language: ru}]}')
    finding = judged(picture("SALE 2000"), kit=kit)["text.a"]
    assert (finding.status, finding.code) == (Status.NOT_EVALUABLE, "text.unsupported")
    assert "every letter of ru" in finding.observed


def test_a_letter_of_another_script_than_the_language_is_a_mistake_in_the_kit():
    with pytest.raises(KitError, match="CYRILLIC"):
        kit_of('text: {required: [{id: a, value: "SАLE", language: en}]}').section("text", TextCheck.Options)


def test_german_capitals_spell_out_the_sharp_s():
    kit = kit_of('text: {required: [{id: a, value: "Große Straße", case: ignore, language: de}]}')
    assert judged(picture("GROSSE STRASSE"), kit=kit)["text.a"].status is Status.PASS


def test_forbidden_text_fails_with_an_erase_fix():
    finding = judged(picture(*RIGHT, "100% GUARANT33D"))["text.forbidden.1"]
    assert (finding.status, finding.code, finding.level) == (Status.FAIL, "text.forbidden", Level.BLOCK)
    assert finding.fixes[0].kind is FixKind.ERASE
    assert finding.where.box.top > 280


@pytest.mark.parametrize("lines", [("GUARAN-", "TEED"), ("GUARAN", "TEED"), ("guarantee", "now")])
def test_forbidden_text_that_runs_over_lines_is_found(lines):
    kit = kit_of("text: {forbidden: [{id: claim, pattern: 'guarantee[ds]?'}]}")
    image = Image.new("RGB", (720, 560), (205, 212, 218))
    for number, text in enumerate(lines):
        place = (40, 30 + 60 * number)
        ImageDraw.Draw(image).text(place, text, font=ImageFont.load_default(48), fill=(12, 24, 60))
    assert judged(np.array(image), kit=kit)["text.forbidden.claim"].status is Status.FAIL


def test_what_a_reader_guesses_at_goes_to_a_person():
    class Guessing:
        spec, charset = ENGINES.reader().spec, ENGINES.reader().charset

        def read(self, image):
            return (TextLine("$4.80", ((5.0, 5.0), (95.0, 5.0), (95.0, 25.0), (5.0, 25.0)), 0.4),)

        def read_batch(self, images):
            return [self.read(image) for image in images]

    kit = kit_of('text: {unexpected: {level: "off"}, required: [{id: price, value: "$4.90"}]}')
    found = judged(np.zeros((60, 120, 3), np.uint8), kit=kit, engines=Engines(kit.models, reader=Guessing()))
    assert (found["text.price"].status, found["text.price"].code) == (Status.NOT_EVALUABLE, "text.illegible")


def test_a_forbidden_text_of_level_warn_does_not_block():
    finding = judged(picture(*RIGHT, "it cures all"))["text.forbidden.cure"]
    assert finding.status is Status.FAIL
    assert not finding.is_blocking


def test_several_forbidden_places_are_one_fix_over_all_of_them():
    finding = judged(picture(*RIGHT, "guarantee one", "guarantee two"))["text.forbidden.1"]
    assert finding.value == 2
    (fix,) = finding.fixes
    assert fix.parameters["count"] == 2
    assert fix.where.box.height > finding.where.box.height


def test_unexpected_text_warns():
    finding = judged(picture(*RIGHT, "Lorem ipsum"))["text.unexpected"]
    assert (finding.status, finding.level, finding.value) == (Status.FAIL, Level.WARN, 1)
    assert "Lorem ipsum" in finding.observed


def test_unexpected_text_says_what_kind_it_is():
    finding = judged(picture(*RIGHT, "SLAEE CRFTQ", "Lorem ipsum"))["text.unexpected"]
    assert (finding.code, finding.value) == ("text.gibberish", 2)
    assert '"SLAEE CRFTQ" (gibberish), "Lorem ipsum"' in finding.observed
    assert finding.evidence == {"gibberish": 1, "other": 1}


def test_a_kind_with_a_level_of_its_own_is_a_rule_of_its_own():
    kit = kit_of("text: {unexpected: {level: off, gibberish: block, watermark: warn}}")
    found = judged(picture("SLAEE CRFTQ", "SAMPLE", "nothing else"), kit=kit)
    assert {rule: (f.code, f.level) for rule, f in found.items()} == {
        "text.unexpected.watermark": ("text.watermark", Level.WARN),
        "text.unexpected.gibberish": ("text.gibberish", Level.BLOCK),
    }
    assert found["text.unexpected.gibberish"].fixes[0].kind is FixKind.ERASE
    assert statuses("SUMMER SALE", kit=kit)["text.unexpected.gibberish"] is Status.PASS


def test_a_name_in_a_corner_is_a_signature():
    image = Image.fromarray(picture("SUMMER SALE"))
    ImageDraw.Draw(image).text((600, 525), "J. Vadora", font=ImageFont.load_default(18), fill=(12, 24, 60))
    kit = kit_of('text: {required: [{id: a, value: "SUMMER SALE"}], unexpected: {signature: block}}')
    found = judged(np.array(image), kit=kit)
    assert found["text.unexpected.signature"].code == "text.signature"
    assert found["text.unexpected"].status is Status.PASS


def test_ignored_text_is_expected():
    kit = kit_of(
        'text: {required: [{id: a, value: "SUMMER SALE"}], unexpected: {ignore: ["lorem.*", "only.+", "terms.+"]}}'
    )
    assert statuses(*RIGHT, "Lorem ipsum", kit=kit)["text.unexpected"] is Status.PASS


def test_what_stands_on_the_references_is_expected(tmp_path):
    (tmp_path / "refs").mkdir()
    Image.fromarray(picture("ACME COLA", "since 1926", "330 ml")).save(tmp_path / "refs" / "can.png")
    section = "subjects: {can: {references: [refs/can.png], facets: [subject]}}\ntext: {unexpected: {level: warn}}"
    kit = kit_of(section, tmp_path)
    assert statuses("ACME COLA", kit=kit) == {"text.unexpected": Status.PASS}
    assert statuses("ACME COLA", "totally different", kit=kit) == {"text.unexpected": Status.FAIL}


def test_tolerant_text_allows_the_stated_edits():
    kit = kit_of('text: {required: [{id: a, value: "SUMMER SALE", mode: tolerant, max_edits: 1, case: ignore}]}')
    assert statuses("Sumer Sale", kit=kit)["text.a"] is Status.PASS
    assert statuses("Sumer Sal", kit=kit)["text.a"] is Status.FAIL


def test_entries_apply_by_placement_and_locale():
    german = '{id: de, value: "NUR HEUTE", locale: de}'
    story = '{id: story, value: "SWIPE", when: {placement: story}}'
    kit = kit_of(f"text: {{required: [{german}, {story}]}}")
    check = TextCheck.from_kit(kit)
    assert [r.id for r in check.rules(Brief(locale="de-AT"))] == ["text.de", "text.unexpected"]
    assert [r.id for r in check.rules(Brief(placement="story"))] == ["text.story", "text.unexpected"]


def test_rules_that_are_off_are_not_judged():
    kit = kit_of('text: {required: [{id: a, value: "X", level: off}], unexpected: {level: off}}')
    assert TextCheck.from_kit(kit).rules(Brief()) == []


def test_a_kit_without_text_costs_nothing():
    assert TextCheck.from_kit(kit_of("")) is None


def test_a_reader_that_is_not_installed_is_no_pass(tmp_path):
    kit = kit_of(f"models: {{reader: 'easyocr:en:{tmp_path}'}}\n{SECTION}")
    with pytest.raises(MissingBackend):
        judged(picture(*RIGHT), kit=kit, engines=Engines(kit.models))


@pytest.mark.parametrize("quality", [60, 95])
def test_jpeg_does_not_change_the_findings(quality):
    buffer = io.BytesIO()
    Image.fromarray(picture(*RIGHT)).save(buffer, "JPEG", quality=quality)
    asset = Asset.read(buffer.getvalue(), brief=PRICE)
    findings = TextCheck.from_kit(KIT).judge(asset, Evidence(asset, ENGINES))
    assert {finding.status for finding in findings} == {Status.PASS}


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ('required: [{id: a, value: ""}]', "one character"),
        ('required: [{id: a, value: "  "}]', "one character"),
        ('required: [{id: a, value: "x", mode: exact, max_edits: 2}]', "mode exact"),
        ('required: [{id: a, value: "x", mode: tolerant}]', "mode tolerant"),
        ('required: [{id: a, value: "S A", max_edits: 2}]', "max_edits below 2"),
        ('required: [{id: a, value: "x"}, {id: a, value: "y"}]', "twice"),
        ('required: [{id: unexpected, value: "x"}]', "id other than"),
        ('forbidden: [{pattern: "(a+)+"}]', "bounded time"),
        ('forbidden: [{pattern: "x*"}]', "at least one"),
        ('forbidden: [{pattern: "a", id: "2"}, {pattern: "b"}]', "twice"),
        ("contrast: {ratio: 30}", "ratio"),
    ],
)
def test_what_cannot_be_judged_is_refused_when_the_kit_is_read(section, expected):
    with pytest.raises(KitError, match=expected):
        kit_of(f"text: {{{section}}}").section("text", TextCheck.Options)


def test_text_read_in_a_picture_is_quoted_without_control_characters():
    finding = judged(picture("<script>alert</script>", *RIGHT[1:]))["text.unexpected"]
    assert finding.observed.isprintable()
