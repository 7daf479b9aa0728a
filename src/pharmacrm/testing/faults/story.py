"""A story in which every command happens: what each needs has happened before it.

A command that is registered and stands in no step fails a test: nobody can forget to have it failed.
"""

from pharmacrm.testing.faults.delivering import DELIVERING
from pharmacrm.testing.faults.selling import SELLING
from pharmacrm.testing.faults.steps import Step
from pharmacrm.testing.faults.taking_in import TAKING_IN
from pharmacrm.testing.faults.timed import TIMED
from pharmacrm.testing.faults.working import WORKING

STORY: tuple[Step, ...] = (*SELLING, *WORKING, *TAKING_IN, *DELIVERING, *TIMED)
"""Every command; what falls due comes last, because days pass in it."""
