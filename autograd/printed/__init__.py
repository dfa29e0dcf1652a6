"""Printed numbers and pages: compare them with what a graph computes, and say where and why they part."""

from autograd.printed.digits import Printed, printed

__all__ = ["Printed", "printed"]
