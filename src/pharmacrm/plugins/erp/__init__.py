"""Adapters to ERP systems: plugins that hand released orders to whatever ships and books them."""

from pharmacrm.plugins.erp.csv_folder import CsvFolder

__all__ = ["CsvFolder"]
