import pytest

from appsync_emulator.testing import DataSourceError, SubscriptionRefused

ASK = 'mutation { ask(session: "mine", prompt: "Why?") }'
SESSION = 'query { session(id: "7") { title } }'


def test_a_wrong_key_is_unauthorized(appsync):
    answer = appsync.client.with_key("da2-stolen").execute(ASK)
    assert answer.status == 401
    assert answer.error_types == ["UnauthorizedException"]
    assert appsync.invocations == []


def test_nobody_subscribes_without_a_key(appsync):
    subscription = 'subscription { onToken(session: "mine") { text } }'
    with pytest.raises(SubscriptionRefused):
        with appsync.client.anonymous().subscribe(subscription):
            pass


def test_a_session_is_read_from_the_table(appsync):
    asked = []

    def table(request):
        asked.append(request)
        return {"id": "7", "title": "Weather"}

    appsync.data_sources["Sessions"] = table
    answer = appsync.client.execute(SESSION)
    assert answer.data == {"session": {"title": "Weather"}}
    assert asked == [{"operation": "GetItem", "key": {"id": {"S": "7"}}}]


def test_a_failure_of_the_table_is_told(appsync):
    def table(request):
        raise DataSourceError("DynamoDB:ProvisionedThroughputExceededException", "Slow")

    appsync.data_sources["Sessions"] = table
    answer = appsync.client.execute(SESSION)
    assert answer.data == {"session": None}
    assert answer.error_types == ["DynamoDB:ProvisionedThroughputExceededException"]
