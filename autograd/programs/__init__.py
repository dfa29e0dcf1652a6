"""Programs: a recorded graph as code that runs without it."""

from autograd.programs.grouping import Group, Grouping, Operand, Place, group
from autograd.programs.program import Check, Program, compile

__all__ = ["Check", "Group", "Grouping", "Operand", "Place", "Program", "compile", "group"]
