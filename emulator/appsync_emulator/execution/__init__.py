"""Executes GraphQL operations: the front checks them, the plan runs them."""
