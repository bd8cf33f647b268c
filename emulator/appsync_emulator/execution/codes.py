"""The codes of everything that can be wrong with resolvers' code and templates."""

TEMPLATE_MISSING = "P301"
CODE_MISSING = "P302"
CODE_REJECTED = "P303"
TEMPLATE_TOO_LONG = "P304"

CODES = {
    TEMPLATE_MISSING: "A resolver or function lacks a mapping template it needs.",
    CODE_MISSING: "A resolver or function has the runtime APPSYNC_JS but no code.",
    CODE_REJECTED: "AppSync would refuse to save the APPSYNC_JS code.",
    TEMPLATE_TOO_LONG: "A mapping template is longer than AppSync's 65,536 characters.",
}
"""Each code and what it stands for, one sentence each."""
