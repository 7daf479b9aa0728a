"""Values that several domains carry."""
