"""What a transformer is built like: one config for all of them, and the parameters that follow from it."""

from dataclasses import dataclass

import numpy as np

CHOICES = {
    "positions": ("learned", "sinusoidal", "rotary", "relative", "disentangled", "none"),
    "norm": ("layer", "rms"),
    "activation": ("gelu", "gelu_tanh", "silu", "relu"),
}

LOOKED_UP = ("token.W", "position.W", "segment.W", "relative.W", ".first")
"""Parameters that are vectors of things, not matrices that something is multiplied with."""


@dataclass(frozen=True)
class Config:
    """A transformer: an encoder whose blocks see the whole text, a decoder whose blocks see back, or both.

    Where there are both, the decoder's blocks ask what the encoder made of its text. An image is cut into
    patches, which take the place of tokens. A size of 0 stands for what a model does not have. GPT-2 is

    Config(width=768, heads=12, hidden=3072, decoder_layers=12, vocabulary=50257, context=1024,
    outputs=50257, tied=True, activation="gelu_tanh")
    """

    width: int  # d, of the residual stream
    heads: int  # H
    hidden: int  # h, of the feed-forward layers
    encoder_layers: int = 0
    decoder_layers: int = 0
    vocabulary: int = 0  # V
    context: int = 0  # positions at most; 0 is no limit
    outputs: int = 0  # scores at each position; without them a model hands back the residual stream
    output_bias: bool = False
    tied: bool = False  # the token matrix, transposed, gives the scores
    groups: int = 0  # G, heads for keys and values; 0 is as many as H
    head_width: int = 0  # dh; 0 is d / H
    segments: int = 0  # kinds of text that BERT tells apart
    patch: int = 0  # side of a patch, in pixels
    channels: int = 0  # colours of an image
    positions: str = "learned"
    base: float = 10_000.0  # of rotary
    buckets: int = 32  # of relative and disentangled
    span: int = 128  # the distance beyond which these see no difference
    norm: str = "layer"
    norm_first: bool = True  # pre-LN; otherwise post-LN
    norm_embedding: bool = False
    eps: float = 1e-5
    activation: str = "gelu"
    gated: bool = False  # feed-forward layers as swiglu has them
    bias: bool = True
    scaled_embedding: bool = False  # by √d, as Vaswani et al. 2017 have it in section 3.4

    def __post_init__(self):
        for name, known in CHOICES.items():
            if getattr(self, name) not in known:
                raise ValueError(f"{name} is {getattr(self, name)!r}, expected one of {', '.join(known)}")
        if self.width < 1 or self.heads < 1 or self.hidden < 1:
            raise ValueError(f"width {self.width}, heads {self.heads}, hidden {self.hidden}: each is ≥ 1")
        if not self.encoder_layers + self.decoder_layers:
            raise ValueError("a model without layers: set encoder_layers, decoder_layers or both")
        if not self.head_width and self.width % self.heads:
            raise ValueError(f"heads is {self.heads}, which does not divide width {self.width}")
        if self.groups and self.heads % self.groups:
            raise ValueError(f"groups is {self.groups}, which does not divide heads {self.heads}")
        if self.positions == "rotary" and self.dh % 2:
            raise ValueError(f"rotary turns pairs, but a head is {self.dh} wide: make it even")
        if self.positions == "learned" and not self.context:
            raise ValueError("learned positions end somewhere: set context")
        if self.positions == "disentangled" and (self.decoder_layers or self.heads != self.G):
            raise ValueError("disentangled positions are those of an encoder whose heads share no keys")
        if bool(self.vocabulary) == bool(self.patch):
            raise ValueError("a model reads tokens or images: set vocabulary or patch, and not both")
        if self.patch and (self.decoder_layers or not self.channels):
            raise ValueError("a model of images is an encoder: set channels, and no decoder_layers")
        if self.tied and self.outputs != self.vocabulary:
            raise ValueError(f"tied: there are {self.vocabulary} tokens, so outputs cannot be {self.outputs}")

    @property
    def G(self):
        """Heads for keys and values."""
        return self.groups or self.heads

    @property
    def dh(self):
        """Width of a head."""
        return self.head_width or self.width // self.heads


def parameter_shapes(config):
    """The shape of every parameter by its name, in the order in which the model uses them."""
    return dict(_shapes(config))


def _shapes(c):
    if c.vocabulary:
        yield "token.W", (c.vocabulary, c.width)
    for stack, layers in (("encoder", c.encoder_layers), ("decoder", c.decoder_layers)):
        if layers:
            yield from _embedding(c, stack)
            for i in range(layers):
                yield from _block(c, f"{stack}.{i}", asks=stack == "decoder" and bool(c.encoder_layers))
            if c.norm_first:
                yield from _norm(c, f"{stack}.norm")
    if c.outputs and not c.tied:
        yield "unembed.W", (c.width, c.outputs)
    if c.output_bias:
        yield "unembed.b", (c.outputs,)


def _embedding(c, stack):
    if c.patch:
        yield from _linear(f"{stack}.patch", c.channels * c.patch**2, c.width, bias=True)
        yield f"{stack}.first", (c.width,)
    if c.positions == "learned":
        yield f"{stack}.position.W", (c.context, c.width)
    if c.positions == "relative":
        yield f"{stack}.relative.W", (c.buckets, c.heads)
    if c.positions == "disentangled":
        yield f"{stack}.relative.W", (2 * c.buckets, c.width)
        yield from _norm(c, f"{stack}.relative.norm")
    if c.segments and stack == "encoder":
        yield f"{stack}.segment.W", (c.segments, c.width)
    if c.norm_embedding:
        yield from _norm(c, f"{stack}.embedding.norm")


def _block(c, at, asks):
    yield from _norm(c, f"{at}.attention.norm")
    yield from _linear(f"{at}.attention.QKV", c.width, (c.heads + 2 * c.G) * c.dh, c.bias)
    yield from _linear(f"{at}.attention.O", c.heads * c.dh, c.width, c.bias)
    if asks:
        yield from _norm(c, f"{at}.cross.norm")
        yield from _linear(f"{at}.cross.Q", c.width, c.heads * c.dh, c.bias)
        yield from _linear(f"{at}.cross.KV", c.width, 2 * c.G * c.dh, c.bias)
        yield from _linear(f"{at}.cross.O", c.heads * c.dh, c.width, c.bias)
    yield from _norm(c, f"{at}.mlp.norm")
    yield from _linear(f"{at}.mlp.in", c.width, c.hidden * (2 if c.gated else 1), c.bias)
    yield from _linear(f"{at}.mlp.out", c.hidden, c.width, c.bias)


def _linear(name, m, n, bias):
    yield f"{name}.W", (m, n)
    if bias:
        yield f"{name}.b", (n,)


def _norm(c, name):
    yield f"{name}.scale", (c.width,)
    if c.norm == "layer":
        yield f"{name}.shift", (c.width,)


def init_parameters(config, rng):
    """Random parameters to train from, in float32.

    Embeddings have deviation 0.02 (Radford et al. 2018, section 4.1). A matrix with m rows has 1/√m, so that
    what it makes is as large as what it is given; one that writes to the residual stream is divided by the
    root of the number of writers, so that their sum keeps its size too (Radford et al. 2019, section 2.3).
    """
    parameters = {name: np.empty(shape, np.float32) for name, shape in parameter_shapes(config).items()}
    for name, a in parameters.items():
        if name.endswith((".b", ".shift")):
            a[...] = 0
        elif name.endswith(".scale"):
            a[...] = 1
        else:
            a[...] = rng.standard_normal(a.shape, np.float32) * _deviation(config, name, len(a))
    return parameters


def _deviation(config, name, rows):
    if name.endswith(LOOKED_UP):
        return 0.02
    asks = bool(config.encoder_layers)
    writers = 2 * config.encoder_layers if name.startswith("encoder") else (2 + asks) * config.decoder_layers
    return (rows * writers) ** -0.5 if name.endswith((".O.W", ".out.W")) else rows**-0.5
