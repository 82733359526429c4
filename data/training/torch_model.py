"""The transformers of the small models in torch, on parameters under the names that Headway gives them.

Pre-LN with learned positions and gelu: an encoder of images, a decoder, or an encoder and a decoder.
"""

import numpy as np
import torch
import torch.nn.functional as F
from headway.config import Config, init_parameters
from headway.model import Model, forward
from headway.positions import sinusoidal_positions

Parameters = dict[str, torch.Tensor]


def initial(config: Config, seed: int) -> Parameters:
    """Random parameters to train from, and positions that begin as sinusoids.

    A head that is to look one place back then finds one rotation for all places, instead of learning each.
    """
    parameters = init_parameters(config, np.random.default_rng(seed))
    for name, a in parameters.items():
        if name.endswith("position.W"):
            a[...] = 0.05 * sinusoidal_positions(*a.shape)
    return {name: torch.from_numpy(a).requires_grad_() for name, a in parameters.items()}


def scores(
    c: Config, P: Parameters, inputs: torch.Tensor, source: torch.Tensor = None, seen: torch.Tensor = None
) -> torch.Tensor:
    """The scores at every position. seen (B, Ts) is True where there is something to read in the source."""
    if c.patch:
        X = _stack(c, P, "encoder", _patches(c, P, inputs))
    else:
        states = None
        hidden = None if seen is None else seen[:, None, None, :]
        if c.encoder_layers:
            states = _stack(c, P, "encoder", F.embedding(source, P["token.W"]), hidden)
        X = _stack(c, P, "decoder", F.embedding(inputs, P["token.W"]), hidden, states)
    Z = X @ (P["token.W"].T if c.tied else P["unembed.W"])
    return Z + P["unembed.b"] if c.output_bias else Z


def _patches(c, P, images):
    squares = F.unfold(images, c.patch, stride=c.patch).mT  # (B, n, c p²)
    X = _linear(P, "encoder.patch", squares)
    return torch.cat([P["encoder.first"].expand(len(X), 1, -1), X], 1)


def _stack(c, P, stack, X, seen=None, states=None):
    X = X + P[f"{stack}.position.W"][: X.shape[1]]
    for i in range(c.decoder_layers if stack == "decoder" else c.encoder_layers):
        at = f"{stack}.{i}"
        Q, K, V = _linear(P, f"{at}.attention.QKV", _norm(c, P, f"{at}.attention.norm", X)).chunk(3, -1)
        if stack == "decoder":
            X = X + _attend(c, P, f"{at}.attention", Q, K, V, is_causal=True)
        else:
            X = X + _attend(c, P, f"{at}.attention", Q, K, V, attn_mask=seen)
        if states is not None:
            Q = _linear(P, f"{at}.cross.Q", _norm(c, P, f"{at}.cross.norm", X))
            K, V = _linear(P, f"{at}.cross.KV", states).chunk(2, -1)
            X = X + _attend(c, P, f"{at}.cross", Q, K, V, attn_mask=seen)
        hidden = F.gelu(_linear(P, f"{at}.mlp.in", _norm(c, P, f"{at}.mlp.norm", X)))
        X = X + _linear(P, f"{at}.mlp.out", hidden)
    return _norm(c, P, f"{stack}.norm", X)


def _attend(c, P, at, Q, K, V, **mask):
    Q, K, V = (X.unflatten(-1, (c.heads, -1)).transpose(1, 2) for X in (Q, K, V))
    A = F.scaled_dot_product_attention(Q, K, V, **mask)
    return _linear(P, f"{at}.O", A.transpose(1, 2).flatten(2))


def _linear(P, name, X):
    return X @ P[f"{name}.W"] + P[f"{name}.b"]


def _norm(c, P, name, X):
    return F.layer_norm(X, (c.width,), P[f"{name}.scale"], P[f"{name}.shift"], c.eps)


def fit(P: Parameters, loss, steps: int, rate: float, rise: float = 0.05, decay: float = 0.1) -> None:
    """Trains in place with AdamW on loss(step), of a batch; the rate rises for a share of the steps."""
    matrices = [p for p in P.values() if p.dim() > 1]
    others = [p for p in P.values() if p.dim() < 2]
    groups = [{"params": matrices, "weight_decay": decay}, {"params": others, "weight_decay": 0}]
    optimizer = torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.98))
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, rate, total_steps=steps, pct_start=rise, cycle_momentum=False
    )
    for step in range(steps):
        value = loss(step)
        optimizer.zero_grad()
        value.backward()
        torch.nn.utils.clip_grad_norm_(P.values(), 1.0)
        optimizer.step()
        schedule.step()
        if step % 100 == 0 or step == steps - 1:
            print(f"step {step}: loss {value.item():.4f}", flush=True)


def as_model(config: Config, P: Parameters) -> Model:
    """What Headway makes of it, in float16 as the files have it."""
    return Model(config, {name: p.detach().numpy().astype(np.float16) for name, p in P.items()})


def assert_same_scores(model: Model, *inputs: np.ndarray) -> float:
    """The largest difference between the scores of headway and of torch, which is that of rounding."""
    P = {name: torch.from_numpy(a) for name, a in model.parameters.items()}
    ours = forward(model, *inputs)
    theirs = scores(model.config, P, *map(torch.from_numpy, inputs)).numpy()
    apart = np.abs(ours - theirs).max()
    assert apart < 1e-4 * max(1, np.abs(theirs).max()), f"headway and torch are {apart} apart"
    return apart
