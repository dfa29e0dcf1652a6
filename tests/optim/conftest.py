"""What several files of these tests share: PyTorch's numbers, as they are kept and as they come out now."""

import json

import pytest
import reference_trajectories as cases


@pytest.fixture(scope="session", params=["kept", "live"])
def reference(request):
    """PyTorch's numbers for every case: those in the table, and where torch can be imported those of now."""
    if request.param == "live":
        return cases.references(pytest.importorskip("torch"))
    return json.loads(cases.FILE.read_text(encoding="utf-8"))
