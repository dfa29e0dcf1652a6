"""Work done in eight threads at once, which take turns far more often than they usually do."""

import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier


@contextmanager
def switching_often():
    """Inside this block threads take turns every microsecond or so."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        yield
    finally:
        sys.setswitchinterval(interval)


def in_eight_threads(work):
    """What `work(k)` returns for each k below 8, where all of them begin together."""
    together = Barrier(8, timeout=60)

    def begin(k):
        together.wait()
        return work(k)

    with switching_often(), ThreadPoolExecutor(8) as pool:
        return list(pool.map(begin, range(8)))
