"""Keeps pytest away from the benchmarks: they are no tests, and some of their modules import peers."""

collect_ignore_glob = ["*"]
