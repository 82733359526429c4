"""From scores to probabilities, to a loss, to a draw."""

import numpy as np


def softmax(Z):
    """Probabilities in proportion to the exponentials of scores (Blanchard, Higham and Higham 2021, eq. 1.2).

    Z (..., n) -> (..., n)

    A score of -inf has probability 0. A row of nothing but -inf has no softmax: it gives nan.
    """
    E = np.exp(Z - Z.max(axis=-1, keepdims=True))  # the shift cancels in the ratio, so exp cannot overflow
    return E / E.sum(axis=-1, keepdims=True)


def logsumexp(Z):
    """The logarithm of the sum of exponentials, a soft maximum (Blanchard, Higham and Higham 2021, eq. 1.1).

    Z (..., n) -> (...)

    A score of -inf adds nothing. A row of nothing but -inf gives -inf, the logarithm of 0.
    """
    m = Z.max(axis=-1, keepdims=True)
    m = np.where(np.isfinite(m), m, 0)  # inf - inf would be nan
    return np.log(np.exp(Z - m).sum(axis=-1)) + m[..., 0]


def log_softmax(Z):
    """The logarithm of softmax, exact where the probability itself is too small for a float.

    Z (..., n) -> (..., n)

    (Goodfellow, Bengio and Courville 2016, eq. 6.30.) A score of -inf has log-probability -inf.
    """
    Z = Z - Z.max(axis=-1, keepdims=True)  # cancels in the difference, and small numbers round finely
    return Z - np.log(np.exp(Z).sum(axis=-1, keepdims=True))


def cross_entropy(Z, targets, ignore=-1):
    """The mean of -log softmax(Z) at the targets, over the targets that are not `ignore`.

    Z (..., n), targets int (...), [ignore int ()] -> ()

    In nats, with the dtype of Z. Where every target is ignored the result is 0.
    """
    kept = targets != ignore
    targets = targets[kept]  # (m,)
    losses = -log_softmax(Z[kept])[np.arange(len(targets)), targets]  # (m,)
    return losses.sum() / max(len(losses), 1)


def sample_categorical(P, u):
    """One class per row, drawn by inverting the cumulative distribution at u (Devroye 1986, section III.2).

    P (..., n), u (...) -> int (...)

    u is uniform in [0, 1) and picks the class in whose stretch it falls. A class of probability 0 is never
    drawn, and a row's sum may miss 1 by rounding.
    """
    C = P.cumsum(axis=-1)
    u = u * C[..., -1]  # so u stays below the last sum, wherever rounding left it
    return (u[..., None] >= C).sum(axis=-1)
