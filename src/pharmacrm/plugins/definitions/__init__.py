"""Definitions from other formats than JSON: adapters that make the same values."""

from pharmacrm.plugins.definitions.yaml import route_from_yaml, yaml_definition

__all__ = ["route_from_yaml", "yaml_definition"]
