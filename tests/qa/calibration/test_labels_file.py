"""Files of labels: what is right is taken once, what is wrong is said all at once with line and column."""

from pathlib import Path

import pytest

from qa.calibration.label_rows import NOT_FILLED, NOT_MEASURED, OTHER_RULE, TWICE, UNANSWERED, WHOLE
from qa.calibration.labels_file import LabelsError, LabelsFile, read_labels

RULES = ("identity.tonic.subject", "identity.maya.face")
HEADER = "asset,key,rule,ok_or_bad,source,group,value,model,kit"
GOOD = "a.png,aa,identity.tonic.subject,ok,random,,0.71,m,k"


def read(tmp_path: Path, *rows: str, header: str = HEADER) -> LabelsFile:
    file = tmp_path / "labels.csv"
    file.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return read_labels(file, RULES, lambda rule: rule.partition(".")[0] in {"text", "color"})


def refused(tmp_path: Path, *rows: str, header: str = HEADER) -> list[str]:
    with pytest.raises(LabelsError) as caught:
        read(tmp_path, *rows, header=header)
    return [str(problem) for problem in caught.value.problems]


def test_a_filled_in_row_is_a_label(tmp_path: Path) -> None:
    (label,) = read(tmp_path, GOOD).labels
    assert (label.rule, label.is_bad, label.value, label.source) == ("identity.tonic.subject", False, 0.71, "random")
    assert (label.group, label.model, label.kit, label.line) == ("aa", "m", "k", 2)


def test_known_chances_are_read_and_empty_ones_are_not_known(tmp_path: Path) -> None:
    rows = [f"{GOOD},0.02", GOOD.replace("a.png,aa", "b.png,bb") + ",", GOOD.replace("a.png,aa", "c.png,cc") + ",1"]
    found = read(tmp_path, *rows, header=f"{HEADER},inclusion")
    assert [label.inclusion for label in found.labels] == [0.02, None, 1.0]
    assert read(tmp_path, GOOD).labels[0].inclusion is None


@pytest.mark.parametrize("chance", ["0", "-0.1", "1.01", "nan", "2%", "often"])
def test_what_is_no_chance_is_refused(tmp_path: Path, chance: str) -> None:
    (said,) = refused(tmp_path, f"{GOOD},{chance}", header=f"{HEADER},inclusion")
    assert "labels.csv:2:10 inclusion: Expected a chance above 0, at most 1" in said


def test_a_picture_with_two_chances_has_none_that_is_known(tmp_path: Path) -> None:
    rows = [f"{GOOD},0.02", f"{GOOD.replace('random', 'queue')},1"]
    for order in (rows, rows[::-1]):
        (label,) = read(tmp_path, *order, header=f"{HEADER},inclusion").labels
        assert (label.source, label.inclusion) == ("random", None)


def test_rows_that_wait_for_an_answer_are_counted_by_rule(tmp_path: Path) -> None:
    rows = [GOOD, GOOD.replace(",ok,random", ",,queue"), GOOD.replace(",ok,", ",,"), GOOD.replace(",ok,", ",,", 1)]
    rows += ["a.png,aa,text.headline,,random,,0,reader,k", GOOD.replace(",ok,", ",,").replace("0.71", "")]
    assert read(tmp_path, *rows).unanswered == {"identity.tonic.subject": 3}


def test_values_are_rounded_as_the_gate_rounds_them(tmp_path: Path) -> None:
    assert read(tmp_path, GOOD.replace("0.71", "0.71004")).labels[0].value == 0.71


def test_what_spreadsheets_do_to_a_file_changes_nothing(tmp_path: Path) -> None:
    row = GOOD.replace("0.71", "'-0.2").replace(",ok,", ", OK ,").replace(",", ";")
    (label,) = read(tmp_path, row, ";" * 8, header="\ufeff" + HEADER.replace(",", ";")).labels
    assert (label.value, label.is_bad) == (-0.2, False)


def test_rows_that_are_no_label_of_a_rule_are_counted(tmp_path: Path) -> None:
    rows = [
        GOOD,
        "a.png,aa,identity.tonic.subject,,queue,,,,",
        "a.png,aa,identity.tonic.subject,,random,,0.6,m,k",
        "b.png,bb,,bad,random,,,,k",
        "b.png,bb,text.headline,ok,random,,0,reader,k",
        "b.png,bb,identity.tonic.subject,ok,queue,,,m,k",
    ]
    left_out = read(tmp_path, *rows).left_out
    assert left_out == {NOT_FILLED: 1, UNANSWERED: 1, WHOLE: 1, OTHER_RULE: 1, NOT_MEASURED: 1}


def test_a_picture_counts_once_and_as_random_where_it_was_drawn(tmp_path: Path) -> None:
    found = read(tmp_path, GOOD.replace("random", "queue").replace("a.png", "copy.png"), GOOD)
    assert [label.source for label in found.labels] == ["random"]
    assert found.left_out == {TWICE: 1}


def test_all_that_is_wrong_is_said_with_line_and_column(tmp_path: Path) -> None:
    said = refused(
        tmp_path,
        GOOD,
        "b.png,bb,identity.tonik.subject,ok,random,,0.7,m,k",
        "c.png,cc,identity.tonic.subject,good,often,,1.2,,k",
        ",,identity.tonic.subject,ok,random,,0.7,m,k",
        "too,few",
    )
    assert said == [
        "labels.csv:3:3 rule: Expected a rule of the kit, got 'identity.tonik.subject'; "
        "did you mean identity.tonic.subject?",
        "labels.csv:4:4 ok_or_bad: Expected ok or bad, got 'good'",
        "labels.csv:4:5 source: Expected random or queue, got 'often'; "
        "a label that was not picked by chance is of the queue",
        "labels.csv:4:7 value: Expected a similarity from -1 to 1, got '1.2'; write it as 0.7153",
        "labels.csv:4:8 model: Expected the model that measured the value, got nothing; "
        "`qa gate --labels-out` writes it",
        "labels.csv:5:1 asset: Expected the asset's name or key, got nothing",
        "labels.csv:6:1: Expected 9 cells, as in the header, got 2 cells; quote separators",
    ]


@pytest.mark.parametrize("value", ["nan", "inf", "-1.01", "0,7", "high"])
def test_a_value_that_is_no_similarity_is_refused(tmp_path: Path, value: str) -> None:
    (said,) = refused(tmp_path, GOOD.replace("0.71", f'"{value}"'))
    assert "a similarity from -1 to 1" in said


def test_answers_and_values_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    said = refused(tmp_path, GOOD, GOOD.replace(",ok,", ",bad,").replace("0.71", "0.72"))
    assert "one answer for a picture, as on line 2" in said[0]
    assert "one value for a picture, as on line 2" in said[1]


def test_two_models_are_never_calibrated_together(tmp_path: Path) -> None:
    (said,) = refused(tmp_path, GOOD, GOOD.replace("a.png,aa", "b.png,bb").replace(",m,", ",other,"))
    assert "one model a rule: m, as on line 2" in said


def test_a_missing_or_misspelt_column_is_named(tmp_path: Path) -> None:
    said = refused(tmp_path, header=HEADER.replace("ok_or_bad", "ok_or_bed").replace("model,", ""))
    assert len(said) == 2
    assert "is it 'ok_or_bed'?" in said[1] or "is it 'ok_or_bed'?" in said[0]


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b'rule,"torn', b"\n\n"])
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "labels.csv"
    file.write_bytes(content)
    with pytest.raises(LabelsError, match=r"labels\.csv:"):
        read_labels(file, RULES)


def test_a_file_that_is_missing_or_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LabelsError, match="can be read"):
        read_labels(tmp_path / "none.csv", RULES)
    monkeypatch.setattr("qa.calibration.labels_file.LARGEST_BYTES", 20)
    with pytest.raises(LabelsError, match="at most"):
        read(tmp_path, GOOD)
