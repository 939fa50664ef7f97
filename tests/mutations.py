"""Would the tests notice? Each mutation below breaks one line of the package, and a test must fail.

    python -m tests.mutations                all of them; exits 1 if one survives or no longer applies
    python -m tests.mutations lstm           those of every lstm.py
    python -m tests.mutations torch/lstm     those of torch/lstm.py
    python -m tests.mutations torch tasks    those in these folders

A mutation is applied to a copy of the package in a temporary folder, never to the package itself. The suite
tries ``SAMPLE`` only; all of them take some minutes.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import tests.threads  # noqa: F401  one thread in the tests, as under pytest

ROOT = Path(__file__).parent.parent
PYTEST = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-k", "not torchs"]
# Plugins cost more than most tests. And a mutated file of the same size, written in the same second, must not
# be mistaken for the one whose bytecode is there already.
ENVIRONMENT = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONDONTWRITEBYTECODE": "1"}
CONFIGURATION = "[pytest]\naddopts = --import-mode=importlib\npythonpath = .\n"
# A copy that tests the package it was copied from would let everything survive.
CONFTEST = """
from pathlib import Path
from hypothesis import settings
import rnnbook
assert Path(rnnbook.__file__).is_relative_to(Path(__file__).parent), rnnbook.__file__
settings.register_profile("rnnbook", derandomize=True, deadline=None, database=None, max_examples=10)
settings.load_profile("rnnbook")  # a test that is slow has noticed nothing
"""


@dataclass(frozen=True)
class Mutation:
    """Replace ``old``, which must stand exactly once in rnnbook/``file``.py, by ``new``."""

    file: str
    what: str
    old: str
    new: str
    noticed_by: str = ""

    def __str__(self) -> str:
        return f"{self.file}: {self.what}"

    @property
    def tests(self) -> tuple[str, ...]:
        """The tests that should fail: ``noticed_by``, or those of the file, which ``TESTS`` may name."""
        if self.noticed_by:
            return (self.noticed_by,)
        folder, _, name = self.file.rpartition("/")
        return TESTS.get(self.file, (f"{folder}/test_{name}.py".removeprefix("/"),))


DROPOUT = tuple(
    f"numpy/test_options.py::test_{name}"
    for name in (
        "gradients_with_a_fixed_mask",
        "what_goes_up_is_masked_and_nothing_else",
        "what_is_read_keeps_its_mean",
    )
)
LINEAR = (
    "test_linear.py::test_gradients_by_the_complex_step",
    "test_linear.py::test_forward_is_the_step_repeated",
)
SCAN = ("test_linear.py::test_gradients_of_every_wing",)
IN_TORCH = (
    "torch/test_equality.py::test_outputs_states_and_gradients",
    "torch/test_lengths.py::test_every_sequence_as_if_it_were_alone",
    "torch/test_lengths.py::test_padding_may_hold_anything",
    "torch/test_options.py::test_evaluation_is_without_dropout",
    "torch/test_options.py::test_packed_is_padded_with_lengths",
)
IN_TENSORFLOW = (
    "tensorflow/test_equality.py::test_eager",
    "tensorflow/test_masks.py::test_any_pattern_is_the_sequence_without_the_skipped_steps",
    "tensorflow/test_options.py::test_evaluation_is_without_dropout",
    "tensorflow/test_sweep.py::test_a_call_is_the_loop",
)


def fit_of(wing: str) -> tuple[str, ...]:
    names = (
        "clipping_clips",
        "the_same_seed_gives_the_same_run",
        "the_best_weights_are_put_back_and_patience_ends_it",
        "a_run_goes_on_from_its_file_to_the_same_numbers",
        "a_checkpoint_of_another_run_is_refused",
    )
    return tuple(f"test_fit.py::test_{name}[{wing}]" for name in names)


# Where more than the test file of the same name is needed, or much less of it.
OF_DATA_TASKS_AND_COURSE = {
    "tasks/text": (
        "tasks/test_text.py::test_a_text_may_be_as_long_as_allowed",
        "tasks/test_text.py",
    ),
    "data/spoken_digits": (
        "data/test_spoken_digits.py::test_silence_has_features",
        "data/test_spoken_digits.py::test_a_pickle_in_place_of_the_recordings_is_not_opened",
        "data/test_spoken_digits.py::test_features_are_normalised_and_sloped",
        "data/test_spoken_digits.py::test_stretched_keeps_the_ends_and_what_lies_between",
        "data/test_spoken_digits.py::test_strings_hold_each_recording_once",
        "data/test_spoken_digits.py::test_folds_are_by_person",
    ),
    "course/figures": (
        "course/test_figures.py::test_heatmap_is_centred_on_zero_and_prints_values",
        "course/test_figures.py::test_confusion_is_a_share_of_each_row",
        "course/test_figures.py::test_plot_history_shows_losses_scores_and_the_weights_kept",
        "course/test_figures.py::test_show_closes_the_figure",
        "course/test_figures.py::test_what_is_brighter_than_white_is_white",
        "course/test_figures.py::test_labels_keep_the_order_of_their_lines",
        "course/test_figures.py::test_show_publishes_picture_description_and_caption",
        "course/test_figures.py::test_animation_shows_every_picture_and_begins_again",
    ),
    "course/experiments/pruning": (
        "course/experiments/test_languages.py::test_pruned_weights_are_retrained_on_training_with_the_mask_held",
        "course/experiments/test_languages.py::test_the_sparsity_is_chosen_by_validation_and_tested_once",
    ),
    "course/experiments/sentiment": (
        "course/experiments/test_sentiment.py::test_soft_labels_by_hand",
        "course/experiments/test_sentiment.py::test_it_learns_from_training_and_is_chosen_by_validation",
        "course/experiments/test_sentiment.py::test_it_is_tested_on_test",
    ),
    "course/experiments/sentiment_search": (
        "course/experiments/test_sentiment.py::test_the_search_never_asks_the_test",
    ),
    "course/experiments/actions": (
        "course/experiments/test_actions.py::test_standardize_takes_its_numbers_from_training_alone",
        "course/experiments/test_actions.py::test_windows_are_tested_on_people_that_no_model_saw",
        "course/experiments/test_actions.py::test_streams_are_tested_on_people_that_no_model_saw",
        "course/experiments/test_actions.py::test_public_sets_are_tested_on_the_published_test",
        "course/experiments/test_actions.py::test_a_feature_that_never_changes_is_scaled",
        "course/experiments/test_actions.py::test_rolling_features_against_slices",
        "course/experiments/test_actions.py::test_the_window_network_sees_its_window_and_no_more",
    ),
    "course/experiments/arrow_of_time": (
        "course/experiments/test_arrow_of_time.py::test_it_learns_from_training_and_is_chosen_by_validation",
        "course/experiments/test_arrow_of_time.py::test_every_model_is_tested_on_the_other_film",
    ),
    "course/experiments/arrow_by_frame": (
        "course/experiments/test_arrow_of_time.py::test_by_frame_it_learns_from_training_and_is_chosen_by_validation",
        "course/experiments/test_arrow_of_time.py::test_by_frame_every_model_is_tested_on_the_other_film",
        "course/experiments/test_arrow_of_time.py::test_votes_are_added",
    ),
    "course/experiments/_arrow": (
        "course/experiments/test_arrow_of_time.py::test_every_clip_is_counted_both_ways",
        "course/experiments/test_arrow_of_time.py::test_batches_show_each_clip_once_with_its_way",
    ),
    "course/experiments/chorales": (
        "course/experiments/test_chorales.py::test_refit_trains_on_the_validation_pieces_too_and_nothing_on_the_test",
        "course/experiments/test_chorales.py::test_every_model_is_tested_on_the_test_pieces",
        "course/experiments/test_chorales.py::test_baselines_by_plain_arithmetic",
        "course/experiments/test_chorales.py::test_baselines_count_the_training_pieces_and_are_tested_on_the_test",
    ),
    "course/experiments/spoken_digits": (
        "course/experiments/test_spoken_digits.py::test_the_recordings_that_are_tested_are_trained_on_by_nobody",
        "course/experiments/test_spoken_digits.py::test_every_recording_is_tested_once_by_a_network_that_did_not_train_on_it",
        "course/experiments/test_spoken_digits.py::test_a_stranger_is_heard_by_nobody_before_the_test",
        "course/experiments/test_spoken_digits.py::test_blanks_are_counted_on_validation_with_each_stride",
        "course/experiments/test_spoken_digits.py::test_digit_error",
    ),
    "course/experiments/pronunciation": (
        "course/experiments/test_pronunciation.py::test_every_model_is_tested_on_words_that_trained_no_model",
        "course/experiments/test_pronunciation.py::test_the_best_weights_are_those_of_validation",
        "course/experiments/test_pronunciation.py::test_the_nearest_way_counts",
        "course/experiments/test_pronunciation.py::test_a_form_of_a_training_word_is_related",
    ),
    "course/experiments/translation": (
        "course/experiments/test_translation.py::test_it_trains_on_train_chooses_on_validation_and_is_tested_on_test",
        "course/experiments/test_translation.py::test_strings_are_tested_on_test",
    ),
    "course/experiments/voices": (
        "course/experiments/test_voices.py::test_pairs_are_left_out_everywhere",
        "course/experiments/test_voices.py::test_it_trains_on_train_and_chooses_on_validation",
        "course/experiments/test_voices.py::test_means_by_hand",
        "course/experiments/test_voices.py::test_units_are_those_of_the_training",
        "course/experiments/test_voices.py::test_probes_learn_from_training_and_hear_the_test",
    ),
    "course/experiments/linear_recurrences": (
        "course/experiments/test_linear_recurrences.py::test_validation_chooses_and_the_test_is_only_tested_on",
        "course/experiments/test_linear_recurrences.py::test_validation_chooses_the_regression",
    ),
    "course/experiments/parity": (
        "course/experiments/test_parity.py::test_training_validation_and_test_have_numbers_of_their_own",
        "course/experiments/test_parity.py::test_solved_is_without_a_mistake",
    ),
    "course/claims": (
        "course/test_claims.py::TestMarks",
        "course/test_claims.py::test_two_verdicts_on_one_claim_are_refused",
        "course/test_claims.py::test_table_links_each_heading_once",
    ),
    "tensorflow/training": (
        "test_fit.py::test_the_wings_walk_the_same_path",
        "test_fit.py::test_clipping_clips[tensorflow]",
        "test_fit.py::test_the_same_seed_gives_the_same_run[tensorflow]",
        "test_fit.py::test_the_best_weights_are_put_back_and_patience_ends_it[tensorflow]",
        "test_fit.py::test_a_run_goes_on_from_its_file_to_the_same_numbers[tensorflow]",
        "test_fit.py::test_a_checkpoint_of_another_run_is_refused[tensorflow]",
        "test_fit.py::test_an_interrupt_leaves_the_best_weights[tensorflow]",
        "test_fit.py::test_tensorflow_keeps_all_that_trains",
    ),
    "numpy/training": (
        "test_fit.py::test_the_wings_walk_the_same_path",
        "test_fit.py::test_clipping_clips[numpy]",
        "test_fit.py::test_the_same_seed_gives_the_same_run[numpy]",
        "test_fit.py::test_the_best_weights_are_put_back_and_patience_ends_it[numpy]",
        "test_fit.py::test_a_run_goes_on_from_its_file_to_the_same_numbers[numpy]",
        "test_fit.py::test_a_checkpoint_of_another_run_is_refused[numpy]",
        "test_fit.py::test_an_interrupt_leaves_the_best_weights[numpy]",
    ),
    "tasks/music/midi": ("tasks/music/test_files.py",),
    "tasks/music/musicxml": ("tasks/music/test_files.py",),
    "tasks/music/score": (
        "tasks/music/test_files.py",
        "data/test_chorales.py",
    ),
    "tasks/sound/length_regulator": ("tasks/sound/test_vocoder.py",),
    "tasks/sound/player": ("tasks/sound/test_vocoder.py",),
    "course/exercises/outcome": ("course/exercises/test_exercise.py",),
    "course/exercises/difference": ("course/exercises/test_exercise.py",),
    "course/exercises/trial": ("course/exercises/test_exercise.py",),
    "course/edition/documents": (
        "course/edition/test_documents.py::test_they_are_replaced_and_the_rest_stays",
        "course/edition/test_documents.py::test_a_claim_keeps_its_english_words",
    ),
    "course/edition/catalogues": (
        "course/edition/test_catalogues.py::test_a_changed_text_is_fuzzy_and_keeps_the_earlier_one",
    ),
    "course/edition/writing": ("course/edition/test_writing.py::test_folders_of_another_kind_are_refused",),
    "course/experiments/_command": ("course/experiments/test_experiments.py",),
    "course/experiments/_reach": (
        "course/experiments/test_reach.py::test_rows_are_new_in_every_update_and_in_the_test",
        "course/experiments/test_reach.py::test_the_ladder_is_left_at_the_first_lag_that_is_not_solved",
    ),
    "course/experiments/_train": ("course/experiments/test_train.py",),
}

SAME_PATH = "test_fit.py::test_the_wings_walk_the_same_path"
TESTS = (
    {
        "numpy/layer": ("numpy/test_elman.py", *DROPOUT),
        "numpy/activations": ("numpy/test_activations.py", "numpy/test_lstm.py"),
        "numpy/scan": ("test_linear.py::test_every_order_gives_what_the_definition_gives", *LINEAR),
        "numpy/ctc": ("test_ctc.py",),
        "torch/ctc": ("test_ctc.py",),
        "torch/scan": SCAN,
        "tensorflow/scan": SCAN,
        "torch/attention": (
            "models/test_translator.py::TestTranslator::test_padding_of_the_source_changes_nothing",
            "models/test_translator.py::TestTranslator::test_logits_and_attention_are_what_the_equations_say",
        ),
        "torch/training": (
            "test_fit.py::test_every_epoch_trains_with_dropout",
            "test_fit.py::test_torch_scores_without_dropout_and_leaves_all_as_it_was",
            "test_fit.py::test_torch_keeps_all_that_trains",
            *fit_of("torch"),
            SAME_PATH,
        ),
        "tensorflow/training": (SAME_PATH, *fit_of("tensorflow")),
        "training": (
            "test_fit.py::test_one_cycle",
            "test_fit.py::test_one_cycle_is_one_for_all_epochs",
            "test_fit.py::test_arguments_are_refused",
            "test_fit.py::test_settings_are_refused_before_anything_is_built",
            "test_fit.py::test_progress_without_a_stream",
            "test_fit.py::test_the_best_weights_of_before_are_put_back_after_going_on",
            "test_fit.py::test_a_gradient_that_is_not_finite_ends_it_and_the_best_weights_are_back[0-numpy]",
            "test_training.py",
            *fit_of("numpy"),
        ),
        "tasks/checkpoint": ("tasks/test_text.py",),
        "tasks/boxes": ("tasks/test_boxes.py",),
        "data/__init__": (
            "data/test_data.py::test_verify",
            "data/test_data.py::test_shuffled_depends_on_keys_and_seed_alone",
            "data/test_data.py::test_arrays_stay_apart_as_long_as_one_another_or_not",
            "data/test_digits.py",
        ),
        "checks/agreement": (
            "test_checks.py::test_a_difference_is_that_of_the_worst_entry",
            "test_checks.py::test_a_gradient_of_which_numpy_is_wrong_is_named_by_every_voice",
        ),
        "checks/gradients": ("test_checks.py",),
        "weights/files": ("test_files.py",),
    }
    | {f"weights/{name}": ("test_weights.py",) for name in ("canonical", "torch", "onnx")}
    | {f"numpy/{name}": LINEAR for name in ("lru", "min_gru", "min_lstm", "slstm", "selective_ssm")}
    | {f"numpy/{name}": (f"numpy/test_{name}.py", *DROPOUT) for name in ("elman", "lstm", "gru", "stacked")}
    | {f"torch/{name}": IN_TORCH for name in ("layer", "lstm", "gru", "bidirectional")}
    | {
        f"tensorflow/{name}": IN_TENSORFLOW
        for name in ("layer", "sweep", "elman", "lstm", "gru", "bidirectional")
    }
    | OF_DATA_TASKS_AND_COURSE
)

# What is wrong, what stands there, and what stands there instead.
BY_FILE = {
    "numpy/elman": [
        ("sign of δ", "np.multiply(dz_t, dh, out=dz_t)", "np.multiply(dz_t, -dh, out=dz_t)"),
        ("U transposed backwards", "np.matmul(dz_t, U, out=dh)", "np.matmul(dz_t, U.T, out=dh)"),
        ("U transposed forwards", 'ray(self.params["U"].T)', 'ray(self.params["U"])'),
        ("slope of the step before", "h[start + 1 : stop + 1]", "h[start:stop]"),
        ("dU from h_t, not h_{t-1}", "tape.masked(h[:-1])", "tape.masked(h[1:])"),
        (
            "dU transposed",
            "dz.T @ tape.masked(h[:-1]).reshape(time * batch, size)",
            "tape.masked(h[:-1]).reshape(time * batch, size).T @ dz",
        ),
        ("what U did not read learns", "dh = tape.masked(dh)", "pass"),
        ("later gradient lost", "np.add(dh, d_steps[t], out=dh)", "dh[...] = d_steps[t]"),
        ("final state's gradient lost", "dh[ending[t]] += d_parts[0][ending[t]]", "pass"),
        ("U not kept on the tape", 'self.params["U"].copy()', 'self.params["U"]'),
        ("outputs beyond the length", "h_t[ended] = 0", "pass"),
    ],
    "numpy/jordan": [
        ("decay forgotten backwards", "ds = self.decay * ds +", "ds = ds +"),
        ("decay forgotten forwards", "np.multiply(s_t, self.decay, out=s_after)", "s_after[...] = s_t"),
        ("path through U lost", "self.decay * ds + dz[t] @ U", "self.decay * ds"),
        ("state's gradient lost", "dy[t] *= d_outputs[t] + ds", "dy[t] *= d_outputs[t]"),
        ("slope of g forgotten", "self.output_activation.derivative(y)", "np.ones_like(y)"),
        ("slope of f forgotten", "self.activation.derivative(h)", "np.ones_like(h)"),
        ("dU from the state after", "s[:-1].reshape", "s[1:].reshape"),
        ("dc a mean", "dy.sum(axis=0)", "dy.mean(axis=0)"),
        ("V transposed backwards", "dy[t] @ V", "(V @ dy[t].T).T if len(V) == len(V.T) else dy[t] @ V"),
        (
            "final state's gradient decayed",
            "+= d_parts[0][ending[t]]",
            "+= self.decay * d_parts[0][ending[t]]",
        ),
    ],
    "numpy/lstm": [
        (
            "U transposed backwards",
            "matmul(dz[t], U, out",
            "matmul(dz[t], U.reshape(4, size, size).transpose(0, 2, 1).reshape(4 * size, size), out",
        ),
        ("one gate dropped", "matmul(dz[t], U, out", "matmul(dz[t, :, size:], U[size:], out"),
        ("slope of f: sign", "kept - kept * f", "kept + kept * f"),
        ("slope of i with c_{t-1}", "written - written * i", "kept - kept * i"),
        ("slope of g that of σ", "i - written * g", "written - written * g"),
        ("slope of o without tanh", "shown - shown * o", "o - o * o"),
        ("f forgotten on the way back", "np.multiply(dc, keep[t], out=dc)", "pass"),
        ("dc of the step after lost", "np.add(dc, dh, out=dc)", "dc[...] = dh"),
        ("p_o by δi", "dc += p[2] * d_o[t]", "dc += p[2] * by_gate[t, 0]"),
        ("p_o forgotten", "dc += p[2] * d_o[t]", "pass"),
        (
            "p_i and p_f swapped",
            "p[0] * by_gate[t, 0] + p[1] * by_gate[t, 1]",
            "p[1] * by_gate[t, 0] + p[0] * by_gate[t, 1]",
        ),
        ("dp_o from c_{t-1}", "(d_o * c[1:])", "(d_o * c[:-1])"),
        ("dp_i from c_t", "(d_i * c[:-1])", "(d_i * c[1:])"),
        ("o sees c_{t-1}", "step[O] += p[2] * c_t", "step[O] += p[2] * step[C]"),
        ("final c's gradient lost", "dc[ending[t]] += d_parts[1][ending[t]]", "pass"),
        ("final h's gradient lost", "dh[ending[t]] += d_parts[0][ending[t]]", "pass"),
        (
            "gates in another order on the way back",
            "by_gate[:, :3], by_gate[:, 3]",
            "by_gate[:, 1:], by_gate[:, 0]",
        ),
        ("dU from h_t, not h_{t-1}", "tape.masked(h[:-1])", "tape.masked(h[1:])"),
        ("what U did not read learns", "dh = tape.masked(dh)", "pass"),
        (
            "final c a step early",
            "self._last_valid(slab[1:, C], tape)",
            "self._last_valid(slab[:-1, C], tape)",
        ),
        ("f of another step", "keep[t], out=dc", "keep[t - 1], out=dc"),
        ("wrong step of a short chunk", "at = t - start", "at = t - stop"),
        ("weights not kept on the tape", "name: array.copy()", "name: array"),
    ],
    "numpy/gru": [
        ("b_u forgotten in r and z", "b[: N * size] += b_u[: N * size]", "pass"),
        (
            "b_u forgotten in n",
            "np.add(from_before[N], b_u_n, out=inner_t)",
            "inner_t[...] = from_before[N]",
        ),
        ("db_u without the reset", "d_m.sum(axis=0)", 'gradients["b"][N * size :]'),
        ("gates of the step swapped", "h_r, h_z, h_n = ", "h_z, h_r, h_n = "),
        ("U transposed backwards", "matmul(read_by_U, U, out", "matmul(read_by_U, U.transpose(0, 2, 1), out"),
        ("U_n transposed backwards", "np.matmul(d_n, U_n,", "np.matmul(d_n, U_n.T,"),
        ("sign of δz", "(h_before - n) * (z", "(n - h_before) * (z"),
        ("z for 1 - z in δn", "= (1 - z) * (1", "= z * (1"),
        ("1 - z for z on the way back", "slopes[4] = z", "slopes[4] = 1 - z"),
        ("reset forgotten", "slopes[0] = r", "slopes[0] = 1"),
        ("δr with h in both arrangements", "inner_now if after else tape.masked(h_before)", "h_before"),
        ("path through z lost", "np.add(tape.masked(dh), kept, out=dh)", "pass"),
        ("path through r * h lost", "np.add(kept, tape.masked(d_m), out=kept)", "pass"),
        ("what is carried on is masked", "np.subtract(h_before, n,", "np.subtract(read, n,"),
        (
            "dU_n from h, not r * h",
            "d_rzn[:, N * size :].T @ inner.reshape",
            "d_rzn[:, N * size :].T @ h[:-1].reshape",
        ),
        ("dU in another gate order", "@ h_before, -size,", "@ h_before, size,"),
        ("final state's gradient lost", "dh[ending[t]] += d_parts[0][ending[t]]", "pass"),
    ],
    "numpy/bidirectional": [
        ("gradients not reversed", "d_behind[backwards]", "d_behind"),
        ("dx not reversed", 'behind.pop("x")[backwards]', 'behind.pop("x")'),
        (
            "lengths ignored in reversing",
            "lengths[:, None] - 1 - steps",
            "0 * lengths[:, None] + time - 1 - steps",
        ),
        ("final state's gradient lost", "d_behind[backwards], d_after[1])", "d_behind[backwards])"),
        (
            "states swapped",
            '(ahead.pop("state"), behind.pop("state"))',
            '(behind.pop("state"), ahead.pop("state"))',
        ),
    ],
    "numpy/stacked": [
        ("states in another order", "d_before.insert(0, of_layer", "d_before.append(of_layer"),
        (
            "final states' gradients lost",
            "layer.backward(layer_tape, d_outputs, d_after)",
            "layer.backward(layer_tape, d_outputs)",
        ),
        ("initial state lost", "layer.forward(x, before, lengths,", "layer.forward(x, None, lengths,"),
        ("what the layer above did not read learns", "d_outputs = d_outputs * mask", "pass"),
    ],
    "numpy/layer": [
        ("db another column", "dw_and_db[:, -1])", "dw_and_db[:, 0])"),
        ("sign of dW and db", "dz.T @ tape.saved", "-dz.T @ tape.saved"),
        ("padding's gradients let in", "np.where(beyond[:, :, None], 0, steps)", "steps"),
        (
            "last valid step's gradient lost",
            "beyond = np.arange(tape.time)[:, None] > tape.last",
            "beyond = np.arange(tape.time)[:, None] >= tape.last",
        ),
        ("padding read", "rows[np.arange(time)[:, None] > tape.last] = 0", "pass"),
        (
            "final gradient a step early",
            "np.flatnonzero(tape.last == t)",
            "np.flatnonzero(tape.last == t + 1)",
        ),
        ("ended a step early", "np.flatnonzero(tape.last < t)", "np.flatnonzero(tape.last <= t)"),
        ("final state shared with the tape", "states[-1].copy()", "states[-1]"),
        ("dropout shrinks the mean", "/ ((1 - share) or 1)", "/ 1"),
        ("chunks leave out a step", "[(max(0, stop - steps), stop)", "[(max(0, stop - steps + 1), stop)"),
    ],
    "numpy/activations": [
        ("slope of tanh", "lambda a: 1 - a * a", "lambda a: 1 - a"),
        ("slope of relu at zero", "(a > 0)", "(a >= 0)"),
        ("slope of σ", "lambda a: a * (1 - a)", "lambda a: 1 - a"),
    ],
    "numpy/dense": [
        ("slope forgotten", "d_outputs * self.activation.derivative(y)", "d_outputs"),
        ("W transposed backwards", "d @ W", "d @ W.T if W.shape[0] == W.shape[1] else d @ W"),
        ("W not kept on the tape", 'self.params["W"].copy()', 'self.params["W"]'),
    ],
    "numpy/embedding": [
        (
            "a symbol's second gradient lost",
            "np.add.at(d_E, tape.reshape(-1), d_outputs.reshape(-1, size))",
            "d_E[tape.reshape(-1)] = d_outputs.reshape(-1, size)",
        ),
    ],
    "numpy/losses": [
        ("sign of the targets", "keepdims=True) - targets", "keepdims=True) + targets"),
        ("mean over masked places", "(d_logits / losses.size)", "(d_logits / targets[..., 0].size)"),
        ("factor 2 forgotten", "2 * difference", "difference"),
    ],
    "numpy/optimizers": [
        ("clip missing", "array *= max_norm / norm", "pass"),
        ("clip spoils dx", "if key not in NOT_WEIGHTS", "if array is not None"),
        ("clip array by array", "max_norm / norm", "max_norm / np.linalg.norm(array)"),
        ("momentum reversed", "v *= self.momentum", "v *= 1 - self.momentum"),
        ("decay reversed", "(1 - self.decay) * gradient", "self.decay * gradient"),
        ("decays whatever the rate", "1 - self.learning_rate * self.weight_d", "1 - self.weight_d"),
        (
            "gradients of no weight pass",
            "if of_layer and not layer.params.keys() & of_layer.keys():",
            "if False:",
        ),
        ("bias of m not corrected", "m_hat = m / (1 - self.beta1**self.steps)", "m_hat = m"),
        ("bias of v not corrected", "v_hat = v / (1 - self.beta2**self.steps)", "v_hat = v"),
    ],
    "numpy/scan": [
        ("h of the step itself in da", "np.concatenate([before[None], h[:-1]])", "h"),
        ("conjugate forgotten", "total * np.conj(h_before)", "total * h_before"),
        ("sweeps of 1, 2, 3", "offset *= 2", "offset += 1"),
        ("carry of the chunk itself", "carried[k] = before", "carried[k] = a[-1, k] * before + h[-1, k]"),
    ],
    "numpy/ctc": [
        (
            "a repeated symbol joined",
            "(places[2:] != BLANK) & (places[2:] != places[:-2])",
            "places[2:] != BLANK",
        ),
        ("the last symbol must be followed by a blank", "beta[-1, -2:] = 0", "beta[-1, -1:] = 0"),
        ("step t counted twice", "+ log_p[t + 1, places]", "+ log_p[t, places]"),
        (
            "a symbol's second place lost",
            "np.add.at(expected.T, with_blanks(target), gamma.T)",
            "expected.T[with_blanks(target)] = gamma.T",
        ),
    ],
    "numpy/lru": [
        ("sign of the angle's gradient", '"theta": (np.conj', '"theta": -(np.conj'),
        ("C not conjugated on the way back", "d_outputs @ np.conj(C)", "d_outputs @ C"),
    ],
    "numpy/min_gru": [("z for 1 - z in δn", "d_h * (1 - z)], axis=2", "d_h * z], axis=2")],
    "numpy/min_lstm": [("sign of δi", "-d_share * (1 - i)", "d_share * (1 - i)")],
    "numpy/slstm": [
        ("square of the normaliser forgotten", "o * c / n**2", "o * c / n"),
        ("stabiliser's gradient lost", "dc * f, dn * f, d_log_f", "dc * f, dn * f, 0 * d_log_f"),
    ],
    "numpy/selective_ssm": [
        ("path through Δ in the input lost", "+ d_driven * x)", ")"),
        ("skip's gradient lost in dx", 'd_driven * size + tape.saved["skip"] * d_outputs', "d_driven * size"),
    ],
    "torch/layer": [
        ("padding read", "x = torch.where(mask, x, 0)", "pass"),
        (
            "outputs beyond the length",
            "(outputs if mask is None else torch.where(mask, outputs, 0)), state",
            "outputs, state",
        ),
        ("state goes on after the end", "torch.where(mask, after, before)", "after"),
        ("ended a step early", "< lengths[:, None]).unsqueeze(-1)", "< lengths[:, None] - 1).unsqueeze(-1)"),
        (
            "dropout in evaluation",
            "not (self.training and self.spec.recurrent_dropout)",
            "not self.spec.recurrent_dropout",
        ),
        ("packed in another order", "outputs, lengths = outputs[x.sorted_indices], ", "lengths = "),
        (
            "projected without the bias",
            'functional.linear(x, weights["W"], weights.get("b"))',
            'functional.linear(x, weights["W"])',
        ),
    ],
    "torch/lstm": [
        ("i and f swapped", "z_i, z_f, z_g, z_o = torch.addmm", "z_f, z_i, z_g, z_o = torch.addmm"),
        ("peepholes of i and f swapped", "p_i, p_f, p_o = ", "p_f, p_i, p_o = "),
        ("shown without tanh", "torch.sigmoid(z_o) * torch.tanh(c)", "torch.sigmoid(z_o) * c"),
        ("c cut off from its past", "torch.addcmul(f * c, i, g)", "torch.addcmul(f * c.detach(), i, g)"),
    ],
    "torch/gru": [
        ("reset forgotten", "torch.addmm(x_n, r * read, U_n)", "torch.addmm(x_n, read, U_n)"),
    ],
    "torch/bidirectional": [
        ("padding reversed too", "lengths - 1 - steps", "x.shape[1] - 1 - steps"),
        ("outputs left reversed", "_from_the_end(behind, mask)], dim=2", "behind], dim=2"),
    ],
    "torch/scan": [
        ("h of the step itself in da", "torch.cat([before.unsqueeze(0), h[:-1]])", "h"),
        ("d_before of the second step", "a[0].conj() * total[0], None", "a[0].conj() * total[-1], None"),
    ],
    "torch/attention": [
        ("padding attended to", "scores = scores.masked_fill", "scores.masked_fill"),
        ("softmax over the batch", "torch.softmax(scores, dim=1)", "torch.softmax(scores, dim=0)"),
    ],
    "torch/ctc": [
        ("softmax over time", "log_softmax(dim=2)", "log_softmax(dim=1)"),
        (
            "each loss by its target's length",
            'reduction="none")\n    return losses.mean()',
            'reduction="mean")\n    return losses.mean()',
        ),
    ],
    "torch/training": [
        ("zero_grad forgotten", "optimizer.zero_grad()", "pass"),
        ("clip missing", "clip_grad_norm_(parameters, clip)", "clip_grad_norm_(parameters, 1e9)"),
        (
            "clip of a generator used up",
            "clip_grad_norm_(parameters, clip)",
            "clip_grad_norm_(iter([]), clip)",
        ),
        ("schedule not followed", 'group["lr"] = rate', "pass"),
        ("trains in evaluation mode", "model.train()", "pass"),
        ("dropout unseeded", "torch.manual_seed(seed)", "pass"),
        ("running statistics not put back", " | dict(model.named_buffers())", ""),
        (
            "validated with dropout",
            "        model.eval()\n        with torch.no_grad():",
            "        with torch.no_grad():",
        ),
        ("left in training mode", "    finally:\n        model.eval()", "    finally:\n        pass"),
        (
            "weights decay no more",
            "weight_decay=weight_decay, fused",
            "weight_decay=0.0, fused",
        ),
        ("the caller's random numbers moved", "with torch.random.fork_rng(devices=cuda):", "if True:"),
        (
            "dropout's random numbers not kept",
            'torch.set_rng_state(torch.from_numpy(arrays["rng/cpu"]))',
            "pass",
        ),
        ("a kept array shared with the weights", ".numpy().copy()", ".numpy()"),
    ],
    "tensorflow/layer": [
        ("dropout in evaluation", "if training and share:", "if share:"),
        ("outputs of skipped steps", "[zero_invalid(valid, values=output)]", "[output]"),
        (
            "ended a step early",
            "tf.sequence_mask(lengths,",
            "tf.sequence_mask(tf.convert_to_tensor(lengths) - 1,",
        ),
    ],
    "tensorflow/sweep": [
        ("state goes on after the end", "tf.where(valid, new, old)", "new"),
        ("outputs of skipped steps", "zero_invalid(*valid, values=tape[0])", "tape[0]"),
        ("δ of skipped steps", "zero_invalid(*valid, values=delta)", "delta"),
        (
            "skipped outputs that count",
            "zero_invalid(*valid, values=tf.transpose(d_outputs, (1, 0, 2)))",
            "tf.transpose(d_outputs, (1, 0, 2))",
        ),
        ("never backwards", "time - 1 - count if backwards else count", "count"),
        ("one graph for all layers", "key = (sweep, way,", "key = (way,"),
    ],
    "tensorflow/elman": [
        ("one f' for all", "ACTIVATIONS_BACK[self.activation]", 'ACTIVATIONS_BACK["tanh"]'),
    ],
    "tensorflow/lstm": [
        ("what f multiplied", "dc * before[1]", "dc * after[1]"),
        ("dc forgets", "dc = dc + TANH_BACK(tanh_c, dh * o)", "dc = TANH_BACK(tanh_c, dh * o)"),
        ("f and g swapped", "z_i, z_f, z_g, z_o = tf.split", "z_i, z_g, z_f, z_o = tf.split"),
        (
            "o sees c_{t-1}",
            "        c = f * c + i * g\n        if self.peephole:\n            z_o = z_o + p_o * c\n",
            "        if self.peephole:\n            z_o = z_o + p_o * c\n        c = f * c + i * g\n",
        ),
    ],
    "tensorflow/gru": [
        ("z and 1 - z swapped", "(1 - z) * n + z * h", "z * n + (1 - z) * h"),
        ("δ of m for that of n", "tf.concat([r_z, n], axis=2)", "tf.concat([r_z, m], axis=2)"),
        ("dU_n without the reset", "outer(n, r * read)", "outer(n, read)"),
        ("b_u forgotten", 'linear(read, U) + weights.get("b_u", 0)', "linear(read, U)"),
    ],
    "tensorflow/bidirectional": [
        (
            "outputs left reversed",
            "tf.concat([ahead, tf.reverse(behind, [1])], axis=-1)",
            "tf.concat([ahead, behind], axis=-1)",
        ),
    ],
    "tensorflow/scan": [
        ("conjugate forgotten", "total * _conj(h_before)", "total * h_before"),
        ("sweeps of 1, 2, 3", "return 2 * offset, *(", "return 1 + offset, *("),
    ],
    "tensorflow/training": [
        ("schedule not followed", "optimizer.learning_rate.assign(rate)", "pass"),
        ("unclipped gradients applied", "dense, _ = tf.clip_by", "_ = tf.clip_by"),
        ("trains in evaluation mode", "partial(model, training=True)", "partial(model, training=False)"),
        (
            "running statistics not put back",
            "_state(lambda: model.variables)",
            "_state(lambda: model.trainable_variables)",
        ),
        (
            "dropout unseeded",
            "variable.assign(np.random.default_rng([seed, 1, index])",
            "variable.assign(np.random.default_rng()",
        ),
    ],
    "batching": [
        ("mask one step too long", "np.arange(max_len) < ", "np.arange(max_len) <= "),
        (
            "last batch lost",
            "range(0, len(order), batch_size)]",
            "range(0, len(order) - batch_size + 1, batch_size)]",
        ),
        (
            "unseeded draw",
            "order = rng.permutation(len(lengths))",
            "order = np.random.permutation(len(lengths))",
        ),
        ("batches not shuffled again", "rng.permutation(len(batches))", "range(len(batches))"),
        ("rows left in bucket order", "result[np.concatenate(order)] = rows", "result[:] = rows"),
        ("last step cut off", "row[: len(array)] = array", "row[: len(array) - 1] = array[:-1]"),
        ("as long as allowed is too long", "if lengths.max() > max_len:", "if lengths.max() >= max_len:"),
        (
            "batches not cut behind their longest",
            "(x[i, : lengths[i].max()], lengths[i], *(",
            "(x[i], lengths[i], *(",
        ),
        (
            "extra arrays keep their order",
            "(array[i] for array in extra_arrays)",
            "(array[: len(i)] for array in extra_arrays)",
        ),
        ("all in one pool", "range(0, len(order), batch_size * pool)", "range(0, 1)"),
        (
            "features of the first alone looked at",
            "array.shape[1:] != arrays[0].shape[1:]",
            "array.ndim != arrays[0].ndim",
        ),
        (
            "another value behind the end",
            "_fill_value(value, dtype), dtype)",
            "_fill_value(0, dtype), dtype)",
        ),
        ("a value that does not fit is rounded", "bool(filled == given)", "True"),
    ],
    "training": [
        ("a tie goes to the earlier weights", "score >= self.best_score", "score > self.best_score"),
        ("last weights kept", "        model.set(best)\n    return history", "        return history"),
        (
            "one epoch too patient",
            "- self.best_epoch >= patience",
            "- self.best_epoch > patience",
        ),
        ("every batch counts the same", "np.average(losses, weights=sizes)", "np.average(losses)"),
        ("infinity passes", "if not math.isfinite(loss):", "if math.isnan(loss):"),
        (
            "a checkpoint whose folder is missing found out late",
            "path.is_dir() or not path.parent.is_dir()",
            "path.is_dir()",
        ),
        ("functions unchecked", "validation.check_function(name, function)", "pass"),
        ("unseeded batches", "rng = np.random.default_rng(seed)", "rng = np.random.default_rng()"),
        ("schedule ends a step late", "max(1, steps - 1 - top)", "max(1, steps - top)"),
        (
            "a gradient that is infinite passes",
            "not math.isfinite(gradient_norm)",
            "math.isnan(gradient_norm)",
        ),
        ("schedule begins anew in every epoch", "one_cycle(number, epochs", "one_cycle(len(losses), epochs"),
        ("schedule of one epoch", "epochs * len(epoch_batches)", "len(epoch_batches)"),
        ("a score that is no number is taken", "if math.isnan(value):", "if False:"),
        ("goes on with other random numbers", 'rng.bit_generator.state = metadata["rng"]', "pass"),
        ("goes on with an optimiser that remembers nothing", 'optimizer.set(parts["optimizer"])', "pass"),
        (
            "goes on with the last weights as the best",
            'parts["best"]\n\n\nclass',
            'parts["model"]\n\n\nclass',
        ),
        ("the file of another run is taken", 'if metadata["settings"].get(name) != value:', "if False:"),
        ("the file of another model is taken", "if expected != {name", "if not {name"),
        (
            "progress ends a training in a closed terminal",
            "except (OSError, ValueError):  # the terminal",
            "except OSError:  # the terminal",
        ),
    ],
    "tasks/decoding": [
        ("states do not follow their hypotheses", "state = tuple(part[rows] for part in state)", "pass"),
        (
            "the end not counted in the length",
            "total / length**length_penalty",
            "total / max(1, length - 1)**length_penalty",
        ),
        ("best hypothesis shifted by one", "prefix[-1] if prefix", "prefix[0] if prefix"),
        ("an ended row writes on", "ended |= tokens == END", "ended = tokens == END"),
        ("stops at the first that ends", "if len(best) == beam_width and", "if best and"),
        ("cut off a step late", "range(1, max_len + 1)", "range(1, max_len + 2)"),
        (
            "blanks dropped before merging",
            "groupby(path) if token != 0",
            "groupby(t for t in path if t != 0)",
        ),
        ("a symbol repeated without a blank", "in_blank if again else either", "either"),
        (
            "the best path in place of the sum",
            "float(np.logaddexp(sums[place], log))",
            "max(sums[place], log)",
        ),
        ("padding read", "ctc_collapse(path[:length])", "ctc_collapse(path)"),
        ("ranked by one of two sums", "-np.logaddexp(*item[1]))", "-item[1][0])"),
        (
            "what was cut off among what ended",
            "_best(finished or cut, beam_width)",
            "_best(finished + cut, beam_width)",
        ),
        (
            "cut off at another length",
            "float(total) / max_len**length_penalty",
            "float(total) / (max_len + 1)**length_penalty",
        ),
        (
            "ties to the last token",
            'np.argsort(-candidates, axis=None, kind="stable")[:beam_width]',
            'candidates.size - 1 - np.argsort(-candidates.ravel()[::-1], kind="stable")[:beam_width]',
        ),
        (
            "ties to the last token, greedily",
            "log_probabilities.argmax(axis=1)",
            "log_probabilities.shape[1] - 1 - log_probabilities[:, ::-1].argmax(axis=1)",
        ),
    ],
    "tasks/dtw": [
        (
            "the way across lost",
            "np.minimum(np.minimum(before[j + 1], row[j]), before[j])",
            "np.minimum(before[j + 1], row[j])",
        ),
        (
            "window one step narrower",
            "min(len(b), i + window + 1)):\n            cost",
            "min(len(b), i + window)):\n            cost",
        ),
        ("window one step narrower before", "max(0, i - window)", "max(0, i - window + 1)"),
        ("squares for distances", "np.sqrt(last[-1])", "last[-1]"),
        (
            "the last of two neighbours",
            "np.asarray(labels)[np.argmin(distances, axis=1)]",
            "np.asarray(labels)[::-1][np.argmin(distances[:, ::-1], axis=1)]",
        ),
        (
            "the first block alone",
            "range(0, result.size, BLOCK_SIZE)",
            "range(0, min(result.size, BLOCK_SIZE), BLOCK_SIZE)",
        ),
        ("the narrowest window refused", "if window < least:", "if window <= least:"),
    ],
    "tasks/metrics": [
        ("a true box hit twice", "iou[images[hit], :, choice[hit]] = -1.0", "pass"),
        ("boxes in no order", "order = np.argsort(-scores, kind=", "order = np.argsort(scores, kind="),
        ("precision at this recall alone", "np.maximum.accumulate(precision[::-1])[::-1]", "precision"),
        (
            "a replacement costs two",
            "before[place] + (symbol != other)",
            "before[place] + 2 * (symbol != other)",
        ),
        ("as much as asked is too little", ">= iou_threshold) &", "> iou_threshold) &"),
        ("an empty place hits", "(scores[images, box] > 0)", "(scores[images, box] >= 0)"),
        ("two sides below zero overlap", "sides.clip(min=0).prod(axis=-1)", "sides.prod(axis=-1)"),
        (
            "nothing through nothing",
            "np.maximum(areas[0] + areas[1] - intersection, 1e-12)",
            "(areas[0] + areas[1] - intersection)",
        ),
        (
            "unsigned corners wrap around",
            'boxes if boxes.dtype.kind == "f" else boxes.astype(float)',
            "boxes",
        ),
        ("the recall must be more", 'RECALLS, side="left"', 'RECALLS, side="right"'),
        ("empty places count", "order[scores[order] > 0]", "order"),
        ("no true box is no question", "if num_gt <= 0:", "if num_gt < 0:"),
        ("insertions for nothing", "before, row = row, [count]", "before, row = row, [0]"),
        (
            "what is empty takes part",
            "box_iou(pred_boxes, gt_boxes), -1.0)",
            "box_iou(pred_boxes, gt_boxes), 1.0)",
        ),
    ],
    "tasks/boxes": [
        (
            "column and row swapped",
            "maps[indices, channel, cell[0], cell[1]]",
            "maps[indices, channel, cell[1], cell[0]]",
        ),
        ("centre at the cell's corner", "(x - column - 0.5, y", "(x - column, y"),
        ("unsure boxes said again", "*= scores[first, t - 1] >= min_score", "*= scores[first, t - 1] >= 0"),
        ("a held score stays", "scores[now, t] = decay * scores", "scores[now, t] = scores"),
        (
            "a centre outside is lost in another cell",
            "np.clip(np.floor(c), 0, size - 1)",
            "np.clip(np.floor(c), 0, size - 2)",
        ),
        ("a bump wipes out its neighbour", "np.maximum(maps[indices, label], bump)", "bump"),
        ("empty places are boxes", "(boxes.classes, boxes.scores > 0)", "(boxes.classes, boxes.scores >= 0)"),
        ("boxes reach beyond the edge", "corners.clip(0, edge)", "corners"),
        ("sides below zero", "np.maximum(side, 0.1)", "side"),
        ("what was found is changed", "(f.copy() for f in (detections", "(f for f in (detections"),
        ("dark from the start, and yet found", "scores[dark[:, 0], 0] = 0", "pass"),
        ("as sure as asked is too unsure", "t - 1] >= min_score", "t - 1] > min_score"),
        ("the true boxes unweighted", "float(weights @ num_gt)", "float(num_gt.sum())"),
        ("empty places are true boxes", "(ground_truth.scores > 0) & (", "(ground_truth.scores >= 0) & ("),
        (
            "pictures drawn, not their sources",
            "np.unique(clusters, return_inverse=True)",
            "np.unique(np.arange(len(clusters)), return_inverse=True)",
        ),
        ("sums over classes for means", "float(np.mean(per_class))", "float(np.max(per_class))"),
    ],
    "tasks/checkpoint": [
        ("another kind taken", 'if metadata.get("kind") != kind:', "if False:"),
        (
            "sizes that no memory holds",
            "if isinstance(value, int | float) and not -1 <= value <= largest:",
            "if False:",
        ),
        ("a list of anything", "not all(isinstance(each, str) for each in value)", "False"),
    ],
    "tasks/sparsity": [
        ("sign not dropped", "np.abs(weights), axis=None", "weights, axis=None"),
        ("the end of the last row forgotten", "(rows + 1) * index_bytes", "rows * index_bytes"),
        (
            "as many kept as removed",
            "[: _num_removed(keep.size, sparsity)]",
            "[_num_removed(keep.size, sparsity) :]",
        ),
        ("a share rounded down", "return round(sparsity * size)", "return int(sparsity * size)"),
    ],
    "data/__init__": [
        ("checksum not compared", "!= self.sha256:", "is None:"),
        ("seed forgotten", 'f"{seed} {key}"', 'f"{key}"'),
        (
            "a share rounded down",
            "first = round(fractions[0] * len(order))",
            "first = int(fractions[0] * len(order))",
        ),
        (
            "one too many trains",
            "(place >= first) + (place >= second)",
            "(place > first) + (place >= second)",
        ),
        (
            "arrays as long as one another become one",
            "    array = np.empty(len(values), object)\n    array[:] = values\n",
            "    array = np.array(values, object)\n",
        ),
    ],
    "data/cache": [
        (
            "a damaged file read",
            "if _sha256(content) == self.sha256",
            "if len(content) >= 0",
        ),
        (
            "a derived file of another source trusted",
            'metadata == {"source": source,',
            "metadata == {**metadata,",
        ),
        ("a damaged derived file trusted", '"sha256": checksum(arrays)}:', '"sha256": metadata["sha256"]}:'),
        ("the types left out of a checksum", " {array.dtype.str}", ""),
        ("one archive stops the others", "failures.append(str(error))", "raise"),
        ("what the killed left stays", "    _sweep()\n", ""),
        ("the folder of a running process removed", ".st_mtime > DAY", ".st_mtime > -DAY"),
        (
            "the archive's checksum not compared",
            "_sha256(downloaded.read_bytes()) != archive.sha256",
            "False",
        ),
        ("the file's checksum not compared", "_sha256(content) != file.sha256", "False"),
        (
            "wheels for sources",
            '"--only-binary" if archive.kind == "wheel" else "--no-binary"',
            '"--only-binary"',
        ),
        (
            "files of folders below too",
            "if parent == self.member and",
            "if parent.startswith(self.member) and",
        ),
        (
            "a folder in the archive's own order",
            "for name in sorted(archive.namelist()):",
            "for name in archive.namelist():",
        ),
        ("the order of the arrays in a checksum", "in sorted(arrays.items()):", "in arrays.items():"),
    ],
    "data/copying": [
        ("the sign a step late", "lag - 1] = BEGIN", "lag] = BEGIN"),
        ("unseeded draw", "symbols = rng.integers", "symbols = np.random.default_rng().integers"),
    ],
    "data/adding": [
        (
            "both marks in one half",
            "rng.integers(seq_len // 2, seq_len, batch_size)",
            "rng.integers(0, seq_len, batch_size)",
        ),
    ],
    "data/splitting": [
        ("groups cut apart", "part_of[names[groups[row]]]", "part_of.get(names[row], 0)"),
        (
            "keys in other places tie",
            "for place_and_key in enumerate(keys)]",
            "for place_and_key in ((0, key) for key in keys)]",
        ),
        (
            "tied directly alone",
            "return first[number].tolist()",
            "return [min([j for k, j in ties if k == row]) for row in range(count)]",
        ),
        ("signs keep texts apart", "for sign in text.lower() if sign.isalnum()", "for sign in text.lower()"),
    ],
    "checks/agreement": [
        (
            "mean for the worst",
            "np.maximum(1, np.abs(expected))).max()",
            "np.maximum(1, np.abs(expected))).mean()",
        ),
        (
            "only the first array judged",
            "for row in self.rows if not row.differences[voice] <= self.tolerance",
            "for row in self.rows[:1] if not row.differences[voice] <= self.tolerance",
        ),
        ("NaN agrees", "if np.isfinite(worst) else math.inf", "if np.isfinite(worst) else 0.0"),
    ],
    "checks/gradients": [
        ("ε for 2ε", "/ width)", "/ step)"),
        ("relative to nothing", "difference / scale if scale > 0 else 0.0", "difference"),
        ("NaN passes", "if scale > 0 else 0.0, np.inf)", "if scale > 0 else 0.0, 0.0)"),
        ("final state pulls nothing", " + sum((final[name] * part).sum() for name, part in S.items())", ""),
        (
            "the same entries whatever the seed",
            "rng = np.random.default_rng(seed)\n    rows = []",
            "rng = np.random.default_rng(0)\n    rows = []",
        ),
    ],
    "numpy/training": [
        ("dropout unseeded", "np.random.default_rng([seed, 1])", "np.random.default_rng()"),
        ("the best weights shared with the last", "{name: weight.copy() for name", "{name: weight for name"),
        ("clip missing", "clip_by_global_norm(gradients, clip)", "clip_by_global_norm(gradients, 1e9)"),
        ("weights do not decay", ", weight_decay=weight_decay)\n    drop", ")\n    drop"),
        ("schedule not followed", "optimizer.learning_rate = rate", "pass"),
    ],
    "vocabulary": [
        ("as often as asked is too seldom", "if count >= min_freq", "if count > min_freq"),
        (
            "ties in the order of the texts",
            "key=lambda item: (-item[1], item[0])",
            "key=lambda item: -item[1]",
        ),
        ("reads on behind the end", "                break\n", "                continue\n"),
        ("padding is said", "if place not in (BEGIN, PADDING):", "if place != BEGIN:"),
        ("unknown is padding", "get(token, UNKNOWN)", "get(token, PADDING)"),
        ("not composed", '"NFC", INVISIBLE', '"NFD", INVISIBLE'),
        ("words in upper case", "text = normalize(text.lower())", "text = normalize(text)"),
        ("don't is three words", r"\w+(?:'\w+)*|", r"\w+|"),
        ("no marks but in English", "if text.isascii() else _words()", "if True else _words()"),
    ],
    "initializers": [
        ("some rotations favoured", "q *= np.sign(np.diagonal(r))", "pass"),
        ("one limit for all gates", "_rows(shape, blocks) + shape[1]", "shape[0] + shape[1]"),
        ("all gates alike", "return np.concatenate(drawn)", "return np.concatenate(drawn[:1] * blocks)"),
        (
            "bias of the input gate",
            "bias[hidden_size : 2 * hidden_size] = value",
            "bias[:hidden_size] = value",
        ),
        ("unseeded", "np.random.default_rng(rng).uniform", "np.random.default_rng().uniform"),
    ],
    "data/chorales": [
        ("other notes pass", "if checksum(table) != NOTES:", "if False:"),
        ("a tritone down, not up", "up if up < 6 else up - 12", "up if up <= 6 else up - 12"),
        ("one run of a melody left out", "len(intervals) - NGRAM + 1", "len(intervals) - NGRAM"),
        ("a repeated note is an interval", "intervals[intervals != 0]", "intervals"),
        ("all voices must sing a key", "== np.array(keys)).any(axis=1)", "== np.array(keys)).all(axis=1)"),
        (
            "frames with a rest left out",
            "frames[(frames != REST).any(axis=1)]",
            "frames[(frames != REST).all(axis=1)]",
        ),
        (
            "the share of the longer piece",
            "max(1, min(len(one), len(other)))",
            "max(1, max(len(one), len(other)))",
        ),
        (
            "an empty melody divides by zero",
            "/ max(1, min(len(one), len(other)))",
            "/ min(len(one), len(other))",
        ),
    ],
    "data/digits": [
        (
            "content not verified",
            'CARD.verify(content(raw), "scikit-learn", version("scikit-learn"))',
            "pass",
        ),
        ("labels left out of the checksum", " + raw.y.astype(np.uint8).tobytes()", ""),
        (
            "sorted by class",
            "DigitImages(raw.x[sorted(rows)] / 16, raw.y[sorted(rows)])",
            "DigitImages(raw.x[rows] / 16, raw.y[rows])",
        ),
    ],
    "data/names": [
        ("content not verified", 'card.verify(content(raw), "babel", version("babel"))', "pass"),
        ("Turkish capitals in Python's way", 'if language == "tr":', "if False:"),
        ("shared by three", "languages_with[text] > 1)", "languages_with[text] > 2)"),
        ("names of signs tie", "normalized_key(text) or concept", "normalized_key(text)"),
        ("concepts split apart", "split_of[group[concept]]", "split_of.get(concept, 0)"),
    ],
    "data/opinions": [
        ("who rated zero takes a side", "> 2 * np.std(ratings)", ">= 2 * np.std(ratings)"),
    ],
    "data/spoken_digits": [
        ("a pickle inside is opened", "allow_pickle=False", "allow_pickle=True"),
        ("silence divides by zero", "(x.std(axis=0) + 1e-3)", "x.std(axis=0)"),
    ],
    "tasks/text": [
        (
            "one word unknown refuses all",
            "(integers[1:-1] == UNKNOWN).all()",
            "(integers[1:-1] == UNKNOWN).any()",
        ),
        (
            "as long as allowed is too long",
            "if len(tokens) > self.max_len:",
            "if len(tokens) >= self.max_len:",
        ),
        (
            "beginnings without an end",
            "np.append(integers[: size + 1], integers[-1])",
            "integers[: size + 1]",
        ),
        ("the unlikeliest first", "np.argsort(-probabilities, kind", "np.argsort(probabilities, kind"),
    ],
    "tasks/translation": [
        ("attention of the token before", "y[None, :-1])[0, :-1]", "y[None, :-1])[0, 1:]"),
        (
            "references and translations swapped",
            "corpus_bleu(outputs, [truth]",
            "corpus_bleu(truth, [outputs]",
        ),
        (
            "references and translations swapped in chrF",
            "corpus_chrf(outputs, [truth])",
            "corpus_chrf(truth, [outputs])",
        ),
        (
            "translations left in bucket order",
            "translations[row] = detokenize",
            "translations[translations.index('')] = detokenize",
        ),
        ("unknown words taken", "if unseen and not allow_unk:", "if False:"),
        (
            "as long as allowed is too long",
            "if len(tokens) > self.max_len:",
            "if len(tokens) >= self.max_len:",
        ),
        (
            "not normalised before scoring",
            "[normalize(str(text)) for text in texts]",
            "[str(text) for text in texts]",
        ),
    ],
    "tasks/translation_baselines": [
        ("long texts share the most", "2 * shared / (self.sizes + features.total())", "shared"),
        ("a word in a text counts as often as there", "np.minimum(times, counts)", "counts"),
        ("shares that do not sum to one", "share /= np.bincount(position, share)[position]", "pass"),
        ("no word comes from none", "words = [0, *(", "words = [*("),
        ("the first pairs of the next word", "self.places[word] + 1]))", "self.places[word] + 2]))"),
    ],
    "tasks/music/metrics": [
        ("a rest is a pitch", "row[row != REST] % 12", "row % 12"),
        ("the same pitch crosses", "(np.diff(sung) > 0).any()", "(np.diff(sung) >= 0).any()"),
        ("silent voices cross", "sung = row[row != REST]", "sung = row"),
        ("a run goes on in the next piece", "(piece, separator)])", "(piece, separator[:0])])"),
        ("a frame between pieces equals silence", "REST - 1)", "REST)"),
        ("the last of equal runs", "if run[end] > best.length:", "if run[end] >= best.length:"),
        ("the piece after", 'side="right")) - 1', 'side="left")) - 1'),
        ("voices shuffled together", "rng.permuted(frames, axis=0)", "rng.permutation(frames, axis=0)"),
    ],
    "tasks/music/sampling": [
        ("a given rest is drawn", "given[:, time, voice] < 0, drawn", "given[:, time, voice] <= 0, drawn"),
        ("temperature the wrong way", "logs / temperature", "logs * temperature"),
        ("the unlikeliest of the samples", "nats.sum(axis=1).argmin()", "nats.sum(axis=1).argmax()"),
        ("no chance", "(logits + rng.gumbel(size=logits.shape))", "(logits)"),
        ("the highest pitch refused", "pitches.max() > MAX_PITCH", "pitches.max() >= MAX_PITCH"),
        (
            "the state a frame behind",
            "state = model.update_state(frame, state)",
            "state = model.update_state(symbols[:, max(0, time - 1)], state)",
        ),
        (
            "the mean over frames of one key for all",
            "rng.random(probabilities.shape)",
            "rng.random(probabilities.shape[:1] + (1,))",
        ),
    ],
    "tasks/music/score": [
        ("the beat forgotten", "roll[self.pickup % ticks :: ticks]", "roll[::ticks]"),
        ("notes side by side overlap", "if note.start < end or", "if note.start <= end and end or"),
        ("rests transposed", "np.where(frames == REST, REST, frames + semitones)", "frames + semitones"),
        (
            "a pickup as long as a bar",
            "if self.pickup >= self.beats * TICKS:",
            "if self.pickup > self.beats * TICKS:",
        ),
        ("bars of no whole quarter notes", "quarters.denominator > 1 or not quarters", "not quarters"),
    ],
    "tasks/music/midi": [
        ("the drums sing", "voice if voice < 9 else voice + 1", "voice"),
        ("a stroke without force sounds", "status >> 4 == 9 and data[1] > 0", "status >> 4 == 9"),
        ("notes that touch overlap", "if second.start < first.end:", "if second.start <= first.end:"),
        ("the highest key refused", "max(data) > 127", "max(data) > 126"),
        ("flats for sharps", "int.from_bytes(body[:1], signed=True)", "int.from_bytes(body[:1])"),
        ("time not counted from the last note's end", "now = start + length", "now = start"),
    ],
    "tasks/music/musicxml": [
        ("an octave too low", '12 * (_integer(pitch, "octave") + 1)', '12 * _integer(pitch, "octave")'),
        ("a bomb is unpacked", ".file_size > LARGEST", ".file_size < 0"),
        ("entities are expanded", 'if b"<!ENTITY" in', 'if b"<!NOTHING" in'),
        ("C major in flats", "FLATS if score.fifths < 0", "FLATS if score.fifths <= 0"),
        ("a transposing part as written", "pitch = self.up + _pitch", "pitch = _pitch"),
        ("time is not set back", "now -= self._duration(element)", "self._duration(element)"),
    ],
    "tasks/sound/length_regulator": [
        ("how much is left, over", "over, 1 - over, np", "over, over, np"),
        ("whole places for shares", "[place - index, over", "[place, over"),
    ],
    "tasks/sound/player": [
        ("silence divides by zero", "max(np.abs(samples).max(), 1e-9)", "np.abs(samples).max()"),
        ("words are markup", "html.escape(caption)", "caption"),
        ("the loudest is the highest", "np.abs(samples).max(), 1e-9", "samples.max(), 1e-9"),
        ("not a number passes", "or not np.isfinite(samples).all()", "or False"),
    ],
    "tasks/sound/synth": [
        ("high partials fold back", "< 0.45 * rate", "< 45 * rate"),
        ("beats of a minute and a half", "tick = 60 / bpm / TICKS", "tick = 90 / bpm / TICKS"),
        ("a click at the start", "np.clip(time / ATTACK, 0, 1) * ", ""),
        ("too loud for a file", "return samples / np.abs(samples).max()", "return samples"),
        (
            "another room every time",
            "np.random.default_rng(seed))\n    return samples /",
            "np.random.default_rng())\n    return samples /",
        ),
    ],
    "tasks/sound/vocoder": [
        ("loudness counts in the distance", "_checked(each)[:, 1:] / np.sqrt", "_checked(each) / np.sqrt"),
        (
            "silence has no logarithm",
            "np.maximum(power_spectrogram(samples) @ FILTERS, 1e-10)",
            "power_spectrogram(samples) @ FILTERS",
        ),
        (
            "the loudest of all time cut",
            "decibels.max() - DYNAMIC_RANGE",
            "decibels.max(axis=1, keepdims=True) - DYNAMIC_RANGE",
        ),
        ("the window not periodic", "np.hanning(WINDOW_LENGTH + 1)[:-1]", "np.hanning(WINDOW_LENGTH)"),
        ("zeros beyond the ends", 'mode="reflect")', 'mode="constant")'),
        ("the unevenness left in", "(_checked(mfccs) - _UNEVEN) @ COSINES", "_checked(mfccs) @ COSINES"),
        ("corrected the wrong way", "asked + wanted - mfcc", "asked - wanted + mfcc"),
        ("the pitch rises", "np.linspace(1, 7 / 8, time)", "np.linspace(7 / 8, 1, time)"),
        ("another noise every time", "np.random.default_rng(seed).normal", "np.random.default_rng().normal"),
    ],
    "course/exercises/values": [
        ("a shape that broadcasts is right", "return expected.shape == actual.shape and bool", "return bool"),
        (
            "a beginning is right",
            "return len(expected) == len(actual) and all(map(are_equal",
            "return all(map(are_equal",
        ),
        (
            "some of the keys are right",
            "        return expected.keys() == actual.keys() and all(",
            "        return all(",
        ),
        ("nan is not nan", "equal_nan=True", "equal_nan=False"),
        ("rough numbers are right", "RTOL, ATOL = 1e-6", "RTOL, ATOL = 1e-1"),
        ("tiny numbers are all alike", "1e-6, 1e-8", "1e-6, 1e-5"),
        ("whole numbers to a tolerance", 'if expected.dtype.kind in "biu" and actual', "if False and actual"),
        ("float32 as strict as float64", "return any(map(is_rough, value))", "return False"),
        (
            "an array is not a copy",
            "else np.array(value)\n    if value is None",
            "else value\n    if value is None",
        ),
        ("a gradient is no number", "value = value.detach().cpu()", "value = value.cpu()"),
        (
            "a set stands for a list",
            "if isinstance(expected, set):",
            "if isinstance(expected, set) or isinstance(actual, set):",
        ),
        ("a generator is read for ever", "islice(iter(value), MOST + 1)", "islice(iter(value), MOST)"),
        (
            "a stranger's == may raise",
            "    except Exception:  # whatever `==`",
            "    except ValueError:  # whatever `==`",
        ),
    ],
    "course/exercises/deadline": [
        ("whatever is caught is caught", "sys.settrace(raise_again)", "sys.settrace(None)"),
        ("no interrupt", "            worker.stop()\n            raise\n", "            worker.stop()\n"),
        (
            "an interrupted loop goes on",
            "except KeyboardInterrupt:\n            worker.stop()\n",
            "except KeyboardInterrupt:\n",
        ),
        ("somebody is asked", "printed, io.StringIO(), nobody_answers", "printed, io.StringIO(), input"),
        (
            "a notebook without its output",
            "sys.stdout, sys.stdin, builtins.input = before",
            "sys.stdin, builtins.input = before[1:]",
        ),
        ("everything printed is kept", "self.text += text[:MOST_PRINTED]", "self.text += text"),
        ("itertools stays ours", 'sys.modules["itertools"] = itertools\n', "pass\n"),
        ("memory without end", "if memory() - peak > MEMORY:", "if False:"),
    ],
    "course/exercises/outcome": [
        (
            "any exception is the right one",
            "self.raised is not None and isinstance(other.raised, type(self.raised))",
            "self.raised is not None and other.raised is not None",
        ),
        ("an argument may be written into", "return self.mutated == other.mutated and equal", "return equal"),
        (
            "any exception of a kind is the mistake",
            "str(self.raised) == str(other.raised) or (self",
            "True or (self",
        ),
        (
            "the interrupt of an answer is the kernel's",
            "except BaseException as error:",
            "except Exception as error:",
        ),
        ("nothing was there before", "        return deepcopy(value)\n", "        return value\n"),
        ("the outermost line", "*lines[-1])", "*lines[0])"),
    ],
    "course/exercises/exercise": [
        (
            "one right case is enough",
            "        if not failing:\n",
            "        if len(failing) < len(actual):\n",
        ),
        (
            "a mistake in one case is that mistake",
            "if not actual[i].is_repeated_by(call(function, self.cases()[i], self.view)):",
            "if False:",
        ),
        ("a guard for nearly all cases", "len(failing) >= max(2, guarded)", "failing"),
        ("no mistake behind a guard", "for degree in (ALWAYS, GUARDED):", "for degree in (ALWAYS,):"),
        ("two mistakes, and one is named", "if len(fitting) == 1 else None", "if fitting else None"),
        ("the largest failure shown", "self.failing = min(failing", "self.failing = max(failing"),
        ("the solution before an attempt", "if not self.attempted:", "if False:"),
        (
            "arguments used up by the case before",
            "        self.cases = cases\n",
            "        made = cases()\n        self.cases = lambda: made\n",
        ),
        ("one way of a mistake is enough", "known.functions.extend(answers)", "pass"),
        ("what is not solved counts", "sum(each.solved for", "sum(each.attempted for"),
    ],
    "course/exercises/repair": [
        (
            "a wrong change is named",
            "if changed is not None and is_right(changed):",
            "if changed is not None:",
        ),
        ("the notebook's own values", "names | deepcopy(own)", "dict(names)"),
        ("a change is not taken back", "                put(parent, field, i, old)\n", ""),
        ("brackets are never forgotten", "        yield from regrouped(node)\n", ""),
    ],
    "course/exercises/diagnosis": [
        ("one case is enough", "return all(a is not None and close", "return any(a is not None and close"),
        ("any number is a size", "if len({sizes[seen.index(i)] for i in wrong}) < 2:", "if False:"),
        ("one number is many", "ENOUGH = 3", "ENOUGH = 0"),
        ("an array stored again is early", "if max(different) > 1:", "if True:"),
        ("early for late", 'early."), slice(1, None), slice(-1))', 'early."), slice(-1), slice(1, None))'),
        ("large for small", "if offset > 0", "if offset < 0"),
        (
            "the inverse factor",
            "actual.flat[place] / expected.flat[place]",
            "expected.flat[place] / actual.flat[place]",
        ),
        ("a part with nothing to say is silent", "if said and all(said.values()):", "if said:"),
    ],
    "course/exercises/difference": [
        ("few digits for ever", "DIGITS = (4, 6, 9, 12, 17)", "DIGITS = (4,)"),
        ("a parting without its names", "names = parts or numbered", "names = numbered"),
    ],
    "course/exercises/trial": [
        (
            "a change that hangs is right",
            "return overrun is None and found == [True]",
            "return found != [False]",
        ),
        ("what is drawn is steady", "    return first.is_repeated_by(second)", "    return True"),
    ],
    "course/edition/units": [
        ("a year begins a list", 'words[0].isdigit() and before == "paragraph"', "False"),
        ("code is prose", 'if words.startswith("```"):', "if False:"),
        ("a unit is left out", "end = unit.end", "end = unit.end + 1"),
    ],
    "course/edition/documents": [
        ("a caption loses its signs", "html.escape(said)", "said"),
        ("a claim loses its English words", 'mark["in_english"] = before', "pass"),
    ],
    "course/edition/catalogues": [
        ("what is fuzzy is used", "if entry.string and not entry.fuzzy}", "if entry.string}"),
        ("a changed sentence is new", 'entry.flags.add("fuzzy")', 'entry.string = ""'),
        ("what is filled in stays fuzzy", 'known[text].flags.discard("fuzzy")', "pass"),
    ],
    "course/edition/writing": [
        ("an English copy becomes Chinese", "spoken.of_folder(folder) != language:", "False:"),
    ],
    "course/language": [
        ("the folder goes before the variable", "os.environ.get(VARIABLE) or of_folder", "of_folder"),
        ("a sentence keeps its fields", "said.format(**fields) if fields else said", "said"),
    ],
    "course/claims": [
        ("two verdicts on one claim", "if mark.verdict != other.verdict:", "if False:"),
        ("any verdict", 'if mark.get("verdict") not in VERDICTS:', "if False:"),
        ("the first heading, not the nearest", "above[0], above[-1]", "above[0], above[0]"),
        ("rows that the cell does not show", "if absent:", "if False:"),
        (
            "a heading in a block of code",
            '_FENCE.sub("", "".join(cell["source"]))',
            '"".join(cell["source"])',
        ),
        ("links not quoted", "{quote(anchor(heading), safe=':,?')}", "{anchor(heading)}"),
    ],
    "course/figures": [
        ("zero is not the middle", "vmin=-limit, vmax=limit", "vmin=matrix.min(), vmax=limit"),
        (
            "shares of the column",
            "np.maximum(counts.sum(axis=1, keepdims=True), 1)",
            "np.maximum(counts.sum(axis=0, keepdims=True), 1)",
        ),
        (
            "a class without examples divides by zero",
            "np.maximum(counts.sum(axis=1, keepdims=True), 1)",
            "counts.sum(axis=1, keepdims=True)",
        ),
        (
            "the dot an epoch early",
            "score_ax.plot(history.best_epoch + 1,",
            "score_ax.plot(history.best_epoch,",
        ),
        ("shown twice", "    plt.close(fig)  # or", "    pass  # or"),
        ("labels in another order", "moved[order] = pooled", "moved[:] = pooled"),
        ("grey above white wraps around", "(255 * frames.clip(0, 1)).round()", "(255 * frames).round()"),
        ("a text that is markup", "html.escape(alt)", "alt"),
    ],
    "course/experiments/_command": [
        (
            "the first seed alone",
            "runs[key], before = experiment.run(seed), 0",
            "runs[key], before = experiment.run(experiment.SEEDS[0]), 0",
        ),
    ],
    "course/experiments/_train": [
        ("every seed the same weights", "rng=np.random.default_rng(seed))", "rng=np.random.default_rng(0))"),
        ("a loss with dropout", "with evaluating(model), torch.no_grad():", "with torch.no_grad():"),
    ],
    "course/experiments/languages": [
        (
            "a vocabulary of all names",
            "seed=seed)\n    vocabulary = Vocabulary.of(data.train.texts)",
            "seed=seed)\n    vocabulary = "
            "Vocabulary.of([*data.train.texts, *data.validation.texts, *data.test.texts])",
        ),
        (
            "chosen on the test",
            "accuracy(predict_proba(classifier, data.validation.texts), data.validation.languages)",
            "accuracy(predict_proba(classifier, data.test.texts), data.test.languages)",
        ),
        (
            "tested on validation",
            "test, known = data.test, has_training_word(data.test, data.train)",
            "test, known = data.validation, has_training_word(data.validation, data.train)",
        ),
        (
            "words of the test are known",
            "has_training_word(data.test, data.train)",
            "has_training_word(data.test, data.test)",
        ),
        (
            "trained on the test",
            "texts, languages = data.train.texts[indices], data.train.languages[indices]",
            "texts, languages = data.test.texts[indices % len(data.test.texts)], "
            "data.test.languages[indices % len(data.test.texts)]",
        ),
        (
            "a word in any language is known",
            "{(word, language) for word in text.split()}",
            "{(word, 0) for word in text.split()}",
        ),
        ("shared names kept", "array[~part.shared]", "array[part.shared | ~part.shared]"),
        ("beginnings without letters", "rng.integers(1, len(text) + 1)", "rng.integers(0, len(text) + 1)"),
    ],
    "course/experiments/sentiment": [
        (
            "a vocabulary of all texts",
            "Vocabulary.of(map(word_tokenize, data.train.texts), min",
            "Vocabulary.of(map(word_tokenize, [*data.train.texts, "
            "*data.validation.texts, *data.test.texts]), min",
        ),
        (
            "chosen on the test",
            "lambda _: accuracy(classifier, data.validation)",
            "lambda _: accuracy(classifier, data.test)",
        ),
        (
            "tested on validation",
            '"test": accuracy(classifier, data.test)',
            '"test": accuracy(classifier, data.validation)',
        ),
        (
            "sides swapped",
            "_train.predict_proba(classifier, texts)[:, 1]",
            "_train.predict_proba(classifier, texts)[:, 0]",
        ),
        ("who rated zero is against", "+ np.mean(ratings == 0) / 2 for", "for"),
    ],
    "course/experiments/sentiment_search": [
        (
            "chosen on the test",
            "(margins(data.validation.texts) > 0) == data.validation.positive",
            "(margins(data.test.texts) > 0) == data.test.positive",
        ),
        (
            "trained on validation",
            "sentiment.linear(data.train, ngram",
            "sentiment.linear(data.validation, ngram",
        ),
    ],
    "course/experiments/detection": [
        ("validated on test clips", 'self.clips("validation", 80', 'self.clips("test", 80'),
        ("trained on test clips", 'task.clips("train", 2400', 'task.clips("test", 2400'),
        ("tested on training clips", 'self.clips("test", 200', 'self.clips("train", 200'),
        (
            "a threshold chosen on the test",
            "    clips = task.validation()\n    boxes",
            "    clips = task.test()\n    boxes",
        ),
        ("the largest value", "max(values, key=score)", "max(values)"),
        (
            "the first frame in place of the last",
            "result[name][:, -1:] = start[name]",
            "result[name][:, :1] = start[name]",
        ),
        (
            "a frame that is lit was lit a frame ago",
            "steps - np.maximum.accumulate(np.where(dark, 0, steps), axis=1)",
            "steps - np.maximum.accumulate(np.where(dark, 0, steps - 1), axis=1)",
        ),
    ],
    "course/experiments/pruning": [
        (
            "chosen on the test",
            "languages.predict_proba(classifier, data.validation.texts)\n    return languages."
            "accuracy(probabilities, data.validation.languages)",
            "languages.predict_proba(classifier, data.test.texts)\n"
            "    return languages.accuracy(probabilities, data.test.languages)",
        ),
        (
            "retrained on the test",
            "for text in data.train.texts])\n    batches = make_batches(x, lengths, data.train.languages",
            "for text in data.test.texts])\n    batches = make_batches(x, lengths, data.test.languages",
        ),
        (
            "the mask is not held",
            "        prune(classifier, mask)  # the optimizer's",
            "        pass  # the optimizer's",
        ),
        ("units for weights", "hidden_size * np.sqrt(1 - sparsity)", "hidden_size * (1 - sparsity)"),
    ],
    "course/experiments/actions": [
        (
            "scaled by all the sets",
            "mean, deviation = train.mean(axis=places), train.std(axis=places) + 1e-6",
            "every = np.concatenate([train, *others])\n"
            "    mean, deviation = every.mean(axis=places), every.std(axis=places) + 1e-6",
        ),
        (
            "chosen on the tested people",
            "model, _ = train(x, y, (x_validation, y_validation), WINDOW_SETTINGS",
            "model, _ = train(x, y, (x_test, y_test), WINDOW_SETTINGS",
        ),
        (
            "the forest sees the test",
            "classifier.fit(view(parts[0].x), y)",
            "classifier.fit(view(parts[2].x), y_test)",
        ),
        (
            "streams tested on validation",
            "(x, y, _), (*validation, _), test = load_streams",
            "(x, y, _), (*test, _), validation = load_streams",
        ),
        (
            "a public set tested on training",
            'movements.read(name, "TRAIN"), movements.read(name, "TEST")',
            'movements.read(name, "TRAIN"), movements.read(name, "TRAIN")',
        ),
        ("constant features divide by zero", "train.std(axis=places) + 1e-6", "train.std(axis=places)"),
        ("windows see what comes", "((0, 0), (steps - 1, 0), (0, 0))", "((0, 0), (0, steps - 1), (0, 0))"),
    ],
    "course/experiments/arrow_of_time": [
        (
            "chosen on the test",
            "train(name, data.train.x, data.validation.x, seed)",
            "train(name, data.train.x, data.test.x, seed)",
        ),
        (
            "controls tested on validation",
            'test = per_clip_accuracy(model, "frames as channels", test_x).mean()',
            'test = per_clip_accuracy(model, "frames as channels", validation_x).mean()',
        ),
        (
            "controls trained on test frames",
            "parts = (a, 0, fish.TRAIN_UNTIL, 800)",
            "parts = (b, 0, fish.TRAIN_UNTIL, 800)",
        ),
    ],
    "course/experiments/arrow_by_frame": [
        (
            "chosen on the test",
            "forwards.validation.x, backwards.validation.x[:, ::-1]",
            "forwards.test.x, backwards.test.x[:, ::-1]",
        ),
        (
            "trained on the test",
            "_arrow.make_batches(forwards.train.x, backwards.train.x[:, ::-1], view)",
            "_arrow.make_batches(forwards.test.x, backwards.test.x[:, ::-1], view)",
        ),
        (
            "backwards is forwards",
            "_arrow.make_batches(forwards.train.x, backwards.train.x[:, ::-1], view)",
            "_arrow.make_batches(forwards.train.x, backwards.train.x, view)",
        ),
        (
            "tested on validation",
            "(ways[0].test.x, ways[1].test.x[:, ::-1]), ways[0].test.track",
            "(ways[0].validation.x, ways[1].validation.x[:, ::-1]), ways[0].validation.track",
        ),
        ("votes are not added", "scores.cumsum(dim=1)", "scores"),
    ],
    "course/experiments/chorales": [
        (
            "the test in the refit",
            "concat(data.train, data.validation) if refit",
            "concat(data.train, data.test) if refit",
        ),
        (
            "chosen on the test",
            "None if refit else VIEWS[view](data.validation)",
            "None if refit else VIEWS[view](data.test)",
        ),
        (
            "tested on validation",
            "{view: encode(data.test) for view",
            "{view: encode(data.validation) for view",
        ),
        (
            "baselines counted on the test",
            "for part in (data.train, data.test)]",
            "for part in (data.test, data.test)]",
        ),
        ("nats of a key alone", ".sum(axis=1).mean())", ".mean())"),
    ],
    "course/experiments/spoken_digits": [
        (
            "chosen on the test",
            "make_test_strings(data.validation), make_test_strings(data.test)",
            "make_test_strings(data.test), make_test_strings(data.test)",
        ),
        (
            "a fifth trained on that is tested",
            "(fifth != part, fifth == part)",
            "(fifth >= 0, fifth == part)",
        ),
        (
            "strangers in the training",
            "concat(data.train, data.validation), make",
            "concat(data.train, data.validation, data.test), make",
        ),
        (
            "blanks counted on the test",
            "validation = make_test_strings(data.validation, times=1)",
            "validation = make_test_strings(data.test, times=1)",
        ),
        (
            "errors of each string's own length",
            "sum(map(edit_distance, predictions, truth)) / sum(map(len, truth))",
            "sum(map(edit_distance, predictions, truth)) / sum(map(len, predictions))",
        ),
    ],
    "course/experiments/pronunciation": [
        (
            "trained on validation",
            "train(task, data.train, data.validation, seed=seed)",
            "train(task, data.validation, data.validation, seed=seed)",
        ),
        (
            "tested on training",
            "predict(model, data.test.words)\n        result",
            "predict(model, data.train.words)\n        result",
        ),
        (
            "chosen on training",
            "-error_rates(predict(model, validation.words), validation)[0]",
            "-error_rates(predict(model, train.words), train)[0]",
        ),
        ("the mean of the words' rates", "float(wrong.sum() / count.sum())", "float(np.mean(wrong / count))"),
        ("related to itself in the test", "for word in data.train.words}", "for word in words}"),
    ],
    "course/experiments/translation": [
        (
            "a vocabulary of the test",
            'texts(data.train, "english"), texts(data.train, language)\n    source',
            'texts(data.test, "english"), texts(data.test, language)\n    source',
        ),
        (
            "chosen on the test",
            "evaluate(translator, data.validation, language)[1]",
            "evaluate(translator, data.test, language)[1]",
        ),
        (
            "strings tested on validation",
            "translations, scores = evaluate(translator, data.test, language)\n    result",
            "translations, scores = evaluate(translator, data.validation, language)\n    result",
        ),
    ],
    "course/experiments/voices": [
        (
            "unseen pairs heard in training",
            "(select(part, ~left_out(part)) for part in parts)",
            "(part for part in parts)",
        ),
        (
            "scaled by the unseen too",
            "np.concatenate(list(self.train.x))",
            "np.concatenate(list(self.whole.x))",
        ),
        (
            "trained on the test",
            "data.batch(data.train, indices) for indices",
            "data.batch(data.seen, indices % len(data.seen.x)) for indices",
        ),
        (
            "chosen on the test",
            "data.batch(data.validation, np.arange(len(data.validation.x)))",
            "data.batch(data.seen, np.arange(len(data.seen.x)))",
        ),
        (
            "means of the test",
            "        part = data.train\n        equal",
            "        part = data.whole\n        equal",
        ),
        (
            "probes learned on what they hear",
            "ProbeClassifiers(data.everything.train), data.everything.test",
            "ProbeClassifiers(data.everything.test), data.everything.test",
        ),
    ],
    "course/experiments/copies": [
        (
            "C chosen on the test",
            "vectorizer.transform(validation.texts)\n"
            "    scores = [float(model.score(x, validation.positive))",
            "vectorizer.transform(test.texts)\n    scores = [float(model.score(x, test.positive))",
        ),
        ("copies of validation", "known = set(train.texts)", "known = set(validation.texts)"),
    ],
    "course/experiments/linear_recurrences": [
        (
            "chosen on the test",
            "lambda model: accuracy(model, data.validation)",
            "lambda model: accuracy(model, data.test)",
        ),
        ("tested on training", '"test": accuracy(model, data.test)', '"test": accuracy(model, data.train)'),
        ("C chosen on the test", "model.score(*flat(data.validation))", "model.score(*flat(data.test))"),
    ],
    "course/experiments/parity": [
        (
            "validated on what is trained on",
            "np.random.default_rng([seed, 2]), 256",
            "np.random.default_rng([seed, 1]), 256",
        ),
        ("solved on the average", ".min() == 1:", ".mean() > 0.5:"),
        (
            "tested on training's numbers",
            "np.random.default_rng([seed, 3]), 256",
            "np.random.default_rng([seed, 1]), 256",
        ),
    ],
    "course/experiments/_reach": [
        (
            "held out of nothing",
            "x, y = draw(rng, BATCH_SIZE)",
            "x, y = (part[:BATCH_SIZE] for part in held_out)",
        ),
        (
            "tested on what was kept aside",
            "relative_loss(model, draw(rng, 1000), loss, baseline)",
            "relative_loss(model, held_out, loss, baseline)",
        ),
        ("climbs on", 'if not rungs[-1]["solved"]:', "if False:"),
    ],
    "course/experiments/_arrow": [
        (
            "labels swapped",
            "np.where(y[:, None, None, None] == 1, backwards[indices], forwards[indices])",
            "np.where(y[:, None, None, None] == 0, backwards[indices], forwards[indices])",
        ),
        (
            "one way judged",
            "((answer(forwards) == 0) * 1.0 + (answer(backwards) == 1)) / 2",
            "(answer(forwards) == 0) * 1.0",
        ),
    ],
    "weights/canonical": [
        ("one bias of two", "first + second if second.any() else first.copy()", "first.copy()"),
        ("sorts as text", "[str(index) for index in range(len(by_layer))]", "sorted(by_layer)"),
        ("a second bias changes nothing", '"b_u" in params if use_bias else reset_after', "reset_after"),
        ("dtypes may be mixed", "if len(dtypes) > 1:", "if len(dtypes) > 2:"),
    ],
    "weights/files": [
        ("written over", "if path.exists():", "if False:"),
        (
            "a pickle inside is opened",
            "np.load(content, allow_pickle=False)",
            "np.load(content, allow_pickle=True)",
        ),
        (
            "objects are pickled",
            "np.savez_compressed(buffer, allow_pickle=False, **named)",
            "np.savez_compressed(buffer, **named)",
        ),
        ("a link is replaced by a file", "target = path.resolve()", "target = path"),
        (
            "the metadata among the arrays",
            "for name in file.files if name != METADATA",
            "for name in file.files",
        ),
    ],
    "weights/torch": [
        ("a view of the library's weights", "tensor.cpu().numpy().copy()", "tensor.cpu().numpy()"),
        (
            "biases swapped",
            '"bias_ih": weights["b"], "bias_hh": inner_bias',
            '"bias_ih": inner_bias, "bias_hh": weights["b"]',
        ),
        ("a projection passed over", "if module.proj_size:", "if False:"),
    ],
    "weights/onnx": [
        (
            "another activation passed over",
            "if have and have != directions",
            "if False and have != directions",
        ),
    ],
}
# More of the wings' layers and models, and of their door: by file, and by the test that should notice.
OF_THE_WINGS = {
    "numpy/layer": {
        "numpy/test_options.py::test_each_sequence_is_a_network_that_has_lost_columns_of_U": [
            (
                "one mask for all sequences",
                "(rng.random(shape) >= share)",
                "(rng.random((1, *shape[1:])) >= share)",
            ),
        ],
        "numpy/test_options.py::test_one_seed_gives_one_result_and_the_next_call_another": [
            ("dropout drawn from the global generator", "rng.random(shape)", "np.random.random(shape)"),
        ],
        "numpy/test_options.py::test_what_is_read_keeps_its_mean": [
            ("a mask in double precision", "((1 - share) or 1)).astype(dtype)", "((1 - share) or 1))"),
        ],
        "numpy/test_linear.py::TestLinear::test_float32_stays_float32_and_close": [
            (
                "a state of zeros in double precision",
                "np.zeros((batch, width), self.dtype)",
                "np.zeros((batch, width))",
            ),
        ],
        "numpy/test_gru.py::TestGRU::test_outputs_are_read_only": [
            ("outputs may be written to", "outputs.flags.writeable = False", "pass"),
        ],
        "test_validation.py::test_states": [
            (
                "a state unchecked",
                "validation.check_state(state, self.spec.state, batch, validation.dtype_of(self))\n",
                "pass\n",
            ),
        ],
        "numpy/test_layer.py::test_gradients_that_do_not_fit_are_refused": [
            (
                "gradients of another dtype",
                'validation.check_float("d_outputs", d_outputs, validation.dtype_of(self))',
                "pass",
            ),
        ],
        "numpy/test_linear.py::TestLinear::test_going_on_from_the_returned_state_equals_one_pass": [
            (
                "the caller's gradients changed",
                "d_h = d_steps.astype(np.result_type(d_steps, d_final))",
                "d_h = np.asarray(d_steps, np.result_type(d_steps, d_final))",
            ),
        ],
        "numpy/test_linear.py::TestLinear::test_forward_equals_the_plain_loop": [
            (
                "the last valid step that of the longest",
                "states[tape.last, np.arange(tape.batch)]",
                "states[tape.last.max(), np.arange(tape.batch)]",
            ),
        ],
        "numpy/test_linear.py::TestLinear::test_tape_outlives_another_pass_and_new_weights": [
            ("a state before shared with the caller", '"before": before.copy()', '"before": before'),
        ],
        "test_linear.py::test_arguments_are_refused_in_the_same_words": [
            ("any method taken", 'validation.check_choice("method", method, METHODS)', "pass"),
        ],
    },
    "numpy/lru": {
        "numpy/test_linear.py::TestLinear::test_tape_outlives_another_pass_and_new_weights": [
            ("inputs shared with the caller", '{"x": x.copy(),', '{"x": x,'),
            ("weights not kept on the tape", "{name: p[name].copy() for", "{name: p[name] for"),
        ],
        "numpy/test_linear.py::TestLinear::test_forward_equals_the_plain_loop": [
            ("turned the other way", '+ 1j * np.exp(p["theta"]))', '- 1j * np.exp(p["theta"]))'),
        ],
        "numpy/test_linear.py::TestLinear::test_padding_is_never_read": [
            ("padding read", "self._zero_padding(x.transpose(1, 0, 2), tape)", "x.transpose(1, 0, 2)"),
        ],
        "numpy/test_linear.py::TestLinear::test_gradients": [
            ("the path past the state lost in dx", ' + d_outputs @ tape.saved["D"]', ""),
        ],
    },
    "numpy/selective_ssm": {
        "test_linear.py::test_a_large_step_of_a_selective_ssm_does_not_overflow": [
            ("softplus overflows", "np.logaddexp(before_softplus, 0)", "np.log1p(np.exp(before_softplus))"),
        ],
        "numpy/test_linear.py::TestLinear::test_padding_is_never_read": [
            ("padding read", "self._zero_padding(x.transpose(1, 0, 2), tape)", "x.transpose(1, 0, 2)"),
        ],
        "numpy/test_linear.py::TestLinear::test_tape_outlives_another_pass_and_new_weights": [
            (
                "weights not kept on the tape",
                "{name: array.copy() for name, array in self.params.items()}",
                "dict(self.params)",
            ),
        ],
    },
    "numpy/slstm": {
        "numpy/test_linear.py::TestLinear::test_tape_outlives_another_pass_and_new_weights": [
            ("a state before shared with the caller", "tuple(part.copy() for part in parts)", "tuple(parts)"),
            ("U not kept on the tape", 'self.params["U"].copy()', 'self.params["U"]'),
        ],
        "test_linear.py::test_the_stabiliser_does_what_it_is_for": [
            ("an empty memory has a scale", "(n.real != 0) & ", ""),
            (
                "an empty memory overflows",
                "np.exp(np.where(exponent.real > 0, 0, exponent))",
                "np.exp(exponent)",
            ),
        ],
        "test_linear.py::test_the_stabiliser_at_its_limits": [
            (
                "log σ overflows",
                "np.where(f.real < 0, f, 0) - np.log1p(np.exp(np.where(f.real < 0, f, -f)))",
                "-np.log1p(np.exp(-f))",
            ),
        ],
    },
    "numpy/min_gru": {
        "numpy/test_linear.py::TestLinear::test_tape_outlives_another_pass_and_new_weights": [
            ("W not kept on the tape", 'self.params["W"].copy()', 'self.params["W"]'),
        ],
        "numpy/test_linear.py::TestLinear::test_forward_equals_the_plain_loop": [
            (
                "gates swapped",
                "z, n = sigmoid(gates[:, :, 0]), gates",
                "n, z = sigmoid(gates[:, :, 0]), gates",
            ),
        ],
    },
    "numpy/min_lstm": {
        "numpy/test_linear.py::TestLinear::test_tape_outlives_another_pass_and_new_weights": [
            ("W not kept on the tape", 'self.params["W"].copy()', 'self.params["W"]'),
        ],
        "numpy/test_linear.py::TestLinear::test_forward_equals_the_plain_loop": [
            ("share of what is written not made one", "(1 - k) * n, parts", "i * n, parts"),
        ],
        "test_linear.py::test_a_min_lstm_whose_gates_are_both_closed[float32-numpy]": [
            ("0/0 of closed gates", "both.real < np.sqrt(", "both.real < 0 * np.sqrt("),
            ("a quotient without digits taken", "both.real < np.sqrt(np", "both.real < (np"),
        ],
    },
    "torch/min_lstm": {
        "test_linear.py::test_a_min_lstm_whose_gates_are_both_closed[float32-torch]": [
            ("0/0 of closed gates", ".clamp(min=0)", ".clamp(min=0) * 0"),
            ("raised by too much", "(lowest - torch.maximum", "(lowest + 10 - torch.maximum"),
        ],
    },
    "tensorflow/min_lstm": {
        "test_linear.py::test_a_min_lstm_whose_gates_are_both_closed[float32-tensorflow]": [
            ("0/0 of closed gates", "tf.nn.relu(lowest", "0 * tf.nn.relu(lowest"),
            ("raised by too much", "(lowest - tf.stop", "(lowest + 10 - tf.stop"),
        ],
    },
    "numpy/scan": {
        "test_linear.py::test_every_order_gives_what_the_definition_gives": [
            ("a changed in place", "a, h = a.copy(), b.astype", "a, h = a, b.astype"),
        ],
        "numpy/test_linear.py::TestLinear::test_gradients": [
            ("conjugate of the first step forgotten", "np.conj(a[0]) * total[0]", "a[0] * total[0]"),
        ],
        "test_linear.py::test_a_scan_refuses_what_does_not_fit": [
            ("any state before taken", 'validation.check_shape("before", before, a.shape[1:])', "pass"),
        ],
    },
    "numpy/ctc": {
        "test_ctc.py::test_it_is_the_sum_over_all_paths": [
            (
                "a path must begin with a blank",
                "alpha[0, :2] = log_p[0, places[:2]]",
                "alpha[0, :1] = log_p[0, :1]",
            ),
        ],
        "test_ctc.py::test_sums_are_taken_in_double_precision": [
            ("sums in float32", "logits[row, :steps].astype(float)", "logits[row, :steps]"),
        ],
        "test_ctc.py::test_the_gradient_is_the_slope": [
            ("gradient divided by the steps", "- expected) / len(logits)", "- expected) / steps"),
        ],
    },
    "numpy/losses": {
        "numpy/test_losses.py::test_softmax_neither_overflows_nor_underflows_to_nan": [
            (
                "log softmax without its shift",
                "shifted = logits - logits.max(axis=-1, keepdims=True)",
                "shifted = logits",
            ),
        ],
        "numpy/test_losses.py::test_what_is_masked_is_never_read": [
            (
                "NaN let through where masked",
                "np.where(counted[..., None], predictions - targets, 0)",
                "(predictions - targets) * counted[..., None]",
            ),
        ],
        "test_doors.py::test_softmax_of_unsigned_integers": [
            ("unsigned scores wrap around", 'if logits.dtype.kind != "f":', "if False:"),
        ],
    },
    "numpy/bidirectional": {
        "numpy/test_options.py::test_a_stack_hands_the_generator_on_and_evaluates_without": [
            ("dropout ahead alone", "before[1], lengths, rng=rng", "before[1], lengths"),
        ],
        "test_doors.py::test_lengths_of_any_width": [
            (
                "unsigned lengths not widened",
                "np.asarray(lengths).astype(np.int64)\n    steps",
                "np.asarray(lengths)\n    steps",
            ),
        ],
    },
    "numpy/stacked": {
        "numpy/test_options.py::test_what_goes_up_is_masked_and_nothing_else": [
            ("the input dropped too", ", rng, self.dtype) if tapes else None", ", rng, self.dtype)"),
        ],
        "numpy/test_options.py::test_a_stack_hands_the_generator_on_and_evaluates_without": [
            (
                "dropout inside the layers lost",
                "layer.forward(x, before, lengths, rng=rng)",
                "layer.forward(x, before, lengths)",
            ),
        ],
    },
    "numpy/weights": {
        "test_doors.py::test_numpy_weights_that_are_shared": [
            ("half of the weights written", "self._assign(before)\n", "pass\n"),
        ],
        "test_named_variables.py::TestOneWay::test_weights_are_copied_in": [
            (
                "the caller's arrays train",
                "np.array(params[name], self.dtype)",
                "np.asarray(params[name], self.dtype)",
            ),
        ],
    },
    "numpy/state_gradients": {
        "numpy/test_state_gradients.py::test_agreement_with_autograd_at_every_step": [
            ("the output's own gradient lost", "arriving[0] + d_output[:, 0]", "arriving[0]"),
        ],
    },
    "numpy/models/classifier": {
        "models/test_classifier.py::TestClassifier::test_what_stands_beyond_a_length_changes_nothing": [
            ("the largest of the padding", "outputs = np.where(valid[:, :, None], outputs, -np.inf)", "pass"),
            (
                "padding attended to",
                "scores = np.where(batching.sequence_mask(lengths, outputs.shape[1]), scores, -np.inf)",
                "pass",
            ),
        ],
        "models/test_classifier.py::TestClassifier::test_dropout_reaches_the_gradients": [
            ("what was dropped learns", '.pop("x") * embedding_mask', '.pop("x")'),
        ],
    },
    "validation": {
        "test_doors.py::test_masks_are_not_lost": [
            ("a mask lost without a word", "if isinstance(value, np.ma.MaskedArray):", "if False:"),
        ],
        "torch/test_computed_weights.py::test_arrays_of_any_byte_order_and_layout": [
            (
                "bytes in another order",
                'return array if array.dtype.isnative else array.astype(array.dtype.newbyteorder("="))',
                "return array",
            ),
        ],
        "test_doors.py::test_narrow_sizes_are_refused": [
            ("sizes of eight bits", "isinstance(value, np.integer) and value.dtype.itemsize < 4", "False"),
        ],
        "numpy/test_embedding.py::test_errors": [
            ("indices from the end", "if lowest < 0 or highest", "if highest"),
        ],
        "test_validation.py::test_lengths": [
            ("sequences of no step", "(lengths < 1) |", "(lengths < 0) |"),
        ],
        "test_validation.py::test_constructors": [
            ("NaN is a share", "if not 0 <= value <= 1:", "if value < 0 or value > 1:"),
            (
                "one layer twice in a stack",
                "if any(layer is other for other in layers[:index]):",
                "if False:",
            ),
            ("one layer for both directions", "if forward is backward:", "if False:"),
        ],
        "numpy/test_optimizers.py::test_errors": [
            (
                "infinity is positive",
                "if not value > 0 or (finite and value == np.inf):",
                "if not value > 0:",
            ),
        ],
        "test_doors.py::test_what_is_no_generator": [
            ("negative seeds", "not isinstance(value, bool) and value >= 0", "not isinstance(value, bool)"),
        ],
        "test_validation.py::test_params": [
            ("unknown weights let in", "if missing or unknown:", "if missing:"),
        ],
        "test_ctc.py::test_bad_input_is_refused": [
            (
                "repeated symbols without a step between",
                "int(count) + np.count_nonzero(target[1:] == target[:-1])",
                "int(count)",
            ),
            ("blanks in a target", "if target.min() < 1 or", "if target.min() < 0 or"),
        ],
    },
    "torch/layer": {
        "torch/test_lengths.py::test_padding_may_hold_anything": [
            ("padding multiplied by zero", "x = torch.where(mask, x, 0)", "x = x * mask"),
        ],
        "test_linear.py::test_wings_agree": [
            (
                "the last valid step that of the longest",
                "if mask is None:\n        return h[-1]",
                "if True:\n        return h[-1]",
            ),
        ],
        "torch/test_options.py::test_each_sequence_is_a_network_that_has_lost_columns_of_U": [
            (
                "one mask for all sequences",
                "x.new_ones(x.shape[0], self.hidden_size)",
                "x.new_ones(1, self.hidden_size)",
            ),
            (
                "a mask of its own at every step",
                "            output, after = step(projected, state)",
                "            if self.training and self.spec.recurrent_dropout:\n"
                "                share = self.spec.recurrent_dropout\n"
                "                step = self._make_step(functional.dropout(ones, share))\n"
                "            output, after = step(projected, state)",
            ),
        ],
        "torch/test_options.py::test_packed_as_torch_takes_it": [
            (
                "states in the order of packing",
                "x.unsorted_indices), state",
                "x.unsorted_indices), (\n"
                "            state[x.sorted_indices]\n"
                "            if isinstance(state, Tensor) and x.sorted_indices is not None\n"
                "            else state\n"
                "        )",
            ),
        ],
        "torch/test_options.py::test_packed_is_padded_with_lengths": [
            (
                "the way back from packing lost",
                "x.batch_sizes, x.sorted_indices, x.unsorted_indices)",
                "x.batch_sizes)",
            ),
        ],
        "test_doors.py::test_lengths_of_any_width": [
            ("narrow lengths not widened", "return lengths.to(torch.int64)", "return lengths"),
        ],
        "test_doors.py::test_tokens_of_any_width": [
            ("narrow tokens not widened", "return x.to(torch.int64)", "return x"),
        ],
    },
    "torch/weights": {
        "torch/test_modules.py::test_params_are_copies_in_canonical_names": [
            ("params share memory", ".cpu().numpy().copy()", ".cpu().numpy()"),
        ],
        "torch/test_computed_weights.py::test_what_was_written_before_a_refusal_is_taken_back": [
            (
                "half of the weights written before a refusal",
                'self.load_state_dict(before)\n                raise ValueError(f"params',
                'raise ValueError(f"params',
            ),
        ],
        "torch/test_computed_weights.py::test_an_orthogonal_weight_takes_orthogonal_values_alone": [
            (
                "weights kept that a parametrization changed",
                "                self.load_state_dict(before)\n                raise ValueError(\n",
                "                raise ValueError(\n",
            ),
            ("nothing kept to go back to", "{name: value.clone() for", "{name: value for"),
        ],
        "torch/test_evaluating.py::test_modes_come_back_one_by_one": [
            ("all modules back in training", "module.training = training", "module.training = True"),
        ],
        "torch/test_evaluating.py::test_autocast_is_off_inside": [
            (
                "answers in half precision",
                "with torch.autocast(device, enabled=False):\n            yield",
                "with torch.autocast(device, enabled=torch.is_autocast_enabled(device)):\n            yield",
            ),
        ],
        "torch/test_precision.py::test_under_autocast_states_and_single_steps_too": [
            (
                "states not widened",
                "return type(value)(_widened(part, dtype) for part in value)",
                "return value",
            ),
        ],
        "torch/test_equality.py::test_without_rng_torch_seeds": [
            (
                "unseeded weights",
                'np.random.default_rng(torch.randint(2**63 - 1, (), device="cpu").item())',
                "np.random.default_rng()",
            ),
        ],
    },
    "torch/stacked": {
        "torch/test_options.py::test_a_stack_evaluates_without_dropout_as_torch_does": [
            ("dropout in evaluation", "self.dropout, self.training)", "self.dropout)"),
        ],
        "torch/test_options.py::test_between_layers_and_nowhere_else": [
            ("the input dropped too", "if index and self.dropout:", "if self.dropout:"),
        ],
    },
    "torch/bidirectional": {
        "torch/test_equality.py::test_outputs_states_and_gradients": [
            ("one state for both directions", "mask), before[1], lengths)", "mask), before[0], lengths)"),
        ],
    },
    "torch/ctc": {
        "torch/test_precision.py::test_under_autocast_a_ctc_loss_is_summed_in_float32": [
            ("sums in half precision", "logits = logits.float()", "pass"),
        ],
    },
    "torch/scan": {
        "torch/test_transforms.py::test_functional_gradients": [
            (
                "the state before has no derivative",
                "before_tangent, ctx.method)",
                "torch.zeros_like(before_tangent), ctx.method)",
            ),
        ],
    },
    "torch/elman": {
        "torch/test_sweep.py::test_is_the_loop": [
            ("slope of tanh without its square", "(h * h).neg_().add_(1)", "h.neg().add_(1)"),
            ("slope of the sigmoid forgotten", "lambda h: h - h * h", "lambda h: h"),
            ("gradient of the step after", "reversed(step_before(d_steps))", "reversed(d_steps)"),
        ],
        "torch/test_sweep.py::test_what_grows_without_end_beyond_a_length_stays_out": [
            ("padding goes on", "h_t.masked_fill_(padding_t, 0)", "pass"),
        ],
    },
    "torch/lstm": {
        "torch/test_sweep.py::test_is_the_loop": [
            (
                "i of the wrong gate",
                "written, kept = h[1:][chunk], i * g,",
                "written, kept = h[1:][chunk], i * o,",
            ),
            ("cell of the step after", "f * c[chunk]", "f * c[1:][chunk]"),
            ("slope of g without its square", "torch.addcmul(i, written, g,", "torch.addcmul(i, written, i,"),
            ("dc cut at a chunk", "dc = dc.clone()", "dc = torch.zeros_like(dc)"),
            ("dc overwritten between chunks", "dc = dc.clone()", "pass"),
            ("gradient of the last cell lost", "if d_cells is not None:", "if False:"),
            ("gates in another order", "[..., size : 5 * size]", "[..., 2 * size :]"),
            ("slope of o for that of the cell", "value=-1, out=slope[5])", "value=-1, out=slope[4])"),
            ("bias in another order", 'weights["b"].roll(size, 0) if', 'weights["b"] if'),
            (
                "dropout forgotten on the way",
                "z_t.addmm_(masked(h_before, dropout_mask), U)",
                "z_t.addmm_(h_before, U)",
            ),
        ],
    },
    "torch/gru": {
        "torch/test_sweep.py::test_a_call_changes_no_weight": [
            ("bias of the weights changed", 'weights["b"].clone()', 'weights["b"]'),
        ],
        "torch/test_sweep.py::test_is_the_loop": [
            ("r and z swapped", "r, z = (x_rz + h_rz)", "z, r = (x_rz + h_rz)"),
            ("recurrent bias of r and z lost", "b[: 2 * size] += b_u_rz", "pass"),
            ("slope of z from the state alone", ".mul_(h[chunk] - n)", ".mul_(h[chunk])"),
            ("slope of r without m", "out=slope[1]).mul_(m[chunk])", "out=slope[1])"),
            (
                "gradients of U in another order",
                "gradients.weights[name].roll(-size, 0)",
                "gradients.weights[name]",
            ),
            ("what z keeps lost", "slope[4].copy_(z)", "slope[4].zero_()"),
            ("gradient of the step before lost", "kept.add_(d_before[t])", "pass"),
        ],
    },
    "torch/sweep": {
        "torch/test_sweep.py::test_is_the_loop": [
            (
                "what U read before dropout",
                "masked(self.h[:-1][steps], self.dropout_mask)",
                "self.h[:-1][steps]",
            ),
            (
                "rows of the inputs by sequence",
                "self.x[:, steps].transpose(0, 1).flatten(0, 1)",
                "self.x[:, steps].flatten(0, 1)",
            ),
            ("the chunk before forgotten", 'self.weights["U"].addmm_(', 'self.weights["U"].zero_().addmm_('),
            (
                "state of the longest",
                "last = -1 if mask is None else mask.sum(dim=1).squeeze(-1) - 1",
                "last = -1",
            ),
            ("gradient of the last state in place of the output's", "] += d_last", "] = d_last"),
            (
                "gradients outside of the dropout",
                "torch.addcmul(d_step, dz @ U, dropout_mask, out=out)",
                "torch.add(d_step, dz @ U, out=out)",
            ),
            ("the first state gets a step's gradient", "[torch.zeros_like(d_steps[0]), *", "[d_steps[0], *"),
        ],
        "torch/test_sweep.py::test_gradcheck": [
            ("derived twice by hand", "if torch.is_grad_enabled() or _is", "if _is"),
        ],
        "torch/test_sweep.py::test_gradients_in_a_batch": [
            ("batched gradients in place", " or _are_batched(d_outputs, *d_state)", ""),
        ],
        "torch/test_sweep.py::test_what_is_returned_may_be_changed": [
            ("outputs shared", ".clone(memory_format=torch.contiguous_format)", ".contiguous()"),
            ("states shared", "last_valid(part[1:], mask).clone() for", "last_valid(part[1:], mask) for"),
        ],
        "torch/test_sweep.py::test_backward_under_autocast_keeps_its_precision": [
            (
                "half precision on the way back",
                "torch.autocast(x.device.type, enabled=False)",
                "torch.enable_grad() if 0 else torch.no_grad()",
            ),
        ],
        "torch/test_sweep.py::test_frozen_weights_get_no_gradient": [
            (
                "by hand where nothing is differentiated",
                "needed = torch.is_grad_enabled() and any(tensor.requires_grad for tensor in tensors)",
                "needed = True",
            ),
        ],
        "torch/test_sweep.py::test_forward_mode": [
            ("by hand in forward mode", "or forward_ad._current_level >= 0", ""),
        ],
        "torch/test_transforms.py::test_vmap": [
            ("by hand under vmap", "or torch._C._are_functorch_transforms_active()", ""),
        ],
    },
    "torch/slstm": {
        "test_linear.py::test_wings_agree": [
            ("an empty memory has a scale", "(n != 0) & (log_f + m >= i)", "log_f + m >= i"),
            ("an empty memory overflows", ".clamp(max=0)", ""),
        ],
        "test_linear.py::test_the_stabiliser_at_its_limits": [
            ("log σ underflows", "functional.logsigmoid(f)", "torch.log(torch.sigmoid(f))"),
        ],
    },
    "torch/selective_ssm": {
        "test_linear.py::test_a_large_step_of_a_selective_ssm_does_not_overflow": [
            ("softplus overflows", "delta = softplus(", "delta = (lambda z: torch.log1p(torch.exp(z)))("),
        ],
    },
    "torch/conv_gru": {
        "test_convolution.py::test_conv_gru_is_what_it_says": [
            ("r and z swapped", "r, z = torch.sigmoid(", "z, r = torch.sigmoid("),
        ],
        "test_convolution.py::test_bad_input_is_refused_at_the_door": [
            (
                "a state unchecked",
                'validation.check_shape("state", state, (batch,',
                '("state", state, (batch,',
            ),
        ],
    },
    "torch/models/classifier": {
        "models/test_classifier.py::TestClassifier::test_what_stands_beyond_a_length_changes_nothing": [
            ("the largest of the padding", "outputs = outputs.masked_fill(", "outputs.masked_fill("),
            ("padding attended to", "scores = scores.masked_fill(", "scores.masked_fill("),
        ],
    },
    "torch/models/tagger": {
        "models/test_tagger.py::TestTagger::test_only_a_causal_tagger_never_looks_ahead": [
            ("softmax over time", "dim=2))", "dim=1))"),
        ],
    },
    "torch/transformer": {
        "models/test_transformer.py::TestTransformer::test_its_equations": [
            ("scale of the whole width", "/ (self.size // self.num_heads) ** 0.5", "/ self.size**0.5"),
            ("padding is read", "scores.masked_fill(~mask[:, None], -torch.inf)", "scores"),
            ("queries are not normalised", "self.attention(normed, self.att", "self.attention(x, self.att"),
            ("sines alone", "[angle.sin(), angle.cos()]", "[angle.sin(), angle.sin()]"),
        ],
        "models/test_transformer.py::TestTransformer::test_no_step_sees_what_it_should_say": [
            ("a step sees the next", "tril(total - time)", "tril(total - time + 1)"),
        ],
        "models/test_transformer.py::TestTransformer::test_steps_and_teacher_forcing_agree": [
            (
                "every kept step counts as the first",
                "torch.arange(first, first + steps",
                "torch.arange(0, steps",
            ),
        ],
    },
    "torch/models/transformer_translator": {
        "models/test_transformer.py::TestTransformer::test_steps_and_teacher_forcing_agree": [
            (
                "keys of before are dropped",
                "after += [*memory, *before]",
                "after += [*memory, *parts[:0], *memory]",
            ),
        ],
    },
    "torch/models/translator": {
        "models/test_translator.py::TestTranslator::test_padding_of_the_target_counts_nothing": [
            ("padding counts", ", ignore_index=PADDING)", ")"),
        ],
        "models/test_translator.py::TestTranslator::test_the_loss_scores_each_symbol_given_those_before_it": [
            ("told what it should say", "y[:, :-1], lengths)", "y[:, 1:], lengths)"),
        ],
    },
    "torch/models/acoustic_model": {
        "models/test_acoustic_model.py::TestAcousticModel::test_wings_agree": [
            (
                "mean over padding",
                "torch.linalg.vector_norm((predicted - y)[valid], dim=1).mean()",
                "torch.linalg.vector_norm(predicted - y, dim=2).mean()",
            ),
            ("told what it should say", "functional.pad(y[:, :-1], (0, 0, 1, 0))", "y"),
        ],
        "models/test_acoustic_model.py::TestAcousticModel::test_answers_come_without_dropout": [
            ("speaks with dropout", "with evaluating(self):", "with torch.no_grad():"),
        ],
    },
    "torch/models/detector": {
        "models/test_detector.py::TestDetector::test_loss_without_a_box_and_of_a_belief_that_is_sure": [
            ("no box is a NaN", ".clamp(min=1)", ""),
            ("log σ underflows", "functional.logsigmoid(heat)", "torch.log(p)"),
        ],
    },
    "torch/models/g2p": {
        "models/test_g2p.py::TestG2P::test_wings_agree": [
            ("half of the answers read", "ANSWERS * lengths, phoneme", "lengths, phoneme"),
        ],
    },
    "torch/models/windows": {
        "models/test_g2p.py::TestG2P::test_what_stands_beyond_a_word_changes_nothing": [
            ("letters beyond a word seen", "x = torch.where(sequence_mask", "torch.where(sequence_mask"),
        ],
    },
    "torch/models/music_model": {
        "models/test_music_model.py::TestMusicModels::test_the_loss_is_the_nats_of_a_frame": [
            ("mean over padding", "nats, 0).sum() / valid.sum()", "nats, 0).mean()"),
        ],
        "models/test_music_model.py::TestMusicModels::test_padding_is_no_part_of_the_loss": [
            ("NaN let through where masked", "torch.where(valid, nats, 0).sum()", "(nats * valid).sum()"),
        ],
    },
    "torch/models/speech_recognizer": {
        "models/test_speech_recognizer.py::TestRecognizer::test_padding_changes_nothing": [
            ("padding read", "x = torch.where(valid, x, 0)", "pass"),
            ("a stride that was begun lost", "(lengths - 1) // self.stride + 1", "lengths // self.stride"),
        ],
    },
    "torch/models/video_classifier": {
        "models/test_video_classifier.py::TestVideoClassifier::test_wings_agree": [
            ("clips mixed up", "y[:, None].expand(logits.shape[:2]).flatten()", "y.repeat(logits.shape[1])"),
        ],
    },
    "tensorflow/layer": {
        "tensorflow/test_masks.py::test_nan_in_the_padding_reaches_nothing": [
            ("padding read", "x = zero_invalid(mask[:, :, None], values=x)", "pass"),
        ],
        "tensorflow/test_masks.py::test_a_row_without_a_valid_step_keeps_its_state": [
            (
                "valid steps counted, where one should be found",
                "sizes_of(outputs)[1] - 1 - from_the_end",
                "tf.reduce_sum(tf.cast(mask, tf.int32), axis=1) - 1",
            ),
        ],
        "tensorflow/test_masks.py::test_the_mask_goes_on_to_the_next_layer": [
            ("the mask ends here", "previous_mask if self.return_sequences else None", "None"),
        ],
        "tensorflow/test_arguments.py::test_lengths_and_a_mask_are_refused": [
            (
                "lengths beside a mask",
                "if lengths is not None and (mask is not None or",
                "if False and (mask is not None or",
            ),
        ],
        "tensorflow/test_options.py::test_each_sequence_is_a_network_that_has_lost_columns_of_U": [
            (
                "one mask for all sequences",
                "tf.ones((batch, self.hidden_size), self.dtype)",
                "tf.ones((1, self.hidden_size), self.dtype)",
            ),
            ("dropout drawn from the global generator", "seed=self.seed_generator", "seed=None"),
        ],
        "tensorflow/test_options.py::test_dropout_leaves_the_weights_of_the_next_layer_alone": [
            ("dropout takes the next layer's weights", "rng.spawn(1)[0].integers", "rng.integers"),
        ],
        "tensorflow/test_saving.py::test_one_rng_gives_one_dropout": [
            ("dropout unseeded", "seed=int(rng.integers(2**31))", "seed=None"),
        ],
        "tensorflow/test_keras.py::test_saved_and_loaded_model_is_the_same": [
            ("a config without return_state", '            "return_state": self.return_state,\n', ""),
        ],
        "test_linear.py::test_keras_can_save_them": [
            ("a config without the method", ' | {"method": self.method}', ""),
        ],
        "tensorflow/test_precision.py::test_a_policy_keeps_weights_computes_in_float32_and_answers_in_half": [
            (
                "a config without the policy",
                'self.spec.options | {"dtype": self.dtype_policy.name}',
                'self.spec.options | {"dtype": self.dtype}',
            ),
            (
                "answers in float32",
                "if self.return_state else outputs, self.compute_dtype)",
                "if self.return_state else outputs, self.dtype)",
            ),
        ],
    },
    "tensorflow/elman": {
        "tensorflow/test_options.py::test_each_sequence_is_a_network_that_has_lost_columns_of_U": [
            ("no dropout on the way back", "[masked(tf.matmul(delta, U), dropped)]", "[tf.matmul(delta, U)]"),
        ],
    },
    "tensorflow/sweep": {
        "tensorflow/test_options.py::test_each_sequence_is_a_network_that_has_lost_columns_of_U": [
            ("dU without dropout", 'masked(before[0], given.get("dropped"))', "before[0]"),
        ],
        "tensorflow/test_masks.py::test_nan_in_the_padding_reaches_nothing": [
            (
                "padding multiplied by zero",
                "tf.where(valid, values, tf.zeros((), values.dtype))",
                "values * tf.cast(valid, values.dtype)",
            ),
        ],
        "tensorflow/test_sweep.py::test_second_derivatives": [
            (
                "gradients from above left out",
                "tf.gradients(results, values, d,",
                "tf.gradients(results, values, None,",
            ),
        ],
        "tensorflow/test_sweep.py::test_graphs_are_shared_by_layers_of_all_sizes": [
            (
                "a graph for every size",
                "tf.TensorSpec([None] * array.shape.rank, array.dtype)",
                "tf.TensorSpec(array.shape, array.dtype)",
            ),
        ],
    },
    "tensorflow/cell": {
        "tensorflow/test_options.py::test_keras_runs_our_cells": [
            ("parts of the state reversed", "tf.nest.flatten(after)", "tf.nest.flatten(after)[::-1]"),
        ],
        "tensorflow/test_options.py::test_a_frozen_cell_is_loaded_frozen": [
            ("frozen no more once loaded", '"trainable": self.trainable', '"trainable": True'),
        ],
        "tensorflow/test_options.py::test_a_mixed_cell_computes_in_float32": [
            ("half precision kept", "cast_floats((x, list(states)), self.layer.dtype)", "(x, list(states))"),
        ],
        "tensorflow/test_options.py::test_no_cell": [
            ("dropout taken and left undone", "if layer.spec.recurrent_dropout:", "if False:"),
        ],
    },
    "tensorflow/ctc": {
        "test_ctc.py::test_the_frameworks_agree": [
            ("the last class a symbol", "tf.roll(logits, -1, axis=2)", "logits"),
            (
                "padding of the targets read",
                "tf.sequence_mask(target_lengths, tf.shape(targets)[1])",
                "tf.ones_like(targets, tf.bool)",
            ),
        ],
    },
    "tensorflow/attention": {
        "models/test_translator.py::TestTranslator::test_logits_and_attention_are_what_the_equations_say": [
            ("padding has the score zero", "scores.dtype.min", "tf.zeros((), scores.dtype)"),
            ("softmax over the batch", "axis=1)\n        return", "axis=0)\n        return"),
        ],
    },
    "tensorflow/stacked": {
        "tensorflow/test_options.py::test_between_layers_and_nowhere_else": [
            ("the input dropped too", "if after and self.dropout:", "if self.dropout:"),
            ("dropout in evaluation", "training=training)", "training=True)"),
        ],
        "tensorflow/test_options.py::test_dropout_in_a_model_that_is_trained_saved_and_loaded": [
            ("a config without dropout", ', "dropout": self.dropout}', "}"),
        ],
        "tensorflow/test_masks.py::test_any_pattern_is_the_sequence_without_the_skipped_steps": [
            (
                "no layer sees the mask",
                "layer._run(x, before, mask, training)",
                "layer._run(x, before, None, training)",
            ),
        ],
    },
    "tensorflow/bidirectional": {
        "tensorflow/test_masks.py::test_any_pattern_is_the_sequence_without_the_skipped_steps": [
            (
                "backward starts in the padding",
                "before[1], reversed_mask, training",
                "before[1], mask, training",
            ),
        ],
        "tensorflow/test_masks.py::test_last_outputs": [
            ("the last step at the padding", "(tf.reverse(behind, [1]), reversed_mask)", "(behind, mask)"),
        ],
    },
    "tensorflow/embedding": {
        "tensorflow/test_options.py::test_mask_zero_is_saved_and_checked": [
            ("a config without mask_zero", '"size", "mask_zero")', '"size")'),
            (
                "symbol 0 always hidden",
                "not_equal(inputs, 0) if self.mask_zero else None",
                "not_equal(inputs, 0)",
            ),
        ],
        "tensorflow/test_precision.py::test_what_cannot_hold_ids_is_refused": [
            ("floats without a place for every symbol", '"float16": 2**11', '"float16": 2**16'),
        ],
    },
    "tensorflow/dense": {
        "tensorflow/test_masks.py::test_the_mask_goes_through_a_readout": [
            ("the mask ends here", "self.supports_masking = True", "pass"),
        ],
    },
    "tensorflow/slstm": {
        "test_linear.py::test_wings_agree": [
            ("an empty memory has a scale", "tf.logical_and(n != 0, log_f + m >= i)", "log_f + m >= i"),
            ("an empty memory overflows", "tf.minimum(log_f + m - m_after, 0)", "log_f + m - m_after"),
        ],
    },
    "tensorflow/selective_ssm": {
        "test_linear.py::test_a_large_step_of_a_selective_ssm_does_not_overflow": [
            ("softplus overflows", "tf.math.softplus(", "(lambda z: tf.math.log1p(tf.exp(z)))("),
        ],
    },
    "tensorflow/scan": {
        "test_linear.py::test_a_mask_with_holes_keeps_the_state": [
            ("a skipped step decays", "tf.where(valid, a, tf.ones((), a.dtype))", "a"),
        ],
    },
    "tensorflow/weights": {
        "tensorflow/test_arguments.py::test_load_params_is_all_or_nothing_in_the_words_of_numpy": [
            (
                "half of the weights written",
                "        self._check_params(params)\n        for name, variable",
                "        for name, variable",
            ),
        ],
        "tensorflow/test_saving.py::test_a_model_is_saved_loaded_copied_and_pickled": [
            (
                "frozen no more once loaded",
                'model.name, model.trainable = config["name"], config["trainable"]',
                'model.name = config["name"]',
            ),
        ],
        "tensorflow/test_keras.py::test_set_random_seed_governs": [
            ("unseeded weights", "random.getrandbits(64) if rng is None else rng", "rng"),
        ],
    },
    "tensorflow/models/acoustic_model": {
        "models/test_acoustic_model.py::TestAcousticModel::test_wings_agree": [
            (
                "mean over padding",
                "tf.norm(tf.boolean_mask(predicted - y, valid), axis=1)",
                "tf.norm(predicted - y, axis=2)",
            ),
        ],
    },
    "tensorflow/models/classifier": {
        "models/test_classifier.py::TestClassifier::test_what_stands_beyond_a_length_changes_nothing": [
            (
                "the largest of the padding",
                "outputs = tf.where(_valid(lengths, outputs)",
                "tf.where(_valid(lengths, outputs)",
            ),
            ("padding attended to", "scores = tf.where(", "tf.where("),
        ],
    },
    "tensorflow/models/detector": {
        "models/test_detector.py::TestDetector::test_loss_without_a_box_and_of_a_belief_that_is_sure": [
            ("no box is a NaN", "tf.maximum(tf.reduce_sum(is_centre), 1)", "tf.reduce_sum(is_centre)"),
        ],
    },
    "tensorflow/models/g2p": {
        "tensorflow/test_precision.py::test_losses_take_integers_of_every_width": [
            ("lengths of eight bits overflow", "ANSWERS * as_indices(lengths)", "ANSWERS * lengths"),
        ],
    },
    "tensorflow/models/windows": {
        "models/test_g2p.py::TestG2P::test_what_stands_beyond_a_word_changes_nothing": [
            ("letters beyond a word seen", "x = tf.where(valid", "tf.where(valid"),
        ],
    },
    "tensorflow/models/music_model": {
        "models/test_music_model.py::TestMusicModels::test_the_loss_is_the_nats_of_a_frame": [
            (
                "mean over padding",
                "tf.boolean_mask(nats, tf.sequence_mask(lengths, tf.shape(nats)[1]))",
                "nats",
            ),
        ],
        "models/test_music_model.py::TestMusicModels::test_no_frame_helps_to_predict_itself": [
            ("told what it should say", "tf.pad(x[:, :-1], [[0, 0], [1, 0], [0, 0]])", "x"),
        ],
    },
    "tensorflow/models/speech_recognizer": {
        "models/test_speech_recognizer.py::TestRecognizer::test_padding_changes_nothing": [
            ("a stride that was begun lost", "(lengths - 1) // self.stride + 1", "lengths // self.stride"),
        ],
        "models/test_speech_recognizer.py::TestRecognizer::test_dropout_is_on_in_training_alone": [
            (
                "dropout in evaluation",
                "self._windows(x)), training=training)",
                "self._windows(x)), training=True)",
            ),
        ],
    },
    "tensorflow/models/tagger": {
        "models/test_tagger.py::TestTagger::test_only_a_causal_tagger_never_looks_ahead": [
            ("softmax over time", "axis=2).numpy()", "axis=1).numpy()"),
        ],
    },
    "tensorflow/transformer": {
        "models/test_transformer.py::TestTransformer::test_its_equations": [
            ("scale of the whole width", "/ (self.size // self.num_heads) ** 0.5", "/ self.size**0.5"),
            ("padding is read", "tf.where(mask[:, None], scores, scores.dtype.min)", "scores"),
            ("queries are not normalised", "self.attention(normed, self.att", "self.attention(x, self.att"),
            ("sines alone", "[tf.sin(angle), tf.cos(angle)]", "[tf.sin(angle), tf.sin(angle)]"),
        ],
        "models/test_transformer.py::TestTransformer::test_no_step_sees_what_it_should_say": [
            (
                "a step sees the next",
                "tf.range(total) <= tf.range(total - time, total)",
                "tf.range(total) <= 1 + tf.range(total - time, total)",
            ),
        ],
        "models/test_transformer.py::TestTransformer::test_steps_and_teacher_forcing_agree": [
            ("every kept step counts as the first", "tf.range(first, first + steps)", "tf.range(0, steps)"),
        ],
    },
    "tensorflow/models/transformer_translator": {
        "models/test_transformer.py::TestTransformer::test_steps_and_teacher_forcing_agree": [
            (
                "keys of before are dropped",
                "after += [*memory, *before]",
                "after += [*memory, *parts[:0], *memory]",
            ),
        ],
    },
    "tensorflow/models/translator": {
        "models/test_translator.py::TestTranslator::test_padding_of_the_target_counts_nothing": [
            (
                "padding counts",
                "tf.cast(targets != PADDING, logits.dtype)",
                "tf.ones_like(targets, logits.dtype)",
            ),
        ],
        "models/test_translator.py::TestTranslator::test_the_loss_scores_each_symbol_given_those_before_it": [
            ("softmax over the batch", "tf.nn.log_softmax(logits)", "tf.nn.log_softmax(logits, axis=0)"),
        ],
    },
    "tensorflow/models/video_classifier": {
        "models/test_video_classifier.py::TestVideoClassifier::test_wings_agree": [
            (
                "clips mixed up",
                "tf.repeat(y[:, None], tf.shape(logits)[1], axis=1)",
                "tf.reshape(tf.tile(y, [tf.shape(logits)[1]]), tf.shape(logits)[:2])",
            ),
        ],
        "models/test_video_classifier.py::TestVideoClassifier::test_dropout_is_on_in_training_alone": [
            (
                "dropout in evaluation",
                "self.memory(self.dropout(features, training=training)",
                "self.memory(self.dropout(features, training=True)",
            ),
        ],
    },
}
MUTATIONS = [Mutation(file, *change) for file, changes in BY_FILE.items() for change in changes]
MUTATIONS += [
    Mutation(file, *change, noticed_by=test)
    for file, by_test in OF_THE_WINGS.items()
    for test, changes in by_test.items()
    for change in changes
]
# One of every part whose tests start fast, without a framework; all of the rest is for the whole run.
SAMPLED = (
    *("numpy/elman", "numpy/lstm", "numpy/losses", "numpy/optimizers", "batching", "vocabulary"),
    *("initializers", "data/copying", "data/splitting", "tasks/boxes", "tasks/metrics", "tasks/decoding"),
    *("tasks/dtw", "tasks/sparsity", "tasks/music/metrics", "tasks/music/midi", "tasks/sound/synth"),
    *("course/exercises/outcome", "course/exercises/exercise", "course/experiments/copies"),
)
SAMPLE = [next(mutation for mutation in MUTATIONS if mutation.file == file) for file in SAMPLED]


class Copy:
    """A copy of the package and of its tests, in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        # Without tests/conftest.py, whose imports cost more than most tests.
        ignore = shutil.ignore_patterns("__pycache__", "conftest.py")
        for name in ("rnnbook", "tests"):
            shutil.copytree(ROOT / name, folder / name, ignore=ignore)
        (folder / "pytest.ini").write_text(CONFIGURATION, encoding="utf-8")
        (folder / "conftest.py").write_text(CONFTEST, encoding="utf-8")

    def run(self, *tests: str) -> tuple[int, str]:
        """Run these tests: pytest's exit status and what it printed."""
        done = subprocess.run(
            [*PYTEST, *(f"tests/{test}" for test in tests)],
            cwd=self.folder,
            env=ENVIRONMENT,
            capture_output=True,
            text=True,
            timeout=600,
        )
        return done.returncode, done.stdout + done.stderr

    def unmutated(self, mutations: list[Mutation]) -> str:
        """Run the tests of ``mutations`` without any: what was printed if one fails, or an empty string."""
        status, printed = self.run(*{test: None for mutation in mutations for test in mutation.tests})
        return printed if status else ""

    def survived(self, mutation: Mutation) -> str:
        """Apply ``mutation``, run its tests and undo it: why it counts as a survivor, or an empty string."""
        path = self.folder / "rnnbook" / f"{mutation.file}.py"
        text = path.read_text(encoding="utf-8")
        if (count := text.count(mutation.old)) != 1:
            return f"no longer applies: {mutation.old!r} stands {count} times in {mutation.file}.py"
        path.write_text(text.replace(mutation.old, mutation.new), encoding="utf-8")
        try:
            status, printed = self.run(*mutation.tests)
        finally:
            path.write_text(text, encoding="utf-8")
        if status == 1:  # pytest's word for: tests were run, and some failed
            return ""
        return "no test failed" if status == 0 else f"the tests could not be run:\n{printed}"


def main(names: list[str]) -> int:
    chosen = [m for m in MUTATIONS if not names or {m.file, *m.file.split("/")} & set(names)]
    with tempfile.TemporaryDirectory() as folder:
        copy = Copy(Path(folder))
        if printed := copy.unmutated(chosen):
            print(f"{printed}\nthe tests fail without any mutation")
            return 1
        survivors = 0
        for mutation in chosen:
            reason = copy.survived(mutation)
            survivors += bool(reason)
            print(f"SURVIVED  {mutation}: {reason}" if reason else f"killed    {mutation}", flush=True)
    print(f"{len(chosen) - survivors} of {len(chosen)} killed")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
