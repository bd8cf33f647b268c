"""A stand-in for the model, so that streaming works without a key or a network.

It speaks the part of OpenAI's chat completions API that streaming clients use. The
answer is a short paragraph that depends on nothing but the last user message, cut into
tokens in a fixed way, so a test can expect it to the letter. No key is asked for.

How fast it talks is a setting, and a model's name may carry its own pace for one
request, which reaches the stand-in through any client and through the environment of
any function: `gpt-4o-mini@rate=200`, `gpt-4o-mini@rate=0,first=0`. `rate` is tokens a
second, 0 for no pauses; `first` is the seconds until the first token.

What would change the shape of an answer and is not done (several choices, log
probabilities, enforced tool calls or JSON) is refused; what only changes how a model
chooses its words is accepted.
"""

from appsync_emulator.server.model.routes import routes

__all__ = ["routes"]
