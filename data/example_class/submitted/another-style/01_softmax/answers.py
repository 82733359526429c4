"""Softmax and its kin, short."""

import numpy as np


def normalise(E):
    return E / E.sum(-1, keepdims=True)


softmax = lambda Z: normalise(np.exp(Z - Z.max(-1, keepdims=True)))


def logsumexp(Z: np.ndarray) -> np.ndarray:
    return np.logaddexp.reduce(Z, axis=-1)


def log_softmax(Z: np.ndarray) -> np.ndarray:
    return Z - logsumexp(Z)[..., None]


def cross_entropy(Z, targets, ignore=-1):
    """One-hot targets, with rows of nothing where a target is ignored."""
    kept = targets != ignore
    hot = (np.arange(Z.shape[-1]) == targets[..., None]) & kept[..., None]
    return -np.where(hot, log_softmax(Z), 0).sum() / max(int(kept.sum()), 1)


def sample_categorical(P, u):
    C = np.cumsum(P, axis=-1)
    return np.argmax(C > u[..., None] * C[..., -1:], axis=-1)
