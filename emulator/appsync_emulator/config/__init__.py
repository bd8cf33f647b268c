"""Loads a user's project: the template that deploys to AWS is the configuration."""

from appsync_emulator.config.deployment import Deployment
from appsync_emulator.config.find import find_template
from appsync_emulator.config.load import load

__all__ = ["Deployment", "find_template", "load"]
