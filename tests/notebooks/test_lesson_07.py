"""Lesson 7: what it says of its programs is so, by the numbers that it ended with."""

import re

import pytest

approx = pytest.approx


@pytest.fixture
def matrices(lesson):
    return lesson("07_from_scalars_to_matrices")


def source_of(lesson, cell):
    return next(each["source"] for each in lesson.cells if each["id"] == cell)


def test_each_line_that_is_read_aloud_is_a_line_of_the_program(matrices):
    read = re.findall(r"^\| `([^`]+)` \|", source_of(matrices, "reading"), re.M)
    program = [line.partition("  #")[0].strip() for line in matrices.value("arrays.source").splitlines()]
    assert [line for line in program if " = " in line and line in read] == read
    assert len(read) == 14


def test_the_lines_of_the_straight_line_that_the_text_quotes_are_there(matrices):
    lines = matrices.value("straight.source")
    assert "z1 = w1 * x1 + w2 * x2\n" in lines
    assert "dw7 = dz4 * h1  #" in lines
    assert "dz2 = (dz4 * w8 + dz3 * w6) * " in lines


def test_the_straight_line_has_the_documents_numbers(matrices):
    assert matrices.value("output") == approx(0.02397190, abs=5e-9)
    assert matrices.value("[gradient[0], gradient[4]]") == approx([0.00080888, 0.02592286], abs=5e-9)


def test_a_layer_is_a_matrix_product(matrices):
    by_hand = [[0.3 * a + 0.25 * b for a, b in [(0.1, 0.2), (0.9, 0.3), (0.5, 0.7)]],
               [0.4 * a + 0.35 * b for a, b in [(0.1, 0.2), (0.9, 0.3), (0.5, 0.7)]]]  # fmt: skip
    for found, expected in zip(matrices.value("Z.tolist()"), by_hand, strict=True):
        assert found == approx(expected)


def test_the_gradients_added_up_are_those_at_once(matrices):
    added_up, at_once = matrices.value("[added_up, at_once]")
    assert at_once == approx(added_up, rel=1e-12)
    assert len(set(at_once)) == 8
    assert matrices.value("check.agrees") is True


def test_its_equations_are_shown(matrices):
    (shown,) = matrices.outputs["equations"]
    assert r"\mathrm{d}W_{1} &= \mathrm{d}Z_{1} \, X^{\top}" in shown["data"]["text/latex"]


def test_a_digit_classifier_is_two_layers_and_a_loss(matrices):
    assert matrices.value("len(program.parameters)") == 2410
    summary = matrices.printed("reader")
    assert "W1 @ X + b1[:, None]" in summary
    assert len(summary.splitlines()) < 16


def test_the_digits_are_read_as_well_as_the_text_says_and_not_by_luck(matrices):
    assert matrices.value("(len(training), len(held_out))") == [1437, 360]
    assert matrices.value("accuracy(program, held_out)") >= 0.97
    accuracies = matrices.value("accuracies")
    assert len(accuracies) == 5
    assert sum(accuracies) / 5 >= 0.97
    assert matrices.value("len(wrong) == round(360 * (1 - accuracy(program, held_out)))") is True


def test_the_losses_are_those_of_the_engine(matrices):
    loss = "nn.cross_entropy(reader(row[:64].tolist()), row[64:].tolist()).data"
    eager = matrices.value(f"[{loss} for row in held_out[:20]]")
    assert matrices.value("program.outputs(held_out[:20])['loss'].tolist()") == approx(eager, rel=1e-9)


def test_an_if_is_frozen_and_found_by_the_function_alone(matrices):
    assert matrices.value("frozen.check([[1.0], [-1.0]]).agrees") is True
    found = matrices.value("[frozen.check([[1.0], [-1.0]], bent).agrees, frozen.check([[1.0]], bent).agrees]")
    assert found == [False, True]
    assert "in row 1 at the output: -2.0, where the engine has -0.2" in matrices.printed("frozen-check")
    assert matrices.value("mended.check([[1.0], [-1.0]], bent).agrees") is True
