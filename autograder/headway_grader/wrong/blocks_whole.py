"""Whole blocks: wrong as people get them wrong, and right in other styles."""

import numpy as np
from headway.attention import attention, merge_heads, multi_head_attention, split_heads
from headway.blocks import gelu, layer_norm, mlp

from headway_grader.wrong.tags import honest, mistake


@mistake(of="pre_ln_block", says="by a norm after each addition: that is post_ln_block")
def pre_ln_block_norms_last(
    X, scale_1, shift_1, W_Q, W_K, W_V, W_O, scale_2, shift_2, W_in, b_in, W_out, b_out, H, mask=None
):
    X = layer_norm(X + multi_head_attention(X, W_Q, W_K, W_V, W_O, H, mask), scale_1, shift_1)
    return layer_norm(X + mlp(X, W_in, b_in, W_out, b_out), scale_2, shift_2)


@mistake(of="pre_ln_block", says="by norming the residual stream itself, not only what the layers read")
def pre_ln_block_norms_the_stream(
    X, scale_1, shift_1, W_Q, W_K, W_V, W_O, scale_2, shift_2, W_in, b_in, W_out, b_out, H, mask=None
):
    X = layer_norm(X, scale_1, shift_1)
    X = X + multi_head_attention(X, W_Q, W_K, W_V, W_O, H, mask)
    X = layer_norm(X, scale_2, shift_2)
    return X + mlp(X, W_in, b_in, W_out, b_out)


@mistake(of="pre_ln_block", says="by norming what the layers write instead of what they read")
def pre_ln_block_norms_what_is_written(
    X, scale_1, shift_1, W_Q, W_K, W_V, W_O, scale_2, shift_2, W_in, b_in, W_out, b_out, H, mask=None
):
    X = X + layer_norm(multi_head_attention(X, W_Q, W_K, W_V, W_O, H, mask), scale_1, shift_1)
    return X + layer_norm(mlp(X, W_in, b_in, W_out, b_out), scale_2, shift_2)


@mistake(of="pre_ln_block", says="without the norm before attention")
def pre_ln_block_attention_unnormed(
    X, scale_1, shift_1, W_Q, W_K, W_V, W_O, scale_2, shift_2, W_in, b_in, W_out, b_out, H, mask=None
):
    X = X + multi_head_attention(X, W_Q, W_K, W_V, W_O, H, mask)
    return X + mlp(layer_norm(X, scale_2, shift_2), W_in, b_in, W_out, b_out)


@mistake(of="pre_ln_block", says="without the norm before the feed-forward layer")
def pre_ln_block_mlp_unnormed(
    X, scale_1, shift_1, W_Q, W_K, W_V, W_O, scale_2, shift_2, W_in, b_in, W_out, b_out, H, mask=None
):
    X = X + multi_head_attention(layer_norm(X, scale_1, shift_1), W_Q, W_K, W_V, W_O, H, mask)
    return X + mlp(X, W_in, b_in, W_out, b_out)


@mistake(of="pre_ln_block", says="by the first norm in both places")
def pre_ln_block_same_norm_twice(
    X, scale_1, shift_1, W_Q, W_K, W_V, W_O, scale_2, shift_2, W_in, b_in, W_out, b_out, H, mask=None
):
    X = X + multi_head_attention(layer_norm(X, scale_1, shift_1), W_Q, W_K, W_V, W_O, H, mask)
    return X + mlp(layer_norm(X, scale_1, shift_1), W_in, b_in, W_out, b_out)


@mistake(
    of="pre_ln_block",
    says="by letting both layers read the same X, so that the second does not see what the first wrote",
)
def pre_ln_block_side_by_side(
    X, scale_1, shift_1, W_Q, W_K, W_V, W_O, scale_2, shift_2, W_in, b_in, W_out, b_out, H, mask=None
):
    return (
        X
        + multi_head_attention(layer_norm(X, scale_1, shift_1), W_Q, W_K, W_V, W_O, H, mask)
        + mlp(layer_norm(X, scale_2, shift_2), W_in, b_in, W_out, b_out)
    )


@mistake(of="pre_ln_block", says="by adding the feed-forward layer to the X from before attention")
def pre_ln_block_forgets_attention(
    X, scale_1, shift_1, W_Q, W_K, W_V, W_O, scale_2, shift_2, W_in, b_in, W_out, b_out, H, mask=None
):
    Y = X + multi_head_attention(layer_norm(X, scale_1, shift_1), W_Q, W_K, W_V, W_O, H, mask)
    return X + mlp(layer_norm(Y, scale_2, shift_2), W_in, b_in, W_out, b_out)


@mistake(of="pre_ln_block", says="without adding X to what attention writes")
def pre_ln_block_without_first_residual(
    X, scale_1, shift_1, W_Q, W_K, W_V, W_O, scale_2, shift_2, W_in, b_in, W_out, b_out, H, mask=None
):
    X = multi_head_attention(layer_norm(X, scale_1, shift_1), W_Q, W_K, W_V, W_O, H, mask)
    return X + mlp(layer_norm(X, scale_2, shift_2), W_in, b_in, W_out, b_out)


@mistake(of="pre_ln_block", says="by the feed-forward layer before attention")
def pre_ln_block_mlp_first(
    X, scale_1, shift_1, W_Q, W_K, W_V, W_O, scale_2, shift_2, W_in, b_in, W_out, b_out, H, mask=None
):
    X = X + mlp(layer_norm(X, scale_2, shift_2), W_in, b_in, W_out, b_out)
    return X + multi_head_attention(layer_norm(X, scale_1, shift_1), W_Q, W_K, W_V, W_O, H, mask)


@mistake(of="pre_ln_block", says="without handing the mask on")
def pre_ln_block_without_mask(
    X, scale_1, shift_1, W_Q, W_K, W_V, W_O, scale_2, shift_2, W_in, b_in, W_out, b_out, H, mask=None
):
    X = X + multi_head_attention(layer_norm(X, scale_1, shift_1), W_Q, W_K, W_V, W_O, H)
    return X + mlp(layer_norm(X, scale_2, shift_2), W_in, b_in, W_out, b_out)


@mistake(of="pre_ln_block", says="by adding up the stream in np.zeros(X.shape), which is float64")
def pre_ln_block_in_float64(
    X, scale_1, shift_1, W_Q, W_K, W_V, W_O, scale_2, shift_2, W_in, b_in, W_out, b_out, H, mask=None
):
    stream = np.zeros(X.shape)
    stream += X
    stream += multi_head_attention(layer_norm(stream, scale_1, shift_1), W_Q, W_K, W_V, W_O, H, mask)
    return stream + mlp(layer_norm(stream, scale_2, shift_2), W_in, b_in, W_out, b_out)


@mistake(of="pre_ln_block", says="by adding to X in place, which changes the caller's array")
def pre_ln_block_in_place(
    X, scale_1, shift_1, W_Q, W_K, W_V, W_O, scale_2, shift_2, W_in, b_in, W_out, b_out, H, mask=None
):
    X += multi_head_attention(layer_norm(X, scale_1, shift_1), W_Q, W_K, W_V, W_O, H, mask)
    return X + mlp(layer_norm(X, scale_2, shift_2), W_in, b_in, W_out, b_out)


@honest(of="pre_ln_block")
def pre_ln_block_step_by_step(
    X, scale_1, shift_1, W_Q, W_K, W_V, W_O, scale_2, shift_2, W_in, b_in, W_out, b_out, H, mask=None
):
    read = layer_norm(X, scale_1, shift_1)
    stream = X + multi_head_attention(read, W_Q, W_K, W_V, W_O, H, mask)
    read = layer_norm(stream, scale_2, shift_2)
    stream += mlp(read, W_in, b_in, W_out, b_out)
    return stream


@honest(of="pre_ln_block")
def pre_ln_block_written_out(
    X, scale_1, shift_1, W_Q, W_K, W_V, W_O, scale_2, shift_2, W_in, b_in, W_out, b_out, H, mask=None
):
    read = layer_norm(X, scale_1, shift_1)
    Q, K, V = split_heads(read @ W_Q, H), split_heads(read @ W_K, H), split_heads(read @ W_V, H)
    found = attention(Q, K, V, None if mask is None else np.expand_dims(mask, -3))
    stream = np.add(X, merge_heads(found) @ W_O)
    read = layer_norm(stream, scale_2, shift_2)
    return np.add(stream, gelu(read @ W_in + b_in) @ W_out + b_out)


@mistake(of="post_ln_block", says="by norms before the layers: that is pre_ln_block")
def post_ln_block_norms_first(
    X, scale_1, shift_1, W_Q, W_K, W_V, W_O, scale_2, shift_2, W_in, b_in, W_out, b_out, H, mask=None
):
    X = X + multi_head_attention(layer_norm(X, scale_1, shift_1), W_Q, W_K, W_V, W_O, H, mask)
    return X + mlp(layer_norm(X, scale_2, shift_2), W_in, b_in, W_out, b_out)


@mistake(of="post_ln_block", says="by norming what the layers write before it is added, instead of the sum")
def post_ln_block_norms_before_adding(
    X, scale_1, shift_1, W_Q, W_K, W_V, W_O, scale_2, shift_2, W_in, b_in, W_out, b_out, H, mask=None
):
    X = X + layer_norm(multi_head_attention(X, W_Q, W_K, W_V, W_O, H, mask), scale_1, shift_1)
    return X + layer_norm(mlp(X, W_in, b_in, W_out, b_out), scale_2, shift_2)


@mistake(of="post_ln_block", says="without the first norm")
def post_ln_block_without_first_norm(
    X, scale_1, shift_1, W_Q, W_K, W_V, W_O, scale_2, shift_2, W_in, b_in, W_out, b_out, H, mask=None
):
    X = X + multi_head_attention(X, W_Q, W_K, W_V, W_O, H, mask)
    return layer_norm(X + mlp(X, W_in, b_in, W_out, b_out), scale_2, shift_2)


@mistake(of="post_ln_block", says="without the second norm")
def post_ln_block_without_second_norm(
    X, scale_1, shift_1, W_Q, W_K, W_V, W_O, scale_2, shift_2, W_in, b_in, W_out, b_out, H, mask=None
):
    X = layer_norm(X + multi_head_attention(X, W_Q, W_K, W_V, W_O, H, mask), scale_1, shift_1)
    return X + mlp(X, W_in, b_in, W_out, b_out)


@mistake(of="post_ln_block", says="by the first norm in both places")
def post_ln_block_same_norm_twice(
    X, scale_1, shift_1, W_Q, W_K, W_V, W_O, scale_2, shift_2, W_in, b_in, W_out, b_out, H, mask=None
):
    X = layer_norm(X + multi_head_attention(X, W_Q, W_K, W_V, W_O, H, mask), scale_1, shift_1)
    return layer_norm(X + mlp(X, W_in, b_in, W_out, b_out), scale_1, shift_1)


@mistake(of="post_ln_block", says="without adding X to what attention writes")
def post_ln_block_without_first_residual(
    X, scale_1, shift_1, W_Q, W_K, W_V, W_O, scale_2, shift_2, W_in, b_in, W_out, b_out, H, mask=None
):
    X = layer_norm(multi_head_attention(X, W_Q, W_K, W_V, W_O, H, mask), scale_1, shift_1)
    return layer_norm(X + mlp(X, W_in, b_in, W_out, b_out), scale_2, shift_2)


@mistake(of="post_ln_block", says="by adding the feed-forward layer to the X from before attention")
def post_ln_block_adds_the_first_x(
    X, scale_1, shift_1, W_Q, W_K, W_V, W_O, scale_2, shift_2, W_in, b_in, W_out, b_out, H, mask=None
):
    Y = layer_norm(X + multi_head_attention(X, W_Q, W_K, W_V, W_O, H, mask), scale_1, shift_1)
    return layer_norm(X + mlp(Y, W_in, b_in, W_out, b_out), scale_2, shift_2)


@mistake(
    of="post_ln_block",
    says="by letting both layers read the same X, so that the second does not see what the first wrote",
)
def post_ln_block_side_by_side(
    X, scale_1, shift_1, W_Q, W_K, W_V, W_O, scale_2, shift_2, W_in, b_in, W_out, b_out, H, mask=None
):
    Y = layer_norm(X + multi_head_attention(X, W_Q, W_K, W_V, W_O, H, mask), scale_1, shift_1)
    return layer_norm(Y + mlp(X, W_in, b_in, W_out, b_out), scale_2, shift_2)


@mistake(of="post_ln_block", says="by the feed-forward layer before attention")
def post_ln_block_mlp_first(
    X, scale_1, shift_1, W_Q, W_K, W_V, W_O, scale_2, shift_2, W_in, b_in, W_out, b_out, H, mask=None
):
    X = layer_norm(X + mlp(X, W_in, b_in, W_out, b_out), scale_1, shift_1)
    return layer_norm(X + multi_head_attention(X, W_Q, W_K, W_V, W_O, H, mask), scale_2, shift_2)


@mistake(of="post_ln_block", says="without handing the mask on")
def post_ln_block_without_mask(
    X, scale_1, shift_1, W_Q, W_K, W_V, W_O, scale_2, shift_2, W_in, b_in, W_out, b_out, H, mask=None
):
    X = layer_norm(X + multi_head_attention(X, W_Q, W_K, W_V, W_O, H), scale_1, shift_1)
    return layer_norm(X + mlp(X, W_in, b_in, W_out, b_out), scale_2, shift_2)


@mistake(of="post_ln_block", says="by adding up the stream in np.zeros(X.shape), which is float64")
def post_ln_block_in_float64(
    X, scale_1, shift_1, W_Q, W_K, W_V, W_O, scale_2, shift_2, W_in, b_in, W_out, b_out, H, mask=None
):
    stream = np.zeros(X.shape)
    stream += X
    stream = layer_norm(stream + multi_head_attention(stream, W_Q, W_K, W_V, W_O, H, mask), scale_1, shift_1)
    return layer_norm(stream + mlp(stream, W_in, b_in, W_out, b_out), scale_2, shift_2)


@mistake(of="post_ln_block", says="by adding to X in place, which changes the caller's array")
def post_ln_block_in_place(
    X, scale_1, shift_1, W_Q, W_K, W_V, W_O, scale_2, shift_2, W_in, b_in, W_out, b_out, H, mask=None
):
    X += multi_head_attention(X, W_Q, W_K, W_V, W_O, H, mask)
    X = layer_norm(X, scale_1, shift_1)
    return layer_norm(X + mlp(X, W_in, b_in, W_out, b_out), scale_2, shift_2)


@honest(of="post_ln_block")
def post_ln_block_step_by_step(
    X, scale_1, shift_1, W_Q, W_K, W_V, W_O, scale_2, shift_2, W_in, b_in, W_out, b_out, H, mask=None
):
    stream = X + multi_head_attention(X, W_Q, W_K, W_V, W_O, H, mask)
    stream = layer_norm(stream, scale_1, shift_1)
    stream += mlp(stream, W_in, b_in, W_out, b_out)
    return layer_norm(stream, scale_2, shift_2)


@honest(of="post_ln_block")
def post_ln_block_written_out(
    X, scale_1, shift_1, W_Q, W_K, W_V, W_O, scale_2, shift_2, W_in, b_in, W_out, b_out, H, mask=None
):
    Q, K, V = split_heads(X @ W_Q, H), split_heads(X @ W_K, H), split_heads(X @ W_V, H)
    found = attention(Q, K, V, None if mask is None else np.expand_dims(mask, -3))
    stream = layer_norm(np.add(X, merge_heads(found) @ W_O), scale_1, shift_1)
    return layer_norm(np.add(stream, gelu(stream @ W_in + b_in) @ W_out + b_out), scale_2, shift_2)
