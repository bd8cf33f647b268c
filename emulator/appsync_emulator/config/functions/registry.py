"""All intrinsic functions by name."""

from collections.abc import Mapping

from appsync_emulator.config.functions import conditions, lists, lookups, texts
from appsync_emulator.config.template.scope import Function

FUNCTIONS: Mapping[str, Function] = {
    "Ref": lookups.ref,
    "Fn::GetAtt": lookups.get_att,
    "Fn::FindInMap": lookups.find_in_map,
    "Fn::ImportValue": lookups.import_value,
    "Fn::Sub": texts.sub,
    "Fn::Join": texts.join,
    "Fn::Split": texts.split,
    "Fn::Base64": texts.base64,
    "Fn::ToJsonString": texts.to_json_string,
    "Fn::Select": lists.select,
    "Fn::GetAZs": lists.get_azs,
    "Fn::Cidr": lists.cidr,
    "Fn::Length": lists.length,
    "Fn::If": conditions.if_,
    "Fn::And": conditions.misplaced,
    "Fn::Or": conditions.misplaced,
    "Fn::Not": conditions.misplaced,
    "Fn::Equals": conditions.misplaced,
    "Fn::Transform": lookups.transform,
}
