"""What the emulator costs beside its peers: `make bench`.

A suite is a module with a function `run` that takes an `Effort` and gives `Report`s;
the list of suites is in `__main__.py`. Suites that compare the same operation on two
sides hand their cases to `compare`: each side is a process of its own that answers
`measure.py`'s questions (`node.mjs` does the same in JavaScript), fresh in each round,
and the sides take turns case by case, so that a busy machine harms both alike.

The clock that counts is the CPU time of a side's process; wall time stands beside it in
the JSON. Nothing in here is a test: figures depend on the machine, and the exit code
does not depend on the figures.
"""
