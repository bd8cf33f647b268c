def test_a_question_is_left_for_the_function(appsync):
    context = {"arguments": {"session": "mine", "prompt": "Why?"}}
    done = appsync.evaluate("resolvers/ask.js", context)
    assert done.value == {
        "operation": "Invoke",
        "invocationType": "Event",
        "payload": {"session": "mine", "prompt": "Why?"},
    }


def test_a_long_question_is_refused(appsync):
    context = {"arguments": {"session": "mine", "prompt": "?" * 2001}}
    done = appsync.evaluate("resolvers/ask.js", context)
    assert done.error.type == "PromptTooLong"


def test_a_full_queue_is_told(appsync):
    context = {"error": {"message": "Rate Exceeded.", "type": "Lambda:IllegalArgument"}}
    done = appsync.evaluate("resolvers/ask.js", context, function="response")
    assert done.error.message == "Rate Exceeded."
