"""Actions of Cognito that Amplify uses and moto does not have."""

from typing import Any

from moto.cognitoidp import models
from moto.cognitoidp.exceptions import UserNotFoundError
from moto.cognitoidp.responses import CognitoIdpResponse
from moto.core.responses import ActionResult, EmptyResult


def install_actions() -> None:
    """Add the actions that this moto does not have; a later one may."""
    for action in (
        get_tokens_from_refresh_token,
        revoke_token,
        resend_confirmation_code,
        delete_user,
    ):
        if not hasattr(CognitoIdpResponse, action.__name__):
            setattr(CognitoIdpResponse, action.__name__, action)


def get_tokens_from_refresh_token(response: Any) -> ActionResult:
    """Answer GetTokensFromRefreshToken, without rotation."""
    asked = response.parameters
    backend = _backend_of(response, asked["ClientId"])
    answer = backend.initiate_auth(
        asked["ClientId"],
        "REFRESH_TOKEN_AUTH",
        {"REFRESH_TOKEN": asked["RefreshToken"]},
    )
    return ActionResult(answer)


def revoke_token(response: Any) -> ActionResult:
    """Answer RevokeToken: the refresh token is good for nothing any more."""
    asked = response.parameters
    backend = _backend_of(response, asked["ClientId"])
    for pool in backend.user_pools.values():
        if asked["ClientId"] in pool.clients:
            # None is how moto itself marks a token that was revoked.
            pool.refresh_tokens[asked["Token"]] = None
    return EmptyResult()


def resend_confirmation_code(response: Any) -> ActionResult:
    """Answer ResendConfirmationCode. Any code confirms, so nothing is sent."""
    asked = response.parameters
    backend = _backend_of(response, asked["ClientId"])
    for pool in backend.user_pools.values():
        if asked["ClientId"] in pool.clients:
            user = backend.admin_get_user(pool.id, asked["Username"])
            by_mail = "email" in user.attribute_lookup
            medium, name = ("EMAIL", "email") if by_mail else ("SMS", "phone_number")
            details = {
                "AttributeName": name,
                "DeliveryMedium": medium,
                "Destination": "***",
            }
            return ActionResult({"CodeDeliveryDetails": details})
    raise UserNotFoundError("User does not exist.")


def delete_user(response: Any) -> ActionResult:
    """Answer DeleteUser: the user of an access token."""
    token = response.parameters["AccessToken"]
    account, region = models.find_account_region_by_value(
        "access_token", token, fallback=(response.current_account, response.region)
    )
    backend = models.cognitoidp_backends[account][region]
    user = backend.get_user(token)
    backend.admin_delete_user(user.user_pool_id, user.username)
    return EmptyResult()


def _backend_of(response: Any, client_id: str) -> Any:
    account, region = models.find_account_region_by_value(
        "client_id", client_id, fallback=(response.current_account, response.region)
    )
    return models.cognitoidp_backends[account][region]
