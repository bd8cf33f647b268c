"""Bedrock's runtime API, answered by the stand-in model.

`Converse` and `ConverseStream` answer for any model; `InvokeModel` and
`InvokeModelWithResponseStream` for those whose own request and answer are known here
(see `registry.py`). Signatures are not checked: whoever reaches the port may ask.

The model answers with text; it calls a tool only when a script says so, and it does not
look at images and documents. What would change the shape of an answer and is not done
(guardrails, structured output, thinking) is refused.
"""
