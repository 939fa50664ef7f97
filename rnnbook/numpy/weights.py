"""Models made of layers: their weights are those of the layers, by the layers' names."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from rnnbook import validation


class Model:
    """A network made of layers. A subclass names them in ``self.parts``, and writes forward and backward."""

    parts: Mapping[str, object]

    @property
    def params(self) -> Mapping[str, np.ndarray]:
        """All weights, as ``"encoder.W"``, read-only as a dict; assigning a whole dict replaces them."""
        return MappingProxyType(validation.join({name: part.params for name, part in self.parts.items()}))

    @params.setter
    def params(self, params) -> None:
        validation.assign(self.parts, validation.split(params, tuple(self.parts)))
