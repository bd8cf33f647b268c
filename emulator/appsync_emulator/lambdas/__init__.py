"""Lambda: functions in their own subprocesses, and the asynchronous invocation queue.

`service.Lambdas` is all that the layers above need. Below it, in the order in which an
event passes through:

- `async_queue`: events (`InvocationType: Event`), their retries and their age.
- `pool`: the execution environments of one function, cold and warm.
- `workshop`: chooses and makes what runs a function.
- `runners`: how a function is run: Python, Node and `provided.*` in subprocesses
  (`environment`), a Python callable in this process, or an HTTP endpoint.
- `runtime_api`: the Lambda Runtime API that subprocesses talk to.
- `bootstrap`: the scripts that a function's own interpreter runs.
"""
