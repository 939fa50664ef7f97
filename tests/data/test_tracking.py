"""Answers against a second way to find them: counting ones, and composing permutations."""

from itertools import permutations

import numpy as np

from rnnbook.data import tracking


def test_parity_is_the_number_of_ones_modulo_two():
    bits, odd = tracking.parity(np.random.default_rng(0), 50, 30)
    assert bits.shape == odd.shape == (50, 30) and set(bits.ravel()) == {0, 1}
    for row, answers in zip(bits, odd, strict=True):
        assert [sum(row[: t + 1]) % 2 for t in range(30)] == list(answers)


def test_moves_are_the_six_permutations_of_three():
    assert sorted(map(tuple, tracking.MOVES)) == sorted(permutations(range(3)))


def test_the_ball_follows_the_product_of_the_permutation_matrices():
    moves, places = tracking.cups(np.random.default_rng(1), 20, 25)
    matrices = np.eye(3)[tracking.MOVES].transpose(0, 2, 1)  # column: where it was
    for row, answers in zip(moves, places, strict=True):
        product = np.eye(3)
        for move, answer in zip(row, answers, strict=True):
            product = matrices[move] @ product
            assert product[:, 0].argmax() == answer


def test_every_answer_is_as_likely_as_the_others():
    for draw, answers in ((tracking.parity, 2), (tracking.cups, 3)):
        _, said = draw(np.random.default_rng(2), 2000, 20)
        assert np.allclose(np.bincount(said[:, -1]) / 2000, 1 / answers, atol=0.04)
