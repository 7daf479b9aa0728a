"""Flows: commands and questions that span domains, a module each."""
