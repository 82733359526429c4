"""Whole GPTs and blocks of architectures: wrong as people get them wrong, and right in other styles."""

import numpy as np
from headway.attention import (
    attention,
    causal_mask,
    cross_attention,
    merge_heads,
    multi_head_attention,
    split_heads,
)
from headway.blocks import gelu_tanh, layer_norm, relu, rms_norm, silu, swiglu
from headway.numerics import softmax
from headway.positions import rotary
from headway.tokens import embed, unembed

from headway_grader.wrong.tags import honest, mistake


@mistake(of="decoder_block", says="by letting a position see what is written after it")
def decoder_block_sees_all(
    X, C, W_Q, W_K, W_V, W_O, W_QC, W_KC, W_VC, W_OC, W_in, b_in, W_out, b_out, scale, shift, H, mask=None
):
    X = X + multi_head_attention(X, W_Q, W_K, W_V, W_O, H)
    X = layer_norm(X, scale[0], shift[0])
    X = layer_norm(X + cross_attention(X, C, W_QC, W_KC, W_VC, W_OC, H, mask), scale[1], shift[1])
    return layer_norm(X + relu(X @ W_in + b_in) @ W_out + b_out, scale[2], shift[2])


@mistake(of="decoder_block", says="by norming what each part reads instead of what it has written")
def decoder_block_pre_ln(
    X, C, W_Q, W_K, W_V, W_O, W_QC, W_KC, W_VC, W_OC, W_in, b_in, W_out, b_out, scale, shift, H, mask=None
):
    Y = layer_norm(X, scale[0], shift[0])
    X = X + multi_head_attention(Y, W_Q, W_K, W_V, W_O, H, causal_mask(X.shape[-2]))
    Y = layer_norm(X, scale[1], shift[1])
    X = X + cross_attention(Y, C, W_QC, W_KC, W_VC, W_OC, H, mask)
    return X + relu(layer_norm(X, scale[2], shift[2]) @ W_in + b_in) @ W_out + b_out


@mistake(of="decoder_block", says="by hiding what comes later in the second text, which is known whole")
def decoder_block_second_text_causal(
    X, C, W_Q, W_K, W_V, W_O, W_QC, W_KC, W_VC, W_OC, W_in, b_in, W_out, b_out, scale, shift, H, mask=None
):
    X = X + multi_head_attention(X, W_Q, W_K, W_V, W_O, H, causal_mask(X.shape[-2]))
    X = layer_norm(X, scale[0], shift[0])
    seen = np.tri(X.shape[-2], C.shape[-2], dtype=bool)
    seen = seen if mask is None else seen & mask
    X = layer_norm(X + cross_attention(X, C, W_QC, W_KC, W_VC, W_OC, H, seen), scale[1], shift[1])
    return layer_norm(X + relu(X @ W_in + b_in) @ W_out + b_out, scale[2], shift[2])


@mistake(of="decoder_block", says="by asking the second text before the own one")
def decoder_block_asks_first(
    X, C, W_Q, W_K, W_V, W_O, W_QC, W_KC, W_VC, W_OC, W_in, b_in, W_out, b_out, scale, shift, H, mask=None
):
    X = layer_norm(X + cross_attention(X, C, W_QC, W_KC, W_VC, W_OC, H, mask), scale[0], shift[0])
    X = X + multi_head_attention(X, W_Q, W_K, W_V, W_O, H, causal_mask(X.shape[-2]))
    X = layer_norm(X, scale[1], shift[1])
    return layer_norm(X + relu(X @ W_in + b_in) @ W_out + b_out, scale[2], shift[2])


@mistake(of="decoder_block", says="by norming at the end of the block only")
def decoder_block_normed_once(
    X, C, W_Q, W_K, W_V, W_O, W_QC, W_KC, W_VC, W_OC, W_in, b_in, W_out, b_out, scale, shift, H, mask=None
):
    X = X + multi_head_attention(X, W_Q, W_K, W_V, W_O, H, causal_mask(X.shape[-2]))
    X = X + cross_attention(X, C, W_QC, W_KC, W_VC, W_OC, H, mask)
    return layer_norm(X + relu(X @ W_in + b_in) @ W_out + b_out, scale[2], shift[2])


@mistake(of="decoder_block", says="by letting what the second text answers take the place of the stream")
def decoder_block_answer_replaces(
    X, C, W_Q, W_K, W_V, W_O, W_QC, W_KC, W_VC, W_OC, W_in, b_in, W_out, b_out, scale, shift, H, mask=None
):
    X = X + multi_head_attention(X, W_Q, W_K, W_V, W_O, H, causal_mask(X.shape[-2]))
    X = layer_norm(X, scale[0], shift[0])
    X = layer_norm(cross_attention(X, C, W_QC, W_KC, W_VC, W_OC, H, mask), scale[1], shift[1])
    return layer_norm(X + relu(X @ W_in + b_in) @ W_out + b_out, scale[2], shift[2])


@mistake(of="decoder_block", says="by taking the norms from the last to the first")
def decoder_block_norms_reversed(
    X, C, W_Q, W_K, W_V, W_O, W_QC, W_KC, W_VC, W_OC, W_in, b_in, W_out, b_out, scale, shift, H, mask=None
):
    scale, shift = scale[::-1], shift[::-1]
    X = X + multi_head_attention(X, W_Q, W_K, W_V, W_O, H, causal_mask(X.shape[-2]))
    X = layer_norm(X, scale[0], shift[0])
    X = layer_norm(X + cross_attention(X, C, W_QC, W_KC, W_VC, W_OC, H, mask), scale[1], shift[1])
    return layer_norm(X + relu(X @ W_in + b_in) @ W_out + b_out, scale[2], shift[2])


@mistake(of="decoder_block", says="by a gelu where this block has a ReLU")
def decoder_block_smooth(
    X, C, W_Q, W_K, W_V, W_O, W_QC, W_KC, W_VC, W_OC, W_in, b_in, W_out, b_out, scale, shift, H, mask=None
):
    X = X + multi_head_attention(X, W_Q, W_K, W_V, W_O, H, causal_mask(X.shape[-2]))
    X = layer_norm(X, scale[0], shift[0])
    X = layer_norm(X + cross_attention(X, C, W_QC, W_KC, W_VC, W_OC, H, mask), scale[1], shift[1])
    return layer_norm(X + gelu_tanh(X @ W_in + b_in) @ W_out + b_out, scale[2], shift[2])


@mistake(of="decoder_block", says="by not looking at the mask of the second text")
def decoder_block_without_mask(
    X, C, W_Q, W_K, W_V, W_O, W_QC, W_KC, W_VC, W_OC, W_in, b_in, W_out, b_out, scale, shift, H, mask=None
):
    X = X + multi_head_attention(X, W_Q, W_K, W_V, W_O, H, causal_mask(X.shape[-2]))
    X = layer_norm(X, scale[0], shift[0])
    X = layer_norm(X + cross_attention(X, C, W_QC, W_KC, W_VC, W_OC, H), scale[1], shift[1])
    return layer_norm(X + relu(X @ W_in + b_in) @ W_out + b_out, scale[2], shift[2])


@mistake(of="decoder_block", says="by hiding where the mask is True instead of where it is False")
def decoder_block_mask_inverted(
    X, C, W_Q, W_K, W_V, W_O, W_QC, W_KC, W_VC, W_OC, W_in, b_in, W_out, b_out, scale, shift, H, mask=None
):
    X = X + multi_head_attention(X, W_Q, W_K, W_V, W_O, H, causal_mask(X.shape[-2]))
    X = layer_norm(X, scale[0], shift[0])
    X = layer_norm(
        X + cross_attention(X, C, W_QC, W_KC, W_VC, W_OC, H, None if mask is None else ~mask),
        scale[1],
        shift[1],
    )
    return layer_norm(X + relu(X @ W_in + b_in) @ W_out + b_out, scale[2], shift[2])


@mistake(of="decoder_block", says="by a ReLU against np.zeros, which are float64")
def decoder_block_in_float64(
    X, C, W_Q, W_K, W_V, W_O, W_QC, W_KC, W_VC, W_OC, W_in, b_in, W_out, b_out, scale, shift, H, mask=None
):
    X = X + multi_head_attention(X, W_Q, W_K, W_V, W_O, H, causal_mask(X.shape[-2]))
    X = layer_norm(X, scale[0], shift[0])
    X = layer_norm(X + cross_attention(X, C, W_QC, W_KC, W_VC, W_OC, H, mask), scale[1], shift[1])
    return layer_norm(
        X + np.maximum(np.zeros(b_in.shape), X @ W_in + b_in) @ W_out + b_out, scale[2], shift[2]
    )


@mistake(of="decoder_block", says="by adding to X in place, which changes the caller's array")
def decoder_block_in_place(
    X, C, W_Q, W_K, W_V, W_O, W_QC, W_KC, W_VC, W_OC, W_in, b_in, W_out, b_out, scale, shift, H, mask=None
):
    X += multi_head_attention(X, W_Q, W_K, W_V, W_O, H, causal_mask(X.shape[-2]))
    X = layer_norm(X, scale[0], shift[0])
    X = layer_norm(X + cross_attention(X, C, W_QC, W_KC, W_VC, W_OC, H, mask), scale[1], shift[1])
    return layer_norm(X + relu(X @ W_in + b_in) @ W_out + b_out, scale[2], shift[2])


@honest(of="decoder_block")
def decoder_block_with_the_mask_of_texts(
    X, C, W_Q, W_K, W_V, W_O, W_QC, W_KC, W_VC, W_OC, W_in, b_in, W_out, b_out, scale, shift, H, mask=None
):
    T, Tk = X.shape[-2], C.shape[-2]
    seen = np.arange(T)[:, None] >= np.arange(T)
    answers = np.ones((T, Tk), dtype=bool) if mask is None else mask
    X = layer_norm(X + cross_attention(X, X, W_Q, W_K, W_V, W_O, H, seen), scale[0], shift[0])
    X = layer_norm(X + cross_attention(X, C, W_QC, W_KC, W_VC, W_OC, H, answers), scale[1], shift[1])
    hidden = np.einsum("...td,dh->...th", X, W_in) + b_in
    return layer_norm(X + np.where(hidden > 0, hidden, 0) @ W_out + b_out, scale[2], shift[2])


@honest(of="decoder_block")
def decoder_block_head_axes(
    X, C, W_Q, W_K, W_V, W_O, W_QC, W_KC, W_VC, W_OC, W_in, b_in, W_out, b_out, scale, shift, H, mask=None
):
    def heads(X, C, W_Q, W_K, W_V, W_O, mask):
        Q, K, V = split_heads(X @ W_Q, H), split_heads(C @ W_K, H), split_heads(C @ W_V, H)
        return merge_heads(attention(Q, K, V, mask)) @ W_O

    def normed(X, part):
        X = X - X.mean(axis=-1, keepdims=True)
        return X / np.sqrt((X * X).mean(axis=-1, keepdims=True) + 1e-5) * scale[part] + shift[part]

    X = normed(X + heads(X, X, W_Q, W_K, W_V, W_O, causal_mask(X.shape[-2])), 0)
    mask = None if mask is None else np.expand_dims(mask, -3)
    X = normed(X + heads(X, C, W_QC, W_KC, W_VC, W_OC, mask), 1)
    return normed(X + (np.maximum(X @ W_in + b_in, 0) @ W_out + b_out), 2)


@mistake(of="llama_block", says="without turning queries and keys by their positions")
def llama_block_without_rotary(X, W_Q, W_K, W_V, W_O, W_gate, W_in, W_out, scale, H, G):
    Y = rms_norm(X, scale[0])
    Q = split_heads(split_heads(Y @ W_Q, G), H // G)
    K, V = split_heads(Y @ W_K, G), split_heads(Y @ W_V, G)
    heads = attention(Q, K[..., None, :, :], V[..., None, :, :], causal_mask(X.shape[-2]))
    X = X + merge_heads(merge_heads(heads)) @ W_O
    return X + swiglu(rms_norm(X, scale[1]), W_gate, W_in, W_out)


@mistake(of="llama_block", says="by turning the values, too")
def llama_block_values_turned(X, W_Q, W_K, W_V, W_O, W_gate, W_in, W_out, scale, H, G):
    Y = rms_norm(X, scale[0])
    Q = rotary(split_heads(split_heads(Y @ W_Q, G), H // G))
    K, V = rotary(split_heads(Y @ W_K, G)), rotary(split_heads(Y @ W_V, G))
    heads = attention(Q, K[..., None, :, :], V[..., None, :, :], causal_mask(X.shape[-2]))
    X = X + merge_heads(merge_heads(heads)) @ W_O
    return X + swiglu(rms_norm(X, scale[1]), W_gate, W_in, W_out)


@mistake(of="llama_block", says="by turning pairs of the whole width, before it is split into heads")
def llama_block_turned_before_splitting(X, W_Q, W_K, W_V, W_O, W_gate, W_in, W_out, scale, H, G):
    Y = rms_norm(X, scale[0])
    Q = split_heads(split_heads(rotary(Y @ W_Q), G), H // G)
    K, V = split_heads(rotary(Y @ W_K), G), split_heads(Y @ W_V, G)
    heads = attention(Q, K[..., None, :, :], V[..., None, :, :], causal_mask(X.shape[-2]))
    X = X + merge_heads(merge_heads(heads)) @ W_O
    return X + swiglu(rms_norm(X, scale[1]), W_gate, W_in, W_out)


@mistake(of="llama_block", says="without a causal mask")
def llama_block_sees_all(X, W_Q, W_K, W_V, W_O, W_gate, W_in, W_out, scale, H, G):
    Y = rms_norm(X, scale[0])
    Q = rotary(split_heads(split_heads(Y @ W_Q, G), H // G))
    K, V = rotary(split_heads(Y @ W_K, G)), split_heads(Y @ W_V, G)
    heads = attention(Q, K[..., None, :, :], V[..., None, :, :])
    X = X + merge_heads(merge_heads(heads)) @ W_O
    return X + swiglu(rms_norm(X, scale[1]), W_gate, W_in, W_out)


@mistake(of="llama_block", says="by norms that take off the mean")
def llama_block_layer_norms(X, W_Q, W_K, W_V, W_O, W_gate, W_in, W_out, scale, H, G):
    Y = layer_norm(X, scale[0])
    Q = rotary(split_heads(split_heads(Y @ W_Q, G), H // G))
    K, V = rotary(split_heads(Y @ W_K, G)), split_heads(Y @ W_V, G)
    heads = attention(Q, K[..., None, :, :], V[..., None, :, :], causal_mask(X.shape[-2]))
    X = X + merge_heads(merge_heads(heads)) @ W_O
    return X + swiglu(layer_norm(X, scale[1]), W_gate, W_in, W_out)


@mistake(of="llama_block", says="by a silu of what W_in makes instead of what W_gate makes")
def llama_block_other_gate(X, W_Q, W_K, W_V, W_O, W_gate, W_in, W_out, scale, H, G):
    Y = rms_norm(X, scale[0])
    Q = rotary(split_heads(split_heads(Y @ W_Q, G), H // G))
    K, V = rotary(split_heads(Y @ W_K, G)), split_heads(Y @ W_V, G)
    heads = attention(Q, K[..., None, :, :], V[..., None, :, :], causal_mask(X.shape[-2]))
    X = X + merge_heads(merge_heads(heads)) @ W_O
    return X + swiglu(rms_norm(X, scale[1]), W_in, W_gate, W_out)


@mistake(of="llama_block", says="by dealing the heads out, so that neighbours ask different groups")
def llama_block_groups_dealt_out(X, W_Q, W_K, W_V, W_O, W_gate, W_in, W_out, scale, H, G):
    Y = rms_norm(X, scale[0])
    Q = rotary(split_heads(split_heads(Y @ W_Q, H // G), G).swapaxes(-3, -4))
    K, V = rotary(split_heads(Y @ W_K, G)), split_heads(Y @ W_V, G)
    heads = attention(Q, K[..., None, :, :], V[..., None, :, :], causal_mask(X.shape[-2]))
    X = X + merge_heads(merge_heads(heads.swapaxes(-3, -4))) @ W_O
    return X + swiglu(rms_norm(X, scale[1]), W_gate, W_in, W_out)


@mistake(of="llama_block", says="by letting the feed-forward layer read the stream from before attention")
def llama_block_parallel(X, W_Q, W_K, W_V, W_O, W_gate, W_in, W_out, scale, H, G):
    Y = rms_norm(X, scale[0])
    Q = rotary(split_heads(split_heads(Y @ W_Q, G), H // G))
    K, V = rotary(split_heads(Y @ W_K, G)), split_heads(Y @ W_V, G)
    heads = attention(Q, K[..., None, :, :], V[..., None, :, :], causal_mask(X.shape[-2]))
    found = merge_heads(merge_heads(heads)) @ W_O
    return X + found + swiglu(rms_norm(X, scale[1]), W_gate, W_in, W_out)


@mistake(of="llama_block", says="by going on with the norm of the stream instead of the stream")
def llama_block_normed_stream(X, W_Q, W_K, W_V, W_O, W_gate, W_in, W_out, scale, H, G):
    Y = rms_norm(X, scale[0])
    Q = rotary(split_heads(split_heads(Y @ W_Q, G), H // G))
    K, V = rotary(split_heads(Y @ W_K, G)), split_heads(Y @ W_V, G)
    heads = attention(Q, K[..., None, :, :], V[..., None, :, :], causal_mask(X.shape[-2]))
    X = Y + merge_heads(merge_heads(heads)) @ W_O
    return X + swiglu(rms_norm(X, scale[1]), W_gate, W_in, W_out)


@mistake(of="llama_block", says="by exchanging the two norms")
def llama_block_norms_exchanged(X, W_Q, W_K, W_V, W_O, W_gate, W_in, W_out, scale, H, G):
    scale = scale[::-1]
    Y = rms_norm(X, scale[0])
    Q = rotary(split_heads(split_heads(Y @ W_Q, G), H // G))
    K, V = rotary(split_heads(Y @ W_K, G)), split_heads(Y @ W_V, G)
    heads = attention(Q, K[..., None, :, :], V[..., None, :, :], causal_mask(X.shape[-2]))
    X = X + merge_heads(merge_heads(heads)) @ W_O
    return X + swiglu(rms_norm(X, scale[1]), W_gate, W_in, W_out)


@mistake(of="llama_block", says="by scaling with np.sqrt, a float64 that turns float32 into float64")
def llama_block_in_float64(X, W_Q, W_K, W_V, W_O, W_gate, W_in, W_out, scale, H, G):
    Y = rms_norm(X, scale[0])
    Q = rotary(split_heads(split_heads(Y @ W_Q, G), H // G))
    K, V = rotary(split_heads(Y @ W_K, G)), split_heads(Y @ W_V, G)
    Q = Q * Q.shape[-1] ** 0.5 / np.sqrt(Q.shape[-1])
    heads = attention(Q, K[..., None, :, :], V[..., None, :, :], causal_mask(X.shape[-2]))
    X = X + merge_heads(merge_heads(heads)) @ W_O
    return X + swiglu(rms_norm(X, scale[1]), W_gate, W_in, W_out)


@mistake(of="llama_block", says="by adding to X in place, which changes the caller's array")
def llama_block_in_place(X, W_Q, W_K, W_V, W_O, W_gate, W_in, W_out, scale, H, G):
    Y = rms_norm(X, scale[0])
    Q = rotary(split_heads(split_heads(Y @ W_Q, G), H // G))
    K, V = rotary(split_heads(Y @ W_K, G)), split_heads(Y @ W_V, G)
    heads = attention(Q, K[..., None, :, :], V[..., None, :, :], causal_mask(X.shape[-2]))
    X += merge_heads(merge_heads(heads)) @ W_O
    return X + swiglu(rms_norm(X, scale[1]), W_gate, W_in, W_out)


@honest(of="llama_block")
def llama_block_with_copied_keys(X, W_Q, W_K, W_V, W_O, W_gate, W_in, W_out, scale, H, G):
    Y = rms_norm(X, scale[0])
    Q, K, V = split_heads(Y @ W_Q, H), split_heads(Y @ W_K, G), split_heads(Y @ W_V, G)
    K, V = np.repeat(rotary(K), H // G, axis=-3), np.repeat(V, H // G, axis=-3)
    X = X + merge_heads(attention(rotary(Q), K, V, causal_mask(X.shape[-2]))) @ W_O
    Y = rms_norm(X, scale[1])
    return X + (silu(Y @ W_gate) * (Y @ W_in)) @ W_out


@honest(of="llama_block")
def llama_block_by_einsum(X, W_Q, W_K, W_V, W_O, W_gate, W_in, W_out, scale, H, G):
    *rows, T, d = X.shape
    Y = X / np.sqrt((X * X).mean(axis=-1, keepdims=True) + 1e-6) * scale[0]
    QKV = Y @ np.concatenate([W_Q, W_K, W_V], axis=1)
    heads = split_heads(QKV, H + 2 * G)
    Q, K, V = np.split(heads, [H, H + G], axis=-3)
    Q = rotary(Q).reshape(*rows, G, H // G, T, d // H)
    S = np.einsum("...ghqd,...gkd->...ghqk", Q, rotary(K)) / (d // H) ** 0.5
    S = np.where(causal_mask(T), S, np.finfo(S.dtype).min)
    found = np.einsum("...ghqk,...gkd->...qghd", softmax(S), V).reshape(X.shape)
    X = X + found @ W_O
    return X + swiglu(rms_norm(X, scale[1]), W_gate, W_in, W_out)


@mistake(of="gpt", says="without a causal mask")
def gpt_sees_all(
    ids, W_E, W_P, W_QKV, b_QKV, W_O, b_O, W_in, b_in, W_out, b_out, scale, shift, last_scale, last_shift, H
):
    T = ids.shape[-1]
    X = embed(ids, W_E) + W_P[:T]
    for i in range(len(W_QKV)):
        QKV = layer_norm(X, scale[i, 0], shift[i, 0]) @ W_QKV[i] + b_QKV[i]
        Q, K, V = np.split(split_heads(QKV, 3 * H), 3, axis=-3)
        X = X + merge_heads(attention(Q, K, V)) @ W_O[i] + b_O[i]
        hidden = gelu_tanh(layer_norm(X, scale[i, 1], shift[i, 1]) @ W_in[i] + b_in[i])
        X = X + hidden @ W_out[i] + b_out[i]
    return unembed(layer_norm(X, last_scale, last_shift), W_E.T)


@mistake(of="gpt", says="without the vectors of the positions")
def gpt_without_positions(
    ids, W_E, W_P, W_QKV, b_QKV, W_O, b_O, W_in, b_in, W_out, b_out, scale, shift, last_scale, last_shift, H
):
    T = ids.shape[-1]
    X = embed(ids, W_E)
    for i in range(len(W_QKV)):
        QKV = layer_norm(X, scale[i, 0], shift[i, 0]) @ W_QKV[i] + b_QKV[i]
        Q, K, V = np.split(split_heads(QKV, 3 * H), 3, axis=-3)
        X = X + merge_heads(attention(Q, K, V, causal_mask(T))) @ W_O[i] + b_O[i]
        hidden = gelu_tanh(layer_norm(X, scale[i, 1], shift[i, 1]) @ W_in[i] + b_in[i])
        X = X + hidden @ W_out[i] + b_out[i]
    return unembed(layer_norm(X, last_scale, last_shift), W_E.T)


@mistake(of="gpt", says="by the last rows of the table of positions instead of the first")
def gpt_last_positions(
    ids, W_E, W_P, W_QKV, b_QKV, W_O, b_O, W_in, b_in, W_out, b_out, scale, shift, last_scale, last_shift, H
):
    T = ids.shape[-1]
    X = embed(ids, W_E) + W_P[len(W_P) - T :]
    for i in range(len(W_QKV)):
        QKV = layer_norm(X, scale[i, 0], shift[i, 0]) @ W_QKV[i] + b_QKV[i]
        Q, K, V = np.split(split_heads(QKV, 3 * H), 3, axis=-3)
        X = X + merge_heads(attention(Q, K, V, causal_mask(T))) @ W_O[i] + b_O[i]
        hidden = gelu_tanh(layer_norm(X, scale[i, 1], shift[i, 1]) @ W_in[i] + b_in[i])
        X = X + hidden @ W_out[i] + b_out[i]
    return unembed(layer_norm(X, last_scale, last_shift), W_E.T)


@mistake(of="gpt", says="without the norm after the last layer")
def gpt_without_last_norm(
    ids, W_E, W_P, W_QKV, b_QKV, W_O, b_O, W_in, b_in, W_out, b_out, scale, shift, last_scale, last_shift, H
):
    T = ids.shape[-1]
    X = embed(ids, W_E) + W_P[:T]
    for i in range(len(W_QKV)):
        QKV = layer_norm(X, scale[i, 0], shift[i, 0]) @ W_QKV[i] + b_QKV[i]
        Q, K, V = np.split(split_heads(QKV, 3 * H), 3, axis=-3)
        X = X + merge_heads(attention(Q, K, V, causal_mask(T))) @ W_O[i] + b_O[i]
        hidden = gelu_tanh(layer_norm(X, scale[i, 1], shift[i, 1]) @ W_in[i] + b_in[i])
        X = X + hidden @ W_out[i] + b_out[i]
    return unembed(X, W_E.T)


@mistake(of="gpt", says="by the parameters of the first layer in every layer")
def gpt_first_layer_again(
    ids, W_E, W_P, W_QKV, b_QKV, W_O, b_O, W_in, b_in, W_out, b_out, scale, shift, last_scale, last_shift, H
):
    T = ids.shape[-1]
    X = embed(ids, W_E) + W_P[:T]
    for _ in range(len(W_QKV)):
        i = 0
        QKV = layer_norm(X, scale[i, 0], shift[i, 0]) @ W_QKV[i] + b_QKV[i]
        Q, K, V = np.split(split_heads(QKV, 3 * H), 3, axis=-3)
        X = X + merge_heads(attention(Q, K, V, causal_mask(T))) @ W_O[i] + b_O[i]
        hidden = gelu_tanh(layer_norm(X, scale[i, 1], shift[i, 1]) @ W_in[i] + b_in[i])
        X = X + hidden @ W_out[i] + b_out[i]
    return unembed(layer_norm(X, last_scale, last_shift), W_E.T)


@mistake(of="gpt", says="by norming after each addition instead of before each layer")
def gpt_post_ln(
    ids, W_E, W_P, W_QKV, b_QKV, W_O, b_O, W_in, b_in, W_out, b_out, scale, shift, last_scale, last_shift, H
):
    T = ids.shape[-1]
    X = embed(ids, W_E) + W_P[:T]
    for i in range(len(W_QKV)):
        QKV = X @ W_QKV[i] + b_QKV[i]
        Q, K, V = np.split(split_heads(QKV, 3 * H), 3, axis=-3)
        X = X + merge_heads(attention(Q, K, V, causal_mask(T))) @ W_O[i] + b_O[i]
        X = layer_norm(X, scale[i, 0], shift[i, 0])
        hidden = gelu_tanh(X @ W_in[i] + b_in[i])
        X = layer_norm(X + hidden @ W_out[i] + b_out[i], scale[i, 1], shift[i, 1])
    return unembed(layer_norm(X, last_scale, last_shift), W_E.T)


@mistake(of="gpt", says="by a ReLU in the place of the gelu")
def gpt_hard(
    ids, W_E, W_P, W_QKV, b_QKV, W_O, b_O, W_in, b_in, W_out, b_out, scale, shift, last_scale, last_shift, H
):
    T = ids.shape[-1]
    X = embed(ids, W_E) + W_P[:T]
    for i in range(len(W_QKV)):
        QKV = layer_norm(X, scale[i, 0], shift[i, 0]) @ W_QKV[i] + b_QKV[i]
        Q, K, V = np.split(split_heads(QKV, 3 * H), 3, axis=-3)
        X = X + merge_heads(attention(Q, K, V, causal_mask(T))) @ W_O[i] + b_O[i]
        hidden = relu(layer_norm(X, scale[i, 1], shift[i, 1]) @ W_in[i] + b_in[i])
        X = X + hidden @ W_out[i] + b_out[i]
    return unembed(layer_norm(X, last_scale, last_shift), W_E.T)


@mistake(of="gpt", says="by letting what a layer writes take the place of the stream")
def gpt_stream_replaced(
    ids, W_E, W_P, W_QKV, b_QKV, W_O, b_O, W_in, b_in, W_out, b_out, scale, shift, last_scale, last_shift, H
):
    T = ids.shape[-1]
    X = embed(ids, W_E) + W_P[:T]
    for i in range(len(W_QKV)):
        QKV = layer_norm(X, scale[i, 0], shift[i, 0]) @ W_QKV[i] + b_QKV[i]
        Q, K, V = np.split(split_heads(QKV, 3 * H), 3, axis=-3)
        X = merge_heads(attention(Q, K, V, causal_mask(T))) @ W_O[i] + b_O[i]
        hidden = gelu_tanh(layer_norm(X, scale[i, 1], shift[i, 1]) @ W_in[i] + b_in[i])
        X = hidden @ W_out[i] + b_out[i]
    return unembed(layer_norm(X, last_scale, last_shift), W_E.T)


@mistake(of="gpt", says="by taking the columns of W_QKV for keys, queries and values")
def gpt_keys_first(
    ids, W_E, W_P, W_QKV, b_QKV, W_O, b_O, W_in, b_in, W_out, b_out, scale, shift, last_scale, last_shift, H
):
    T = ids.shape[-1]
    X = embed(ids, W_E) + W_P[:T]
    for i in range(len(W_QKV)):
        QKV = layer_norm(X, scale[i, 0], shift[i, 0]) @ W_QKV[i] + b_QKV[i]
        K, Q, V = np.split(split_heads(QKV, 3 * H), 3, axis=-3)
        X = X + merge_heads(attention(Q, K, V, causal_mask(T))) @ W_O[i] + b_O[i]
        hidden = gelu_tanh(layer_norm(X, scale[i, 1], shift[i, 1]) @ W_in[i] + b_in[i])
        X = X + hidden @ W_out[i] + b_out[i]
    return unembed(layer_norm(X, last_scale, last_shift), W_E.T)


@mistake(
    of="gpt",
    says="by taking the columns of W_QKV head by head: query, key and value of one, then of the next",
)
def gpt_head_by_head(
    ids, W_E, W_P, W_QKV, b_QKV, W_O, b_O, W_in, b_in, W_out, b_out, scale, shift, last_scale, last_shift, H
):
    T = ids.shape[-1]
    X = embed(ids, W_E) + W_P[:T]
    for i in range(len(W_QKV)):
        QKV = layer_norm(X, scale[i, 0], shift[i, 0]) @ W_QKV[i] + b_QKV[i]
        Q, K, V = np.split(split_heads(QKV, H), 3, axis=-1)
        X = X + merge_heads(attention(Q, K, V, causal_mask(T))) @ W_O[i] + b_O[i]
        hidden = gelu_tanh(layer_norm(X, scale[i, 1], shift[i, 1]) @ W_in[i] + b_in[i])
        X = X + hidden @ W_out[i] + b_out[i]
    return unembed(layer_norm(X, last_scale, last_shift), W_E.T)


@mistake(of="gpt", says="by exchanging the norm of attention with that of the feed-forward layer")
def gpt_norms_exchanged(
    ids, W_E, W_P, W_QKV, b_QKV, W_O, b_O, W_in, b_in, W_out, b_out, scale, shift, last_scale, last_shift, H
):
    scale, shift = scale[:, ::-1], shift[:, ::-1]
    T = ids.shape[-1]
    X = embed(ids, W_E) + W_P[:T]
    for i in range(len(W_QKV)):
        QKV = layer_norm(X, scale[i, 0], shift[i, 0]) @ W_QKV[i] + b_QKV[i]
        Q, K, V = np.split(split_heads(QKV, 3 * H), 3, axis=-3)
        X = X + merge_heads(attention(Q, K, V, causal_mask(T))) @ W_O[i] + b_O[i]
        hidden = gelu_tanh(layer_norm(X, scale[i, 1], shift[i, 1]) @ W_in[i] + b_in[i])
        X = X + hidden @ W_out[i] + b_out[i]
    return unembed(layer_norm(X, last_scale, last_shift), W_E.T)


@mistake(of="gpt", says="by letting the feed-forward layer read the stream from before attention")
def gpt_parallel(
    ids, W_E, W_P, W_QKV, b_QKV, W_O, b_O, W_in, b_in, W_out, b_out, scale, shift, last_scale, last_shift, H
):
    T = ids.shape[-1]
    X = embed(ids, W_E) + W_P[:T]
    for i in range(len(W_QKV)):
        QKV = layer_norm(X, scale[i, 0], shift[i, 0]) @ W_QKV[i] + b_QKV[i]
        Q, K, V = np.split(split_heads(QKV, 3 * H), 3, axis=-3)
        found = merge_heads(attention(Q, K, V, causal_mask(T))) @ W_O[i] + b_O[i]
        hidden = gelu_tanh(layer_norm(X, scale[i, 1], shift[i, 1]) @ W_in[i] + b_in[i])
        X = X + found + hidden @ W_out[i] + b_out[i]
    return unembed(layer_norm(X, last_scale, last_shift), W_E.T)


@mistake(of="gpt", says="by dividing by the square root of the whole width instead of one head's")
def gpt_scaled_by_width(
    ids, W_E, W_P, W_QKV, b_QKV, W_O, b_O, W_in, b_in, W_out, b_out, scale, shift, last_scale, last_shift, H
):
    T = ids.shape[-1]
    X = embed(ids, W_E) + W_P[:T]
    for i in range(len(W_QKV)):
        QKV = layer_norm(X, scale[i, 0], shift[i, 0]) @ W_QKV[i] + b_QKV[i]
        Q, K, V = np.split(split_heads(QKV, 3 * H), 3, axis=-3)
        X = X + merge_heads(attention(Q / H**0.5, K, V, causal_mask(T))) @ W_O[i] + b_O[i]
        hidden = gelu_tanh(layer_norm(X, scale[i, 1], shift[i, 1]) @ W_in[i] + b_in[i])
        X = X + hidden @ W_out[i] + b_out[i]
    return unembed(layer_norm(X, last_scale, last_shift), W_E.T)


@mistake(of="gpt", says="without the biases of attention")
def gpt_without_some_biases(
    ids, W_E, W_P, W_QKV, b_QKV, W_O, b_O, W_in, b_in, W_out, b_out, scale, shift, last_scale, last_shift, H
):
    T = ids.shape[-1]
    X = embed(ids, W_E) + W_P[:T]
    for i in range(len(W_QKV)):
        QKV = layer_norm(X, scale[i, 0], shift[i, 0]) @ W_QKV[i]
        Q, K, V = np.split(split_heads(QKV, 3 * H), 3, axis=-3)
        X = X + merge_heads(attention(Q, K, V, causal_mask(T))) @ W_O[i]
        hidden = gelu_tanh(layer_norm(X, scale[i, 1], shift[i, 1]) @ W_in[i] + b_in[i])
        X = X + hidden @ W_out[i] + b_out[i]
    return unembed(layer_norm(X, last_scale, last_shift), W_E.T)


@mistake(of="gpt", says="by scaling with np.sqrt, a float64 that turns float32 into float64")
def gpt_in_float64(
    ids, W_E, W_P, W_QKV, b_QKV, W_O, b_O, W_in, b_in, W_out, b_out, scale, shift, last_scale, last_shift, H
):
    T = ids.shape[-1]
    X = embed(ids, W_E) + W_P[:T]
    for i in range(len(W_QKV)):
        QKV = layer_norm(X, scale[i, 0], shift[i, 0]) @ W_QKV[i] + b_QKV[i]
        Q, K, V = np.split(split_heads(QKV, 3 * H), 3, axis=-3)
        Q = Q * Q.shape[-1] ** 0.5 / np.sqrt(Q.shape[-1])
        X = X + merge_heads(attention(Q, K, V, causal_mask(T))) @ W_O[i] + b_O[i]
        hidden = gelu_tanh(layer_norm(X, scale[i, 1], shift[i, 1]) @ W_in[i] + b_in[i])
        X = X + hidden @ W_out[i] + b_out[i]
    return unembed(layer_norm(X, last_scale, last_shift), W_E.T)


@mistake(of="gpt", says="by scaling the queries' part of W_QKV in place, which changes the caller's array")
def gpt_in_place(
    ids, W_E, W_P, W_QKV, b_QKV, W_O, b_O, W_in, b_in, W_out, b_out, scale, shift, last_scale, last_shift, H
):
    T = ids.shape[-1]
    X = embed(ids, W_E) + W_P[:T]
    root = (W_E.shape[1] // H) ** 0.5
    W_QKV[..., : W_E.shape[1]] /= root
    for i in range(len(W_QKV)):
        QKV = layer_norm(X, scale[i, 0], shift[i, 0]) @ W_QKV[i]
        QKV[..., : W_E.shape[1]] *= root
        QKV = QKV + b_QKV[i]
        Q, K, V = np.split(split_heads(QKV, 3 * H), 3, axis=-3)
        X = X + merge_heads(attention(Q, K, V, causal_mask(T))) @ W_O[i] + b_O[i]
        hidden = gelu_tanh(layer_norm(X, scale[i, 1], shift[i, 1]) @ W_in[i] + b_in[i])
        X = X + hidden @ W_out[i] + b_out[i]
    return unembed(layer_norm(X, last_scale, last_shift), W_E.T)


@honest(of="gpt")
def gpt_layer_by_layer(
    ids, W_E, W_P, W_QKV, b_QKV, W_O, b_O, W_in, b_in, W_out, b_out, scale, shift, last_scale, last_shift, H
):
    T, d = ids.shape[-1], W_E.shape[1]
    X = W_E[ids] + W_P[np.arange(T)]
    layers = zip(W_QKV, b_QKV, W_O, b_O, W_in, b_in, W_out, b_out, scale, shift, strict=True)
    for W, b, W_2, b_2, W_3, b_3, W_4, b_4, scales, shifts in layers:
        Y = layer_norm(X, scales[0], shifts[0])
        Q, K, V = (split_heads(Y @ W[:, i : i + d] + b[i : i + d], H) for i in (0, d, 2 * d))
        S = np.where(np.tri(T, dtype=bool), Q @ K.mT / (d // H) ** 0.5, np.finfo(X.dtype).min)
        X = X + (merge_heads(softmax(S) @ V) @ W_2 + b_2)
        X = X + (gelu_tanh(layer_norm(X, scales[1], shifts[1]) @ W_3 + b_3) @ W_4 + b_4)
    return layer_norm(X, last_scale, last_shift) @ W_E.T


@honest(of="gpt")
def gpt_by_einsum(
    ids, W_E, W_P, W_QKV, b_QKV, W_O, b_O, W_in, b_in, W_out, b_out, scale, shift, last_scale, last_shift, H
):
    T, d = ids.shape[-1], W_E.shape[1]
    X = np.take(W_E, ids, axis=0) + W_P[:T]
    for i in range(W_O.shape[0]):
        Y = layer_norm(X, scale[i, 0], shift[i, 0])
        QKV = np.einsum("...td,dkhe->k...hte", Y, W_QKV[i].reshape(d, 3, H, d // H))
        QKV = QKV + b_QKV[i].reshape(3, *[1] * (X.ndim - 2), H, 1, d // H)
        heads = attention(*QKV, np.arange(T)[:, None] >= np.arange(T))
        X = X + np.einsum("...hte,hed->...td", heads, W_O[i].reshape(H, d // H, d)) + b_O[i]
        hidden = layer_norm(X, scale[i, 1], shift[i, 1]) @ W_in[i] + b_in[i]
        cubic = hidden + 0.044715 * hidden * hidden * hidden
        X = X + (0.5 * hidden * (1 + np.tanh((2 / np.pi) ** 0.5 * cubic))) @ W_out[i] + b_out[i]
    return np.einsum("...td,vd->...tv", layer_norm(X, last_scale, last_shift), W_E)
