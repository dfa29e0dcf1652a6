"""Batches: batch, stochastic and mini-batch descent by one argument, every example once, in an order that repeats."""

import itertools
import random

import pytest

from optim import batches

SIZES = [None, 1, 2, 3, 7, 10, 11]


def test_no_size_gives_all_examples_at_once():
    assert list(batches([1, 2, 3])) == [[1, 2, 3]]


def test_a_size_of_one_gives_them_one_by_one():
    assert list(batches([1, 2, 3], 1)) == [[1], [2], [3]]


def test_a_size_of_k_gives_k_at_a_time_and_the_rest_last():
    assert list(batches(range(7), 3)) == [[0, 1, 2], [3, 4, 5], [6]]
    assert list(batches(range(6), 3)) == [[0, 1, 2], [3, 4, 5]]


@pytest.mark.parametrize("shuffle", [False, True])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("n", [0, 1, 2, 6, 10])
def test_every_example_comes_once_in_full_batches_but_for_the_last(n, size, shuffle):
    examples = [object() for _ in range(n)]  # told apart by identity
    found = list(batches(examples, size, shuffle, random.Random(3)))
    assert sorted(map(id, itertools.chain(*found))) == sorted(map(id, examples))
    assert all(len(each) == (size or n) for each in found[:-1])
    assert all(1 <= len(each) <= (size or n) for each in found[-1:])
    assert len(found) == (-(-n // (size or n)) if n else 0)


def test_without_shuffling_the_order_is_the_datas_and_nothing_is_drawn():
    rng = random.Random(5)
    state = rng.getstate()
    assert list(itertools.chain(*batches("abcdefgh", 3, rng=rng))) == list("abcdefgh")
    assert rng.getstate() == state


def test_shuffling_is_repeated_by_the_same_seed_and_differs_from_epoch_to_epoch():
    rng, again, other = random.Random(5), random.Random(5), random.Random(6)
    data = list(range(20))
    first, second = (list(batches(data, 6, True, rng)) for _ in range(2))
    assert [first, second] == [list(batches(data, 6, True, again)) for _ in range(2)]
    assert first != second
    assert first != list(batches(data, 6, True, other))
    assert list(itertools.chain(*first)) != data


@pytest.mark.parametrize("size", [None, 1, 4])
def test_shuffling_leaves_the_data_as_it_is(size):
    data = list(range(20))
    list(batches(data, size, True, random.Random(0)))
    assert data == list(range(20))


def test_shuffling_without_an_rng_leaves_the_worlds_randomness_alone():
    random.seed(1)
    state = random.getstate()
    assert sorted(itertools.chain(*batches(range(50), 7, shuffle=True))) == list(range(50))
    assert random.getstate() == state


@pytest.mark.parametrize("seed", [0, 1, -7, 10**400])
def test_an_int_is_a_seed(seed):
    assert list(batches(range(9), 2, True, seed)) == list(batches(range(9), 2, True, random.Random(seed)))


@pytest.mark.parametrize("rng", ["seed", True, 0.5, random.Random, []])
def test_an_rng_that_cannot_draw_is_refused_and_not_passed_over(rng):
    with pytest.raises(TypeError, match=r"batches\(rng=\): expected a random.Random, or an int as a seed, got"):
        batches(range(5), 2, True, rng)


@pytest.mark.parametrize(
    "data",
    [
        (each for each in "abc"),
        iter(["a", "b", "c"]),
        ("a", "b", "c"),
        "abc",
        {"a": 1, "b": 2, "c": 3},
        map(str.lower, "ABC"),
    ],
    ids=["generator", "iterator", "tuple", "text", "keys", "map"],
)
def test_any_iterable_will_do(data):
    assert list(batches(data, 2)) == [["a", "b"], ["c"]]


def test_a_generator_may_be_shuffled():
    found = list(batches((each for each in range(9)), 4, True, random.Random(0)))
    assert sorted(itertools.chain(*found)) == list(range(9))
    assert list(map(len, found)) == [4, 4, 1]


@pytest.mark.parametrize("shuffle", [False, True])
@pytest.mark.parametrize("size", SIZES)
def test_no_data_gives_no_batches(size, shuffle):
    assert list(batches([], size, shuffle, random.Random(0))) == []
    assert list(batches(iter(()), size, shuffle, random.Random(0))) == []


@pytest.mark.parametrize("size", [0, -1, 1.5, 2.0, "2", [2]])
def test_a_bad_size_is_refused_at_once_before_anything_is_drawn_or_read(size):
    rng, data = random.Random(0), iter("abc")
    state = rng.getstate()
    fault = ValueError if isinstance(size, (int, float)) else TypeError
    with pytest.raises(fault, match=r"batches\(batch_size=\)") as caught:
        batches(data, size, True, rng)
    assert repr(size) in str(caught.value)
    assert rng.getstate() == state
    assert list(data) == ["a", "b", "c"]


def test_data_that_cannot_be_walked_is_refused_at_once():
    with pytest.raises(TypeError):
        batches(5)


def test_the_examples_are_those_at_the_time_of_the_call():
    data = [1, 2, 3]
    found = batches(data, 2)
    data.append(4)
    assert list(found) == [[1, 2], [3]]


def test_a_batch_is_a_list_of_its_own():
    data = [1, 2, 3]
    (batch,) = batches(data)
    batch.append(4)
    assert data == [1, 2, 3]
