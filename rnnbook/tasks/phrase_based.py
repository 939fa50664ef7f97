"""Translation by phrases, as it was done before networks: the strongest of the plain translators.

Made of training texts and their translations, and called with a text.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import cache

import numpy as np

from rnnbook import validation
from rnnbook.tasks.translation import detokenize, tokenize
from rnnbook.tasks.translation_baselines import NULL_WORD, IBMModel1

MAX_OPTIONS = 10  # translations of one piece that are tried
MAX_JUMP = 6  # words that a translation may skip in the source at once
UNSEEN = -10.0  # the score of a word copied because it was never seen
START, END = "<begin>", "<end>"  # of a text, for the language model


class PhraseTranslator:
    """Phrase-based translation, small: pieces with their translations, in an order that is searched for.

        Σ over pieces [log p(f|e) + log p(e|f) - distortion · jump] + language · log p(what is written)

    Two ``IBMModel1``, one per direction, align the words. Pieces of up to ``max_phrase`` words that fit the
    alignment are counted. An n-gram model of the translations (``NgramModel``) judges what is written. The
    beam covers the source piece by piece. Koehn, Och and Marcu, 2003, 'Statistical phrase-based translation'.

    language, distortion: the weights of the language model, and of a jump by one word in the source.
    beam_width: how many beginnings are kept for each number of source words covered.

    A word never seen is copied. Raises ValueError or TypeError for arguments out of these bounds.
    """

    def __init__(
        self,
        texts: Sequence[str],
        translations: Sequence[str],
        *,
        max_phrase: int = 5,
        language: float = 0.5,
        distortion: float = 1.0,
        beam_width: int = 10,
    ) -> None:
        validation.check_size("max_phrase", max_phrase)
        validation.check_size("beam_width", beam_width)
        for name, value in {"language": language, "distortion": distortion}.items():
            validation.check_positive_or_zero(name, value)
        forth, back = map(_table, (IBMModel1(texts, translations), IBMModel1(translations, texts)))
        self.language, self.distortion, self.beam_width = language, distortion, beam_width
        self.max_phrase, count = max_phrase, Counter()
        written = [tokenize(str(text)) for text in translations]
        for text, target in zip(texts, written, strict=True):
            source = tokenize(str(text))
            links = align(source, target, forth, back)
            count.update(phrase_pairs(source, target, links, max_phrase))
        of_e, of_f = Counter(), Counter()
        for (e, f), times in count.items():
            of_e[e] += times
            of_f[f] += times
        self.phrases = defaultdict(list)
        for (e, f), times in count.items():
            self.phrases[e].append((math.log(times / of_e[e]) + math.log(times / of_f[f]), f))
        for options in self.phrases.values():
            options.sort(reverse=True)
            del options[MAX_OPTIONS:]
        self.ngrams = NgramModel(written)

    def __call__(self, text: str) -> str:
        source = tokenize(text)
        options = self._options(source)
        rest = self._rest(options, len(source))
        stacks = [{} for _ in range(len(source) + 1)]
        stacks[0][0, -1, NgramModel.start] = (0.0, 0.0, ())
        for covered, stack in enumerate(stacks[:-1]):
            best = sorted(stack.items(), key=lambda item: -item[1][1])[: self.beam_width]
            for (mask, last, context), (score, _, words) in best:
                for (first, end), candidates in options.items():
                    piece = (1 << end) - (1 << first)
                    if mask & piece or abs(first - last - 1) > MAX_JUMP:
                        continue
                    jump = score - self.distortion * abs(first - last - 1)
                    outlook = rest(mask | piece)
                    place = stacks[covered + end - first]
                    for gain, phrase in candidates:
                        value, after = self.ngrams.log_probability(phrase, context)
                        value = jump + gain + self.language * value
                        if covered + end - first == len(source):
                            value += self.language * self.ngrams.log_probability((END,), after)[0]
                        state = mask | piece, end - 1, after
                        if state not in place or place[state][0] < value:
                            place[state] = value, value + outlook, words + phrase
        found = max(stacks[-1].values(), default=(0.0, 0.0, tuple(source)))
        return detokenize(found[2])

    def translate_batch(self, texts: Iterable[str]) -> list[str]:
        return [self(str(text)) for text in texts]

    def _options(self, source):
        """By first word and end: the translations known of this piece, with their scores."""
        options = {}
        for first in range(len(source)):
            for end in range(first + 1, min(first + self.max_phrase, len(source)) + 1):
                piece = tuple(source[first:end])
                if piece in self.phrases:
                    options[first, end] = self.phrases[piece]
                elif end == first + 1:
                    options[first, end] = [(UNSEEN, piece)]
        return options

    def _rest(self, options, size):
        """The best score that the words not covered can still have, a word's place in the order apart."""
        best = np.full((size + 1, size + 1), -np.inf)
        for (first, end), candidates in options.items():
            language = [self.ngrams.log_probability(phrase, ())[0] for _, phrase in candidates]
            best[first, end] = max(
                gain + self.language * value for (gain, _), value in zip(candidates, language, strict=True)
            )
        for length in range(2, size + 1):
            for first in range(size - length + 1):
                middles = range(first + 1, first + length)
                split = max(best[first, middle] + best[middle, first + length] for middle in middles)
                best[first, first + length] = max(best[first, first + length], split)

        @cache
        def rest(mask):
            total, first = 0.0, 0
            while first < size:
                end = first
                while end < size and not mask >> end & 1:
                    end += 1
                total += best[first, end] if end > first else 0.0
                first = max(end, first + 1)
            return total

        return rest


class NgramModel:
    """How probable a text's tokens are, each after the two before it: a language model.

    Three orders mixed by how many different tokens followed the same beginning. Witten and Bell, 1991, 'The
    zero-frequency problem'.
    """

    start = (START, START)

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        self.counts = defaultdict(Counter)
        for tokens in texts:
            padded = [*self.start, *tokens, END]
            for place in range(2, len(padded)):
                for order in range(3):
                    self.counts[tuple(padded[place - order : place])][padded[place]] += 1
        self.uniform = 1 / (len(self.counts[()]) + 1)
        self.known = {context: (count.total(), len(count)) for context, count in self.counts.items()}
        self.log_probability = cache(self._log_probability)

    def _probability(self, token, context):
        if context in self.known:
            total, kinds = self.known[context]
            shorter = self._probability(token, context[1:]) if context else self.uniform
            return (self.counts[context][token] + kinds * shorter) / (total + kinds)
        return self._probability(token, context[1:])

    def _log_probability(self, tokens: tuple[str, ...], context: tuple[str, ...]):
        """Of the tokens after ``context``: a float; and the context after them."""
        total = 0.0
        for token in tokens:
            total += math.log(self._probability(token, context))
            context = (*context, token)[-2:]
        return total, context


def _table(model: IBMModel1) -> dict[tuple[str, str], float]:
    """t(f | e) by (e, f)."""
    pairs = zip(model.e, model.f, model.t, strict=True)
    return {(model.sources[e], model.targets[f]): float(t) for e, f, t in pairs}


def align(source, target, forth, back) -> set[tuple[int, int]]:
    """The places ``(s, t)`` of words that translate each other.

    First the links that both models see; then those that one sees, beside a link and of a word without one.
    forth, back: t(f | e) by (e, f), and the same of the other direction.
    """

    def links(table, given, words):
        """For every word the likeliest of those given; of equally likely ones that which stands nearest."""
        found = set()
        for t, word in enumerate(words):
            near = [abs(s / len(given) - t / len(words)) for s in range(len(given))]
            p = [table.get((one, word), 0.0) for one in given]
            best = max(range(len(given)), key=lambda s: (round(p[s], 6), -near[s]))
            if p[best] > table.get((NULL_WORD, word), 0.0):
                found.add((best, t))
        return found

    one, other = links(forth, source, target), {(s, t) for t, s in links(back, target, source)}
    both, either = one & other, one | other
    grown = True
    while grown:
        grown = False
        for s, t in sorted(either - both):
            beside = any((s + i, t + j) in both for i in (-1, 0, 1) for j in (-1, 0, 1))
            free = all(s != a for a, _ in both) or all(t != b for _, b in both)
            if beside and free:
                both.add((s, t))
                grown = True
    return both


def phrase_pairs(source, target, links, longest):
    """All pieces of both texts of which no link leads out, at least one inside."""
    for first in range(len(source)):
        for end in range(first + 1, min(first + longest, len(source)) + 1):
            inside = [t for s, t in links if first <= s < end]
            if not inside or max(inside) - min(inside) >= longest:
                continue
            low, high = min(inside), max(inside) + 1
            if any(low <= t < high and not first <= s < end for s, t in links):
                continue
            linked = {t for _, t in links}
            start = low
            while True:  # words beside it that no link holds may belong to it
                stop = high
                while True:
                    if stop - start <= longest:
                        yield tuple(source[first:end]), tuple(target[start:stop])
                    stop += 1
                    if stop > len(target) or stop - 1 in linked:
                        break
                start -= 1
                if start < 0 or start in linked:
                    break
