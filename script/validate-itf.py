"""Reads traces with itf-py, and looks at what came out."""

import json
import sys

from itf_py import trace_from_json

states = 0
for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as file:
        trace = trace_from_json(json.load(file))
    assert trace.vars == ["maxBal", "maxVBal", "maxVal", "msgs"], path
    msgs = frozenset()
    for state in trace.states:
        values = state.values
        assert set(values) == set(trace.vars), path
        assert all(isinstance(ballot, int) for ballot in values["maxBal"].values()), path
        sent = frozenset(values["msgs"])
        assert msgs <= sent, path
        msgs = sent
        states += 1
print(f"==> ITF: {states} states in {len(sys.argv) - 1} traces")
