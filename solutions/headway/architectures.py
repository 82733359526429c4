"""Published architectures, each in one function: what `headway.model` makes of a config, written out."""

import numpy as np

from headway.attention import (
    attention,
    causal_mask,
    cross_attention,
    merge_heads,
    multi_head_attention,
    split_heads,
)
from headway.blocks import gelu_tanh, layer_norm, relu, rms_norm, swiglu
from headway.positions import rotary
from headway.tokens import embed, unembed


def decoder_block(
    X, C, W_Q, W_K, W_V, W_O, W_QC, W_KC, W_VC, W_OC, W_in, b_in, W_out, b_out, scale, shift, H, mask=None
):
    """A block that reads what was written so far, then asks another text (Vaswani et al. 2017, section 3.1).

    X (..., T, d), C (..., Tk, c), W_Q (d, d), W_K (d, d), W_V (d, d), W_O (d, d), W_QC (d, d), W_KC (c, d),
    W_VC (c, d), W_OC (d, d), W_in (d, h), b_in (h), W_out (h, d), b_out (d), scale (3, d), shift (3, d),
    H int (), [mask bool (..., T, Tk)] -> (..., T, d)

    X sees back only. mask is True where a position of X may look into C. Each of the three parts is followed
    by a norm, with a row of scale and of shift.
    """
    X = X + multi_head_attention(X, W_Q, W_K, W_V, W_O, H, causal_mask(X.shape[-2]))
    X = layer_norm(X, scale[0], shift[0])
    X = layer_norm(X + cross_attention(X, C, W_QC, W_KC, W_VC, W_OC, H, mask), scale[1], shift[1])
    return layer_norm(X + relu(X @ W_in + b_in) @ W_out + b_out, scale[2], shift[2])


def llama_block(X, W_Q, W_K, W_V, W_O, W_gate, W_in, W_out, scale, H, G):
    """A block of LLaMA: RMS norms, rotary positions, gated feed-forward layers (Touvron et al. 2023, 2.2).

    X (..., T, d), W_Q (d, d), W_K (d, k), W_V (d, k), W_O (d, d), W_gate (d, h), W_in (d, h), W_out (h, d),
    scale (2, d), H int (), G int () -> (..., T, d)

    X sees back only. Keys and values are those of G groups of heads; the first LLaMA has G = H. scale has a
    row for the norm before attention, and one for that before the feed-forward layer.
    """
    Y = rms_norm(X, scale[0])
    Q = rotary(split_heads(split_heads(Y @ W_Q, G), H // G))  # (..., G, H / G, T, dh)
    K, V = rotary(split_heads(Y @ W_K, G)), split_heads(Y @ W_V, G)  # (..., G, T, dh)
    heads = attention(Q, K[..., None, :, :], V[..., None, :, :], causal_mask(X.shape[-2]))
    X = X + merge_heads(merge_heads(heads)) @ W_O
    return X + swiglu(rms_norm(X, scale[1]), W_gate, W_in, W_out)


def gpt(
    ids, W_E, W_P, W_QKV, b_QKV, W_O, b_O, W_in, b_in, W_out, b_out, scale, shift, last_scale, last_shift, H
):
    """The scores of the next token at every position, by a whole GPT-2 (Radford et al. 2019, section 2.3).

    ids int (..., T), W_E (V, d), W_P (context, d), W_QKV (L, d, 3d), b_QKV (L, 3d), W_O (L, d, d),
    b_O (L, d), W_in (L, d, h), b_in (L, h), W_out (L, h, d), b_out (L, d), scale (L, 2, d), shift (L, 2, d),
    last_scale (d), last_shift (d), H int () -> (..., T, V)

    The first axis is that of the layers. Columns of W_QKV are all queries, then all keys, then all values;
    scale and shift are those of the norm before attention, then before the feed-forward layer.
    """
    T = ids.shape[-1]
    X = embed(ids, W_E) + W_P[:T]
    for i in range(len(W_QKV)):
        QKV = layer_norm(X, scale[i, 0], shift[i, 0]) @ W_QKV[i] + b_QKV[i]
        Q, K, V = np.split(split_heads(QKV, 3 * H), 3, axis=-3)  # (..., H, T, dh)
        X = X + merge_heads(attention(Q, K, V, causal_mask(T))) @ W_O[i] + b_O[i]
        hidden = gelu_tanh(layer_norm(X, scale[i, 1], shift[i, 1]) @ W_in[i] + b_in[i])
        X = X + hidden @ W_out[i] + b_out[i]
    return unembed(layer_norm(X, last_scale, last_shift), W_E.T)
