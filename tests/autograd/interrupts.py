"""Interrupts for tests: KeyboardInterrupt at a line, or an instruction, of one's choice."""

import sys


class Bomb:
    """Raises KeyboardInterrupt at the k-th line, or the k-th instruction, that is about to run."""

    def __init__(self, k, event):
        self.left, self.event = k, event

    def __call__(self, frame, event, _):
        frame.f_trace_opcodes = self.event == "opcode"
        if event == self.event:
            self.left -= 1
            if self.left == 0:
                raise KeyboardInterrupt
        return self


def interrupted(action, k, event="line"):
    """Run the action with a Bomb; False if it was over before that went off."""
    return next(run(action, k, event))


def run(action, k, event):
    """In a generator, which takes with it what Python then takes for the exception that is being handled."""
    outer, went_off = sys.gettrace(), False
    sys._getframe().f_trace_opcodes = event == "opcode"  # Python 3.12 looks for this when tracing begins
    sys.settrace(Bomb(k, event))
    try:
        action()
    except KeyboardInterrupt:
        went_off = True
    finally:
        sys.settrace(outer)
    yield went_off
