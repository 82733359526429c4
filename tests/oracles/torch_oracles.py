"""What torch gives where the library gives something: its own functions, called as its documentation says."""

import numpy as np
import torch
from torch.nn import functional


def one_hot(ids, n):
    known = (ids >= 0) & (ids < n)  # torch refuses ids that are no class
    return functional.one_hot(torch.where(known, ids, n), n + 1)[..., :n].double()


def outer_difference(x, y):
    return x.unsqueeze(-1) - y.unsqueeze(-2)


def pairwise_equal(X, Y):
    return (X.unsqueeze(-2) == Y.unsqueeze(-3)).all(dim=-1)


def gather_last(A, index):
    return A.gather(-1, index[..., None]).squeeze(-1)


def window_mean(X, w):
    *rows, T, d = X.shape
    entries = functional.pad(X.reshape(-1, T, d).mT, (w - 1, 0))  # (rows, d, T + w - 1)
    seen = functional.pad(torch.ones_like(entries[..., w - 1 :]), (w - 1, 0))
    means = functional.avg_pool1d(entries, w, stride=1) / functional.avg_pool1d(seen, w, stride=1)
    return means.mT.reshape(*rows, T, d)


def run_lengths(x):
    t = torch.arange(x.shape[-1]).expand(x.shape)
    begins = functional.pad(x[..., 1:] != x[..., :-1], (1, 0), value=True)
    return t + 1 - torch.where(begins, t, 0).cummax(dim=-1).values


def softmax(Z):
    return functional.softmax(Z, dim=-1)


def logsumexp(Z):
    return torch.logsumexp(Z, dim=-1)


def log_softmax(Z):
    return functional.log_softmax(Z, dim=-1)


def cross_entropy(Z, targets, ignore=-1):
    return functional.cross_entropy(Z.flatten(0, -2), targets.flatten(), ignore_index=ignore)


def sample_categorical(P, u):
    C = P.cumsum(dim=-1)
    return torch.searchsorted(C, (u * C[..., -1])[..., None], right=True)[..., 0]


def embed(ids, W_E):
    return functional.embedding(ids, W_E)


def unembed(X, W_U):
    return functional.linear(X, W_U.T)


def sinusoidal_positions(T, d):
    angles = _angles(T, d)
    return torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(-2)


def rotary(X):
    turn = torch.polar(torch.ones((), dtype=torch.double), _angles(*X.shape[-2:]))
    pairs = torch.view_as_complex(X.double().unflatten(-1, (-1, 2)).contiguous())
    return torch.view_as_real(pairs * turn).flatten(-2).to(X.dtype)


def _angles(T, d):
    speeds = torch.pow(
        torch.tensor(10_000.0, dtype=torch.double), -torch.arange(0, d, 2, dtype=torch.double) / d
    )
    return torch.outer(torch.arange(T, dtype=torch.double), speeds)


def alibi_bias(T, H):
    t = torch.arange(T, dtype=torch.double)
    slopes = torch.exp2(-8 * torch.arange(1, H + 1, dtype=torch.double) / H)
    return -slopes[:, None, None] * torch.cdist(t[:, None], t[:, None], p=1)


def causal_mask(T):
    return torch.ones(T, T, dtype=torch.bool).tril()


def padding_mask(lengths, T):
    return (torch.arange(T) < lengths.flatten()[:, None]).reshape(*lengths.shape, 1, T)


def attention(Q, K, V, mask=None):
    rows = torch.broadcast_shapes(*(a.shape[:-2] for a in (Q, K, V) if a is not None))
    Q, K, V = (a.expand(*rows, *a.shape[-2:]) for a in (Q, K, V))
    return functional.scaled_dot_product_attention(Q, K, V, attn_mask=mask)


def split_heads(X, H):
    return X.unflatten(-1, (H, X.shape[-1] // H)).transpose(-2, -3)


def merge_heads(X):
    return X.transpose(-2, -3).flatten(-2)


def multi_head_attention(X, W_Q, W_K, W_V, W_O, H, mask=None):
    return cross_attention(X, X, W_Q, W_K, W_V, W_O, H, mask)


def cross_attention(X, C, W_Q, W_K, W_V, W_O, H, mask=None):
    *rows, T, d = X.shape
    Tk, c = C.shape[-2:]
    layer = torch.nn.MultiheadAttention(d, H, bias=False, kdim=c, vdim=c, batch_first=True, dtype=X.dtype)
    layer.load_state_dict(_inputs(W_Q, W_K, W_V) | {"out_proj.weight": W_O.T})
    X, C = X.reshape(-1, T, d), C.expand(*rows, Tk, c).reshape(-1, Tk, c)
    if mask is not None:  # torch has a mask for each head, and marks what is hidden
        mask = ~mask.expand(*rows, T, Tk).reshape(-1, 1, T, Tk).expand(-1, H, T, Tk).reshape(-1, T, Tk)
    with torch.no_grad():
        found, _ = layer(X, C, C, attn_mask=mask, need_weights=False)
    return found.reshape(*rows, T, d)


def _inputs(W_Q, W_K, W_V):
    """The three matrices under the names that torch has for them: one, where all are of the same size."""
    if W_Q.shape == W_K.shape:
        return {"in_proj_weight": torch.cat([W_Q.T, W_K.T, W_V.T])}
    names = ("q_proj_weight", "k_proj_weight", "v_proj_weight")
    return {name: W.T for name, W in zip(names, (W_Q, W_K, W_V), strict=True)}


def grouped_query_attention(X, W_Q, W_K, W_V, W_O, H, G, mask=None):
    Q, K, V = split_heads(X @ W_Q, H), split_heads(X @ W_K, G), split_heads(X @ W_V, G)
    mask = None if mask is None else mask[..., None, :, :]
    found = functional.scaled_dot_product_attention(Q, K, V, attn_mask=mask, enable_gqa=True)
    return merge_heads(found) @ W_O


def cached_attention(X, K, V, W_Q, W_K, W_V, W_O):
    H, t = K.shape[-3:-1]
    K = torch.cat([K.expand(*X.shape[:-2], *K.shape[-3:]), split_heads(X @ W_K, H)], dim=-2)
    V = torch.cat([V.expand(*X.shape[:-2], *V.shape[-3:]), split_heads(X @ W_V, H)], dim=-2)
    hidden = torch.ones(X.shape[-2], K.shape[-2], dtype=torch.bool).triu(t + 1)
    found = functional.scaled_dot_product_attention(split_heads(X @ W_Q, H), K, V, attn_mask=~hidden)
    return merge_heads(found) @ W_O, K, V


def rotary_at(X, t, base=10_000):
    d = X.shape[-1]
    speeds = torch.tensor(float(base), dtype=torch.double) ** (-torch.arange(0, d, 2, dtype=torch.double) / d)
    turn = torch.polar(torch.ones((), dtype=torch.double), t.double()[..., None] * speeds)
    pairs = torch.view_as_complex(X.double().unflatten(-1, (-1, 2)).contiguous())
    return torch.view_as_real(pairs * turn).flatten(-2).to(X.dtype)


def layer_norm(X, scale, shift=0.0, eps=1e-5):
    X = X - X[..., :1]  # cancels with the mean, and torch is imprecise far from zero
    return functional.layer_norm(X, X.shape[-1:], scale, eps=eps) + shift


def rms_norm(X, scale, eps=1e-6):
    return functional.rms_norm(X, X.shape[-1:], scale, eps=eps)


def gelu_tanh(X):
    return functional.gelu(X, approximate="tanh")


def silu(X):
    return functional.silu(X)


def mlp(X, W_in, b_in, W_out, b_out):
    hidden = functional.gelu(functional.linear(X, W_in.T, b_in))
    return functional.linear(hidden, W_out.T, b_out)


def swiglu(X, W_gate, W_in, W_out):
    return (functional.silu(X @ W_gate) * (X @ W_in)) @ W_out


def pre_ln_block(
    X, scale_1, shift_1, W_Q, W_K, W_V, W_O, scale_2, shift_2, W_in, b_in, W_out, b_out, H, mask=None
):
    X = X + multi_head_attention(layer_norm(X, scale_1, shift_1), W_Q, W_K, W_V, W_O, H, mask)
    return X + mlp(layer_norm(X, scale_2, shift_2), W_in, b_in, W_out, b_out)


def post_ln_block(
    X, scale_1, shift_1, W_Q, W_K, W_V, W_O, scale_2, shift_2, W_in, b_in, W_out, b_out, H, mask=None
):
    X = layer_norm(X + multi_head_attention(X, W_Q, W_K, W_V, W_O, H, mask), scale_1, shift_1)
    return layer_norm(X + mlp(X, W_in, b_in, W_out, b_out), scale_2, shift_2)


def patches(images, p):
    rows = images.reshape(-1, *images.shape[-3:])
    return functional.unfold(rows, p, stride=p).mT.reshape(*images.shape[:-3], -1, images.shape[-3] * p * p)


def relative_buckets(steps, n, span, back_only=False):
    m = n if back_only else n // 2
    e = m // 2
    growth = torch.arange(1, m - e, dtype=torch.double) / (m - e)
    borders = torch.cat([torch.arange(1, e + 1), e * (span / e) ** growth * (1 - 1e-12)])
    distance = (-steps).clamp(min=0) if back_only else steps.abs()
    side = 0 if back_only else torch.where(steps > 0, m, 0)
    return torch.bucketize(distance.double(), borders, right=True) + side


def relative_bias(table, queries, keys, span=128, back_only=False):
    buckets = relative_buckets(keys - queries[:, None], len(table), span, back_only)
    return functional.embedding(buckets, table).movedim(-1, 0).contiguous()


def disentangled_scores(Q, K, K_R, Q_R, index):
    T, d = Q.shape[-2:]
    index = index.expand(*Q.shape[:-2], T, T)
    content_to_position = (Q @ K_R.mT).gather(-1, index)
    position_to_content = (K @ Q_R.mT).gather(-1, index.mT).mT
    return (Q @ K.mT + content_to_position + position_to_content) / (3 * d) ** 0.5


def decoder_block(
    X, C, W_Q, W_K, W_V, W_O, W_QC, W_KC, W_VC, W_OC, W_in, b_in, W_out, b_out, scale, shift, H, mask=None
):
    def normed(X, part):
        return functional.layer_norm(X, X.shape[-1:], scale[part], shift[part])

    X = normed(X + cross_attention(X, X, W_Q, W_K, W_V, W_O, H, causal_mask(X.shape[-2])), 0)
    X = normed(X + cross_attention(X, C, W_QC, W_KC, W_VC, W_OC, H, mask), 1)
    hidden = functional.relu(functional.linear(X, W_in.T, b_in))
    return normed(X + functional.linear(hidden, W_out.T, b_out), 2)


def llama_block(X, W_Q, W_K, W_V, W_O, W_gate, W_in, W_out, scale, H, G):
    Y = functional.rms_norm(X, X.shape[-1:], scale[0], eps=1e-6)
    Q, K, V = split_heads(Y @ W_Q, H), split_heads(Y @ W_K, G), split_heads(Y @ W_V, G)
    found = functional.scaled_dot_product_attention(rotary(Q), rotary(K), V, is_causal=True, enable_gqa=True)
    X = X + merge_heads(found) @ W_O
    Y = functional.rms_norm(X, X.shape[-1:], scale[1], eps=1e-6)
    return X + (functional.silu(Y @ W_gate) * (Y @ W_in)) @ W_out


def gpt(
    ids, W_E, W_P, W_QKV, b_QKV, W_O, b_O, W_in, b_in, W_out, b_out, scale, shift, last_scale, last_shift, H
):
    X = functional.embedding(ids, W_E) + W_P[: ids.shape[-1]]
    for i in range(len(W_QKV)):
        Y = functional.layer_norm(X, X.shape[-1:], scale[i, 0], shift[i, 0])
        QKV = functional.linear(Y, W_QKV[i].T, b_QKV[i])
        heads = [split_heads(part, H) for part in QKV.chunk(3, dim=-1)]
        found = functional.scaled_dot_product_attention(*heads, is_causal=True)
        X = X + functional.linear(merge_heads(found), W_O[i].T, b_O[i])
        Y = functional.layer_norm(X, X.shape[-1:], scale[i, 1], shift[i, 1])
        hidden = functional.gelu(functional.linear(Y, W_in[i].T, b_in[i]), approximate="tanh")
        X = X + functional.linear(hidden, W_out[i].T, b_out[i])
    return functional.layer_norm(X, X.shape[-1:], last_scale, last_shift) @ W_E.T


def mean_pool(X, mask):
    return functional.normalize(X.masked_fill(~mask[..., None], 0).sum(dim=-2), dim=-1)


def nearest(Q, D, k):
    return (Q @ D.T).argsort(dim=-1, descending=True, stable=True)[..., :k]


def keep_top(Z, k):
    last = Z.topk(min(k, Z.shape[-1]), dim=-1).values[..., -1:]
    return Z.masked_fill(last > Z, -torch.inf)


def keep_nucleus(Z, p):
    P, order = functional.softmax(Z, dim=-1).sort(dim=-1, descending=True, stable=True)
    before = functional.pad(P.double().cumsum(dim=-1)[..., :-1], (1, 0))
    dropped = (before >= p).index_fill(-1, torch.tensor([0]), False)
    return Z.masked_fill(torch.zeros_like(dropped).scatter(-1, order, dropped), -torch.inf)


def penalise(Z, ids, theta):
    z = Z.gather(-1, ids)
    return Z.scatter(-1, ids, torch.where(z > 0, z / theta, z * theta))


def next_probabilities(Z, temperature=1.0, k=None, p=None):
    if temperature == 0:
        return functional.one_hot(Z.argmax(dim=-1), Z.shape[-1]).to(Z.dtype)
    Z = Z / temperature
    Z = Z if k is None else keep_top(Z, k)
    return functional.softmax(Z if p is None else keep_nucleus(Z, p), dim=-1)


def beam_step(found, ended, Z, stop):
    *rows, W, V = Z.shape
    only_stop = torch.full((V,), -torch.inf, dtype=Z.dtype).index_fill(0, torch.tensor([stop]), 0)
    total = found[..., None] + torch.where(ended[..., None], only_stop, functional.log_softmax(Z, dim=-1))
    best = total.reshape(*rows, W * V).sort(dim=-1, descending=True, stable=True)
    places = best.indices[..., :W]
    return places // V, places % V, best.values[..., :W]


def accept_drafts(P, Q, drafted, u, v):
    n = drafted.shape[-1]
    wanted = P[..., :n, :].gather(-1, drafted[..., None]).squeeze(-1)
    offered = Q.gather(-1, drafted[..., None]).squeeze(-1)
    kept = (u * offered < wanted).long().cumprod(dim=-1).sum(dim=-1)
    row = kept[..., None, None].expand(*kept.shape, 1, P.shape[-1])
    P, Q = P.gather(-2, row).squeeze(-2), functional.pad(Q, (0, 0, 0, 1)).gather(-2, row).squeeze(-2)
    rest = functional.relu(P - Q).double()
    return kept, sample_categorical(torch.where(rest.any(dim=-1, keepdim=True), rest, P.double()), v)


def called(function, inputs):
    """The results of a function above for numpy inputs, as numpy arrays."""
    tensors = {
        name: torch.from_numpy(np.ascontiguousarray(value)) if np.ndim(value) else np.asarray(value).item()
        for name, value in inputs.items()
    }
    results = function(**tensors)
    return [result.numpy() for result in (results if isinstance(results, tuple) else (results,))]
