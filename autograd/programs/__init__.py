"""Programs: a recorded graph as code that runs without it.

Each step takes what the one before gives:

    record      Values remember how they were computed      -> a graph
    group       grouping.py, which asks names.py            -> a Grouping: what does the same, and what it shares
    statements  straight.py, by templates.py                -> a StraightLine, on the floats of one row; or
                array_program.py, by arrays.py, places.py   -> an ArrayProgram, on arrays of all rows
    text        source.py, on_javascript.py                 -> functions of the former; or
                array_source.py, after sharing.py           -> functions of the latter
    function    on_python.py, on_numpy.py, on_jax.py        -> what a Program calls

Statements on floats and on arrays are both the texts of rules, as folding.py reads them. `program.py` is what people
call; `training.py` and `workers.py` run what it has.
"""

from autograd.programs.grouping import Group, Grouping, Operand, Place, group
from autograd.programs.program import Check, Program, compile

__all__ = ["Check", "Group", "Grouping", "Operand", "Place", "Program", "compile", "group"]
