"""Order, bounds and failures of the pipeline, with threads that really run."""

import threading
import time
from itertools import count, islice

import pytest

from qa.pipeline import BATCH, IN_FLIGHT, Stages, run_ordered


def stages(decode=lambda i: i, prepare=lambda batch: None, finish=lambda i: i):
    return Stages(decode, prepare, finish)


def test_results_come_in_input_order_although_later_items_finish_first():
    def slow_at_first(i):
        time.sleep(0.03 if i % 5 == 0 else 0)
        return i

    assert list(run_ordered(range(40), stages(decode=slow_at_first, finish=slow_at_first), threads=4)) == list(
        range(40)
    )


def test_every_item_is_prepared_once_in_batches_of_limited_size():
    batches = []
    list(run_ordered(range(50), stages(prepare=lambda batch: batches.append(list(batch))), threads=2))
    assert [i for batch in batches for i in batch] == list(range(50))
    assert max(map(len, batches)) <= BATCH


def test_an_endless_source_is_drawn_only_a_little_ahead():
    drawn = count()
    taken = list(islice(run_ordered(drawn, stages(), threads=2), 100))
    assert taken == list(range(100))
    assert next(drawn) <= 100 + IN_FLIGHT + 1


def test_a_slow_source_is_answered_item_by_item():
    seen = []

    def source():
        for i in range(5):
            yield i
            time.sleep(0.05)
            seen.append(i)

    first = next(run_ordered(source(), stages(), threads=2))
    assert first == 0
    assert len(seen) <= 1


def test_an_error_of_the_source_comes_after_the_results_before_it():
    def source():
        yield from range(3)
        raise OSError("the disk is gone")

    got = []
    with pytest.raises(OSError, match="the disk is gone"):
        for result in run_ordered(source(), stages(), threads=2):
            got.append(result)
    assert got == [0, 1, 2]


@pytest.mark.parametrize("stage", ["decode", "prepare", "finish"])
def test_an_error_of_a_stage_ends_the_run_instead_of_hanging_it(stage):
    def fail(_):
        raise RuntimeError(stage)

    with pytest.raises(RuntimeError, match=stage):
        list(run_ordered(range(20), stages(**{stage: fail}), threads=2))


def test_leaving_early_ends_its_threads():
    before = threading.active_count()
    run = run_ordered(count(), stages(), threads=3)
    next(run)
    run.close()
    assert threading.active_count() == before
