"""Right answers to 09-faq/02-do-gates-cure-it, written in other ways."""

import numpy as np


def forget_bias_for(k):
    return -np.log(2 ** (1 / k) - 1)


def adding_answers(x):
    return [sum(number for number, mark in sequence if mark) for sequence in x]
