"""Grouped-query attention: wrong as people get it wrong, and right in other styles."""

import numpy as np
from headway.attention import attention, merge_heads, multi_head_attention, split_heads
from headway.numerics import softmax

from headway_grader.wrong.tags import honest, mistake


@mistake(
    of="grouped_query_attention",
    says="by dealing the heads out to the groups in turn, where neighbours share a group",
)
def grouped_query_attention_dealt_out(X, W_Q, W_K, W_V, W_O, H, G, mask=None):
    Q = split_heads(X @ W_Q, H)
    K = np.concatenate([split_heads(X @ W_K, G)] * (H // G), axis=-3)
    V = np.concatenate([split_heads(X @ W_V, G)] * (H // G), axis=-3)
    return merge_heads(attention(Q, K, V, None if mask is None else mask[..., None, :, :])) @ W_O


@mistake(of="grouped_query_attention", says="by sharing keys among neighbours, but values in turn")
def grouped_query_attention_keys_alone(X, W_Q, W_K, W_V, W_O, H, G, mask=None):
    Q = split_heads(X @ W_Q, H)
    K = np.repeat(split_heads(X @ W_K, G), H // G, axis=-3)
    V = np.concatenate([split_heads(X @ W_V, G)] * (H // G), axis=-3)
    return merge_heads(attention(Q, K, V, None if mask is None else mask[..., None, :, :])) @ W_O


@mistake(of="grouped_query_attention", says="by giving every head the keys and values of the first group")
def grouped_query_attention_first_group(X, W_Q, W_K, W_V, W_O, H, G, mask=None):
    dh = X.shape[-1] // H
    Q = split_heads(X @ W_Q, H)
    K, V = X @ W_K[:, :dh], X @ W_V[:, :dh]
    return (
        merge_heads(
            attention(
                Q, K[..., None, :, :], V[..., None, :, :], None if mask is None else mask[..., None, :, :]
            )
        )
        @ W_O
    )


@mistake(
    of="grouped_query_attention",
    says="by merging the heads in another order than that in which they were split",
)
def grouped_query_attention_merged_across(X, W_Q, W_K, W_V, W_O, H, G, mask=None):
    Q = split_heads(split_heads(X @ W_Q, G), H // G)
    K = split_heads(X @ W_K, G)[..., None, :, :]
    V = split_heads(X @ W_V, G)[..., None, :, :]
    Y = attention(Q, K, V, None if mask is None else mask[..., None, None, :, :])
    return merge_heads(merge_heads(Y.swapaxes(-3, -4))) @ W_O


@mistake(
    of="grouped_query_attention",
    says="by dividing by the square root of a group's width instead of one head's",
)
def grouped_query_attention_scaled_by_group(X, W_Q, W_K, W_V, W_O, H, G, mask=None):
    Q = split_heads(X @ W_Q, H)
    K = np.repeat(split_heads(X @ W_K, G), H // G, axis=-3)
    V = np.repeat(split_heads(X @ W_V, G), H // G, axis=-3)
    return (
        merge_heads(attention(Q / (H // G) ** 0.5, K, V, None if mask is None else mask[..., None, :, :]))
        @ W_O
    )


@mistake(of="grouped_query_attention", says="without the last projection, W_O")
def grouped_query_attention_without_output(X, W_Q, W_K, W_V, W_O, H, G, mask=None):
    Q = split_heads(X @ W_Q, H)
    K = np.repeat(split_heads(X @ W_K, G), H // G, axis=-3)
    V = np.repeat(split_heads(X @ W_V, G), H // G, axis=-3)
    return merge_heads(attention(Q, K, V, None if mask is None else mask[..., None, :, :]))


@mistake(of="grouped_query_attention", says="by not looking at the mask")
def grouped_query_attention_without_mask(X, W_Q, W_K, W_V, W_O, H, G, mask=None):
    Q = split_heads(X @ W_Q, H)
    K = np.repeat(split_heads(X @ W_K, G), H // G, axis=-3)
    V = np.repeat(split_heads(X @ W_V, G), H // G, axis=-3)
    return merge_heads(attention(Q, K, V)) @ W_O


@mistake(of="grouped_query_attention", says="by hiding where the mask is True instead of where it is False")
def grouped_query_attention_mask_inverted(X, W_Q, W_K, W_V, W_O, H, G, mask=None):
    Q = split_heads(X @ W_Q, H)
    K = np.repeat(split_heads(X @ W_K, G), H // G, axis=-3)
    V = np.repeat(split_heads(X @ W_V, G), H // G, axis=-3)
    return merge_heads(attention(Q, K, V, None if mask is None else ~mask[..., None, :, :])) @ W_O


@mistake(
    of="grouped_query_attention",
    says="by a mask with one axis for heads and groups together, so that batch and groups are confused",
)
def grouped_query_attention_mask_on_groups(X, W_Q, W_K, W_V, W_O, H, G, mask=None):
    Q = split_heads(split_heads(X @ W_Q, G), H // G)
    K = split_heads(X @ W_K, G)[..., None, :, :]
    V = split_heads(X @ W_V, G)[..., None, :, :]
    return merge_heads(merge_heads(attention(Q, K, V, None if mask is None else mask[..., None, :, :]))) @ W_O


@mistake(
    of="grouped_query_attention", says="by dividing by np.sqrt(dh), a float64 that turns float32 into float64"
)
def grouped_query_attention_in_float64(X, W_Q, W_K, W_V, W_O, H, G, mask=None):
    Q = split_heads(X @ W_Q, H)
    K = np.repeat(split_heads(X @ W_K, G), H // G, axis=-3)
    V = np.repeat(split_heads(X @ W_V, G), H // G, axis=-3)
    Q = Q * Q.shape[-1] ** 0.5 / np.sqrt(Q.shape[-1])
    return merge_heads(attention(Q, K, V, None if mask is None else mask[..., None, :, :])) @ W_O


@mistake(of="grouped_query_attention", says="by scaling W_Q in place, which changes the caller's array")
def grouped_query_attention_in_place(X, W_Q, W_K, W_V, W_O, H, G, mask=None):
    root = (X.shape[-1] // H) ** 0.5
    W_Q /= root
    Q = split_heads(X @ W_Q, H) * root
    K = np.repeat(split_heads(X @ W_K, G), H // G, axis=-3)
    V = np.repeat(split_heads(X @ W_V, G), H // G, axis=-3)
    return merge_heads(attention(Q, K, V, None if mask is None else mask[..., None, :, :])) @ W_O


@honest(of="grouped_query_attention")
def grouped_query_attention_by_repeating(X, W_Q, W_K, W_V, W_O, H, G, mask=None):
    Q = split_heads(X @ W_Q, H)
    K = np.repeat(split_heads(X @ W_K, G), H // G, axis=-3)
    V = np.repeat(split_heads(X @ W_V, G), H // G, axis=-3)
    return merge_heads(attention(Q, K, V, None if mask is None else mask[..., None, :, :])) @ W_O


@honest(of="grouped_query_attention")
def grouped_query_attention_by_einsum(X, W_Q, W_K, W_V, W_O, H, G, mask=None):
    d = X.shape[-1]
    Q = np.einsum("...td,dgre->...grte", X, W_Q.reshape(d, G, H // G, -1))
    K = np.einsum("...sd,dge->...gse", X, W_K.reshape(d, G, -1))
    V = np.einsum("...sd,dge->...gse", X, W_V.reshape(d, G, -1))
    scores = np.einsum("...grte,...gse->...grts", Q, K) / (d // H) ** 0.5
    if mask is None:
        found = softmax(scores)
    else:
        mask = mask[..., None, None, :, :]
        found = softmax(np.where(mask, scores, np.finfo(scores.dtype).min)) * mask
    found = np.einsum("...grts,...gse->...grte", found, V)
    return np.einsum("...grte,gred->...td", found, W_O.reshape(G, H // G, -1, d))


@honest(of="grouped_query_attention")
def grouped_query_attention_by_index(X, W_Q, W_K, W_V, W_O, H, G, mask=None):
    group = np.arange(H) // (H // G)
    Q, K, V = split_heads(X @ W_Q, H), split_heads(X @ W_K, G), split_heads(X @ W_V, G)
    found = attention(
        Q, K[..., group, :, :], V[..., group, :, :], None if mask is None else mask[..., None, :, :]
    )
    return merge_heads(found) @ W_O


@honest(of="grouped_query_attention")
def grouped_query_attention_by_wider_matrices(X, W_Q, W_K, W_V, W_O, H, G, mask=None):
    head, column = np.divmod(np.arange(X.shape[-1]), X.shape[-1] // H)
    shared = head // (H // G) * (X.shape[-1] // H) + column
    return multi_head_attention(X, W_Q, W_K[:, shared], W_V[:, shared], W_O, H, mask)
