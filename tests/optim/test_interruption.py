"""A step that is interrupted, at whatever point, is either not taken or taken as a whole."""

import pytest
import reference_trajectories as cases
from interrupts import interrupted
from reference_trajectories import CASES, title

import optim
from autograd import Value

NAMES = [title(*case) for case in CASES]
BEFORE, AFTER = 2, 2  # steps before the one that is interrupted, and after it


class Run:
    """Some steps of training, one of which may be interrupted."""

    def __init__(self, kind, options, value=Value):
        self.point = [value(each) for each in cases.START]
        self.optimizer = getattr(optim, kind)(self.point, **options)
        list(cases.train(self.optimizer, self.point, range(1, BEFORE + 1)))
        self.optimizer.zero_grad()
        cases.give_gradients(self.point, BEFORE + 1)

    def seen(self):
        return [param.data for param in self.point], self.optimizer.state_dict()

    def go_on(self):
        list(cases.train(self.optimizer, self.point, range(BEFORE + 2, BEFORE + 2 + AFTER)))
        return self.seen()


class Expected:
    """What may be seen of a Run: before its step and after, and where it goes from there."""

    def __init__(self, kind, options):
        run = Run(kind, options)
        self.before = run.seen()
        run.optimizer.step()
        self.after = run.seen()
        self.end = run.go_on()

    def check(self, run):
        """The step was not taken, and can be; or it was taken, and is the one explained. Then all goes on as ever."""
        taken = run.seen() == self.after
        assert taken or run.seen() == self.before, "neither before the step nor after it"
        if not taken:
            run.optimizer.step()
        for param in run.point:
            entry = run.optimizer.explain(param)
            assert (entry.after["w"], entry.before["g"]) == (param.data, param.grad)
        assert run.go_on() == self.end
        return taken


def at_every_point(kind, options, event="line", **arguments):
    """Interrupt a step at each point in turn; says where it was found not taken and where taken."""
    expected = Expected(kind, options)
    outcomes = []
    while True:
        run = Run(kind, options)
        if not interrupted(lambda run=run: run.optimizer.step(**arguments), len(outcomes) + 1, event):
            return outcomes
        outcomes.append(expected.check(run))


FULLEST = [max((case for case in CASES if case[0] == kind), key=lambda case: len(case[1])) for kind in cases.KINDS]


@pytest.mark.parametrize(("kind", "options"), FULLEST, ids=[title(*case) for case in FULLEST])
def test_a_step_interrupted_at_any_line_is_not_taken_or_taken(kind, options):
    outcomes = at_every_point(kind, options)
    assert len(outcomes) > 20
    assert set(outcomes) == {False, True}
    assert outcomes == sorted(outcomes), "once taken, it stays taken"


@pytest.mark.parametrize(("kind", "options"), [FULLEST[0], FULLEST[3]], ids=["SGD", "Adam"])
def test_a_step_interrupted_at_any_instruction_is_not_taken_or_taken(kind, options):
    outcomes = at_every_point(kind, options, "opcode")
    assert len(outcomes) > 100
    assert set(outcomes) == {False, True}


def test_a_step_interrupted_while_its_ledger_is_written_is_taken():
    outcomes = at_every_point("SGD", {"lr": 0.05, "momentum": 0.9}, ledger=True)
    assert set(outcomes) == {False, True}
    assert outcomes[-1]


class Refusing(Value):
    """A Value that is interrupted when its data is set, once, before or after that is done."""

    moment = None

    @property
    def _data(self):
        return Value._data.__get__(self)

    @_data.setter
    def _data(self, number):
        moment, self.moment = self.moment, None
        if moment == "before":
            raise KeyboardInterrupt
        Value._data.__set__(self, number)
        if moment == "after":
            raise KeyboardInterrupt


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize(("kind", "options"), CASES, ids=NAMES)
def test_an_interruption_while_a_parameter_is_set_leaves_none_behind_the_others(kind, options, place, moment):
    expected = Expected(kind, options)
    run = Run(kind, options, Refusing)
    run.point[place].moment = moment
    with pytest.raises(KeyboardInterrupt):
        run.optimizer.step()
    assert expected.check(run)


def test_an_interruption_is_not_kept_back():
    run = Run("Adam", {"lr": 0.05}, Refusing)
    run.point[1].moment = "before"
    with pytest.raises(KeyboardInterrupt) as caught:
        run.optimizer.step()
    assert caught.value.__cause__ is None
    run.optimizer.step()  # and it does not come back
