"""A domain as a package of its own: samples that are left with a customer."""

from acme_samples import plugin
from acme_samples.domain import DOMAIN, LeaveSample, Sample

__all__ = ["DOMAIN", "LeaveSample", "Sample", "plugin"]
