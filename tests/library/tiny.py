"""Tiny models with random weights, one for every way in which a config can differ."""

from dataclasses import replace

import numpy as np
from headway.config import Config, init_parameters
from headway.model import Model

SIZES = {"width": 12, "heads": 6, "hidden": 10, "vocabulary": 17}
SCORES = {"outputs": 17, "tied": True}

CONFIGS = {
    "gpt-2": Config(**SIZES, **SCORES, decoder_layers=2, context=15, activation="gelu_tanh"),
    "llama": Config(
        **SIZES,
        outputs=17,
        decoder_layers=2,
        groups=3,
        positions="rotary",
        norm="rms",
        activation="silu",
        gated=True,
        bias=False,
    ),
    "one group": Config(**SIZES, **SCORES, decoder_layers=2, groups=1, head_width=4, positions="rotary"),
    "post-ln": Config(**SIZES, **SCORES, decoder_layers=2, context=15, norm_first=False, norm_embedding=True),
    "sinusoidal": Config(**SIZES, **SCORES, decoder_layers=1, positions="sinusoidal", scaled_embedding=True),
    "no positions": Config(**SIZES, **SCORES, decoder_layers=2, positions="none", activation="relu"),
    "relative": Config(**SIZES, **SCORES, decoder_layers=2, positions="relative", buckets=6, span=9),
    "bert": Config(
        **SIZES, encoder_layers=2, context=15, segments=2, norm_first=False, norm_embedding=True, outputs=5
    ),
    "deberta": Config(
        **SIZES,
        encoder_layers=2,
        context=15,
        positions="disentangled",
        buckets=4,
        span=9,
        norm_first=False,
        norm_embedding=True,
    ),
    "vaswani": Config(
        **SIZES,
        **SCORES,
        encoder_layers=2,
        decoder_layers=2,
        positions="sinusoidal",
        norm_first=False,
        activation="relu",
        scaled_embedding=True,
    ),
    "t5": Config(
        **SIZES,
        outputs=17,
        encoder_layers=2,
        decoder_layers=1,
        positions="relative",
        buckets=6,
        span=9,
        norm="rms",
        bias=False,
    ),
    "vit": Config(
        width=12,
        heads=6,
        hidden=10,
        encoder_layers=2,
        context=13,
        patch=2,
        channels=3,
        outputs=5,
        output_bias=True,
    ),
}

DECODERS = tuple(name for name, config in CONFIGS.items() if config.decoder_layers)
BOTH = tuple(name for name in DECODERS if CONFIGS[name].encoder_layers)


def a_model(name, key=0, **changed):
    """Every number is drawn, scales and shifts too, so that nothing can be left out unseen."""
    rng, config = np.random.default_rng(key), replace(CONFIGS[name], **changed)
    parameters = init_parameters(config, rng)
    for a in parameters.values():
        a += 0.3 * rng.standard_normal(a.shape, np.float32)
    return Model(config, parameters)


def some_inputs(name, key=0, batch=(2,), T=7):
    """What `forward` takes: tokens, or images; and a source, where there is an encoder to read it."""
    rng = np.random.default_rng(key)
    if name == "vit":
        return {"inputs": rng.standard_normal((*batch, 3, 8, 6), np.float32)}
    inputs = {"inputs": rng.integers(0, 17, size=(*batch, T))}
    return inputs | ({"source": rng.integers(0, 17, size=(*batch, 9))} if name in BOTH else {})
