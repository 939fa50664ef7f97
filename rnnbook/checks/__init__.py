"""Checks that a reader can run in one line: are these gradients right, and do the three wings agree?

print(gradient_check(layer, x))
print(agreement_check(layer, x))
"""

from rnnbook.checks.agreement import agreement_check
from rnnbook.checks.gradients import compare_gradients, gradient_check

__all__ = ["agreement_check", "compare_gradients", "gradient_check"]
