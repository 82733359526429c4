"""What a decoder keeps while it writes: the keys and values of all that it has read."""

import numpy as np


class Cache:
    """Keys and values of `length` positions, with room for `capacity` of them, made once.

    Of an encoder's text it keeps the `memory` that a forward made. To forget the last positions, lower
    `length`.
    """

    def __init__(self, model, capacity, batch=()):
        c = model.config
        shape = (c.decoder_layers, *batch, c.G, capacity, c.dh)
        self.K, self.V = np.empty(shape, model.dtype), np.empty(shape, model.dtype)
        self.length = 0
        self.memory = None

    @property
    def capacity(self):
        """How many positions there is room for."""
        return self.K.shape[-2]

    def extend(self, i, K, V):
        """Writes what block i made of new positions behind the others, and hands back all of its own."""
        end = self.length + K.shape[-2]
        self.K[i, ..., self.length : end, :] = K  # (..., G, T, dh)
        self.V[i, ..., self.length : end, :] = V
        return self.K[i, ..., :end, :], self.V[i, ..., :end, :]

    def select(self, rows):
        """Makes row j of the first batch axis what row rows[j] was; there may be more rows than before."""
        self.K, self.V = self._selected(self.K, rows), self._selected(self.V, rows)
        if self.memory is not None:
            self.memory = self.memory.select(rows)

    def _selected(self, kept, rows):
        chosen = np.empty((len(kept), len(rows), *kept.shape[2:]), kept.dtype)
        chosen[..., : self.length, :] = kept[..., : self.length, :][:, rows]
        return chosen
