"""Practice on the page: it hides what is to come, asks for it, says what was overlooked, as in a terminal."""

import page_graphs
import pytest

from autograd import Value, step
from autograd.views.practice import OVERLOOKED, questions, said_of


@pytest.fixture
def practice(open_page):
    """`practice(output)` is a stage on which one practises."""

    def practice(output, *size):
        stage = open_page(output, *size)
        stage.press("practice")
        return stage

    return practice


def reply(stage, typed):
    """Answer, and what the page says."""
    stage.tab.fill(".practice input", typed)
    stage.tab.press(".practice input", "Enter")
    return stage.texts(".practice .said")[0]


def asked(output):
    return [(each, question) for each, listed in questions(step(output)) for question in listed]


def test_the_right_answers_lead_through_both_passes(practice):
    output = page_graphs.worked_example()
    stage = practice(output)
    for _, question in asked(output):
        assert reply(stage, repr(question.answer)) == "Right."
    count = len(asked(output))
    assert stage.texts(".practice .score") == [f"{count} of {count} right at once"]
    assert stage.texts(".practice .asked") == ["All numbers are found."]
    assert stage.main("m => m.dataset.step") == str(len(step(output).trace))
    assert stage.messages == []


def test_numbers_to_come_are_hidden_and_cannot_be_reached(practice):
    stage = practice(page_graphs.worked_example())
    for act in ("next", "last"):
        stage.press(act)
        assert stage.main("m => m.dataset.step") == "0"
    stage.go(20)
    assert stage.main("m => m.dataset.step") == "0"
    assert "0.02397190" not in stage.main("m => m.innerText")
    reply(stage, "0.08")
    stage.press("last")
    assert stage.main("m => m.dataset.step") == "1"
    stage.press("practice")
    stage.press("last")
    assert stage.main("m => m.dataset.step") == stage.main("m => m.dataset.last")


def test_it_says_the_same_as_the_terminal(practice):
    x = Value(0.5, "x")
    output = (x * x.tanh()).named("y")
    stage = practice(output)
    said = set()
    for _, question in asked(output):
        numbers = {**question.numbers, "answer": question.answer}
        for slip in OVERLOOKED:
            for place in question.elsewhere or [0.0]:
                typed = f"{eval(slip.text, {**numbers, 'elsewhere': place}):.6f}" if question.numbers else "-0.1"
                verdict = said_of(question, typed)
                if verdict != "Right.":
                    assert reply(stage, typed) == verdict
                    said.add(verdict)
        for typed in ("x", "0.3", "0", "-0.0", "inf", "-Inf", "nan", "constructor"):
            if said_of(question, typed) != "Right.":
                assert reply(stage, typed) == said_of(question, typed)
        assert reply(stage, f"{question.answer:.6f}") == "Right."
    assert len(said) >= 5


def test_hints_go_from_the_rule_to_the_answer_and_are_not_right_at_once(practice):
    stage = practice(page_graphs.worked_example())
    shown = []
    for _ in range(3):
        stage.press("hint")
        shown.append(stage.main("m => m.querySelectorAll('.hints math').length"))
    assert shown == [2, 3, 4]
    assert "0.08" in stage.texts(".hints")[0]
    reply(stage, "0.08")
    assert stage.texts(".practice .score") == ["0 of 1 right at once"]
    assert stage.texts(".hints") == [""]


def test_a_page_can_open_so(tmp_path, browser):
    path = tmp_path / "page.html"
    step(page_graphs.worked_example(), practice=True).save(path)
    tab = browser.new_page()
    tab.goto(path.as_uri())
    tab.wait_for_selector("main.stepper[data-ready='1']")
    assert tab.is_visible(".practice input")
    assert tab.get_attribute("[data-act=practice]", "aria-pressed") == "true"
    tab.close()


@pytest.mark.parametrize(("width", "height"), [(1366, 657), (420, 800)])
def test_the_question_with_a_hint_is_in_view(practice, width, height):
    stage = practice(page_graphs.worked_example(), width, height)
    reply(stage, "0.1")
    stage.press("hint")
    [(_, box)] = stage.boxes(".practice")
    assert box[0] >= 0 and box[2] <= width and box[3] <= height  # noqa: PT018
