"""Feed-forward layers: wrong as people get them wrong, and right in other styles."""

import numpy as np
from headway.blocks import gelu, gelu_tanh, silu

from headway_grader.wrong.tags import honest, mistake


@mistake(of="mlp", says="without the gelu between the two layers")
def mlp_linear(X, W_in, b_in, W_out, b_out):
    return (X @ W_in + b_in) @ W_out + b_out


@mistake(of="mlp", says="by a ReLU instead of the gelu")
def mlp_relu(X, W_in, b_in, W_out, b_out):
    return np.maximum(X @ W_in + b_in, 0) @ W_out + b_out


@mistake(of="mlp", says="by gelu_tanh, which only comes close to the gelu")
def mlp_tanh(X, W_in, b_in, W_out, b_out):
    return gelu_tanh(X @ W_in + b_in) @ W_out + b_out


@mistake(of="mlp", says="by a silu instead of the gelu")
def mlp_silu(X, W_in, b_in, W_out, b_out):
    return silu(X @ W_in + b_in) @ W_out + b_out


@mistake(of="mlp", says="without the first bias, b_in")
def mlp_without_first_bias(X, W_in, b_in, W_out, b_out):
    return gelu(X @ W_in) @ W_out + b_out


@mistake(of="mlp", says="by adding the first bias after the gelu")
def mlp_bias_after(X, W_in, b_in, W_out, b_out):
    return (gelu(X @ W_in) + b_in) @ W_out + b_out


@mistake(of="mlp", says="without the second bias, b_out")
def mlp_without_second_bias(X, W_in, b_in, W_out, b_out):
    return gelu(X @ W_in + b_in) @ W_out


@mistake(of="mlp", says="by adding X to the result: that is for the block to do")
def mlp_residual(X, W_in, b_in, W_out, b_out):
    return X + gelu(X @ W_in + b_in) @ W_out + b_out


@mistake(of="mlp", says="by adding up the hidden numbers in np.zeros(…), which are float64")
def mlp_in_float64(X, W_in, b_in, W_out, b_out):
    hidden = np.zeros((*X.shape[:-1], len(b_in)))
    hidden += X @ W_in + b_in
    return gelu(hidden) @ W_out + b_out


@mistake(of="mlp", says="by writing the result into X, which changes the caller's array")
def mlp_in_place(X, W_in, b_in, W_out, b_out):
    X[...] = gelu(X @ W_in + b_in) @ W_out + b_out
    return X


@honest(of="mlp")
def mlp_step_by_step(X, W_in, b_in, W_out, b_out):
    hidden = np.matmul(X, W_in)
    hidden += b_in
    out = np.matmul(gelu(hidden), W_out)
    out += b_out
    return out


@honest(of="mlp")
def mlp_as_one_long_list(X, W_in, b_in, W_out, b_out):
    rows = X.reshape(-1, len(W_in))
    return (gelu(rows @ W_in + b_in) @ W_out + b_out).reshape(X.shape)


@honest(of="mlp")
def mlp_by_einsum(X, W_in, b_in, W_out, b_out):
    hidden = np.einsum("...d,dh->...h", X, W_in) + b_in
    return np.einsum("...h,hd->...d", gelu(hidden), W_out) + b_out


@mistake(of="swiglu", says="by exchanging gate and input: the silu belongs to X @ W_gate")
def swiglu_exchanged(X, W_gate, W_in, W_out):
    return (silu(X @ W_in) * (X @ W_gate)) @ W_out


@mistake(of="swiglu", says="by a silu on both sides of the product")
def swiglu_both(X, W_gate, W_in, W_out):
    return (silu(X @ W_gate) * silu(X @ W_in)) @ W_out


@mistake(of="swiglu", says="by a silu of the product instead of the gate alone")
def swiglu_of_the_product(X, W_gate, W_in, W_out):
    return silu((X @ W_gate) * (X @ W_in)) @ W_out


@mistake(of="swiglu", says="by the logistic function alone as the gate, without its number (GLU)")
def swiglu_logistic(X, W_gate, W_in, W_out):
    return (0.5 * (1 + np.tanh(0.5 * (X @ W_gate))) * (X @ W_in)) @ W_out


@mistake(of="swiglu", says="by a gelu as the gate (GEGLU)")
def swiglu_gelu(X, W_gate, W_in, W_out):
    return (gelu(X @ W_gate) * (X @ W_in)) @ W_out


@mistake(of="swiglu", says="by a ReLU as the gate (ReGLU)")
def swiglu_relu(X, W_gate, W_in, W_out):
    return (np.maximum(X @ W_gate, 0) * (X @ W_in)) @ W_out


@mistake(of="swiglu", says="by adding the gate instead of multiplying with it")
def swiglu_sum(X, W_gate, W_in, W_out):
    return (silu(X @ W_gate) + X @ W_in) @ W_out


@mistake(of="swiglu", says="without the second branch, X @ W_in")
def swiglu_gate_alone(X, W_gate, W_in, W_out):
    return silu(X @ W_gate) @ W_out


@mistake(of="swiglu", says="by adding X to the result: that is for the block to do")
def swiglu_residual(X, W_gate, W_in, W_out):
    return X + (silu(X @ W_gate) * (X @ W_in)) @ W_out


@mistake(of="swiglu", says="by multiplying up the hidden numbers in np.ones(…), which are float64")
def swiglu_in_float64(X, W_gate, W_in, W_out):
    hidden = np.ones((*X.shape[:-1], len(W_out)))
    hidden *= silu(X @ W_gate) * (X @ W_in)
    return hidden @ W_out


@mistake(of="swiglu", says="by writing the result into X, which changes the caller's array")
def swiglu_in_place(X, W_gate, W_in, W_out):
    X[...] = (silu(X @ W_gate) * (X @ W_in)) @ W_out
    return X


@honest(of="swiglu")
def swiglu_step_by_step(X, W_gate, W_in, W_out):
    hidden = silu(np.matmul(X, W_gate))
    hidden *= np.matmul(X, W_in)
    return np.matmul(hidden, W_out)


@honest(of="swiglu")
def swiglu_in_one_product(X, W_gate, W_in, W_out):
    both = X @ np.concatenate([W_gate, W_in], axis=1)
    gate, numbers = np.split(both, 2, axis=-1)
    return np.multiply(silu(gate), numbers) @ W_out
