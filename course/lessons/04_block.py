# %% [markdown]
r"""
# 04 · The block

You need lessons 01 and 03 for this one.

Attention moves things from one position to another. A transformer has many layers of it: GPT-2 has 12, large models about 100. The obvious thing is to stack your `multi_head_attention`:
what one layer gives, the next one takes.

Eight words, each a random vector with 32 components, and 24 layers with random matrices. To see what becomes of the words we ask how alike they are: the cosine of two vectors is 1 if they point the same way,
and near 0 if they have nothing to do with each other. Before you run the cell: after how many layers will it be hard to tell any two words apart?
"""

# %%
import itertools
import math

import numpy as np
from headway_course import (
    check,
    earlier,
    exercise,
    library,
    question,
    show_activations,
    show_depth,
    show_norms,
    show_stream,
    side_by_side,
    watch,
)

multi_head_attention = earlier("attention.multi_head_attention")
rng = np.random.default_rng(0)
d, H = 32, 4
words = rng.normal(size=(8, d))
matrices = rng.normal(size=(24, 4, d, d)) / d**0.5  # W_Q, W_K, W_V and W_O of each layer


def cosines(X):
    """The cosine of each vector with each other one."""
    units = X / np.linalg.norm(X, axis=-1, keepdims=True)
    return (units @ units.T)[~np.eye(len(X), dtype=bool)]


def stacked():
    X = words
    for n, layer in enumerate(matrices):
        if n in (0, 1, 2, 4, 8, 16):
            print(f"after {n:2} layers: the cosine of two words is {cosines(X).min():7.4f} or more")
        X = multi_head_attention(X, *layer, H)


watch(stacked)

# %% [markdown]
r"""
After two layers all eight words are nearly the same, after four they are the same to four digits, whatever the text was. Each layer takes means, means of means come out more and more alike, and nothing brings back what went in.
(Dong et al. 2021 prove it; the title of their paper is *Attention is not all you need*.)

What else is needed is the subject of this lesson. It is four things, and together with attention they are the **block** of which all transformers are stacks:
a sum instead of a replacement, a norm, a layer that works on each position alone, and an order for these.

## Add, do not replace

Let a layer not hand on what it computed, but add it to what it was given: $X + \operatorname{MultiHead}(X)$ (He et al. 2016 did this for images, and could train networks of 152 layers).
The vectors of a text then run through the whole model, and every layer reads them and writes something to them, by addition. They are called the **residual stream**, and the `X +` is a *residual* or *skip connection*.

The same words and matrices, with one `X +` more. Will the words stay apart now? And how long will the vectors be after 24 layers, if they begin with a length of about $\sqrt{32} = 5.7$?
"""


# %%
def added():
    X = words
    for n, layer in enumerate([*matrices, None]):
        if n in (0, 2, 8, 16, 24):
            length = np.linalg.norm(X, axis=-1).mean()
            print(f"after {n:2} layers: mean cosine {cosines(X).mean():5.2f}, mean length {length:7.1f}")
        if layer is not None:
            X = X + multi_head_attention(X, *layer, H)


watch(added)

# %% [markdown]
r"""
What took 2 layers takes more than 8 now. But the vectors grow five hundredfold. The longer the stream, the more a layer writes: it grows by about a third with each layer, like money at compound interest,
and what is large decides everything: the scores of attention are products of two such vectors, each softmax becomes an all or nothing, and the embedding drowns.

So the layers should read vectors of a length that one can rely on.

## A norm

Take a vector, subtract the mean of its components, divide by their standard deviation. What is left has mean 0 and variance 1, however large or small the vector was. By hand, (1, 2, 6): the mean is 3, what is left of it (−2, −1, 3).
The squares are 4, 1 and 9, their mean is 14/3 = 4.67, its root 2.16, and so (−0.93, −0.46, 1.39).

Not every component need be equally large, so each gets a scale and a shift of its own, which are learned (Ba, Kiros and Hinton 2016):

$$\operatorname{LayerNorm}(x)_i = \frac{x_i - \mu}{\sqrt{\sigma^2 + \varepsilon}} \cdot \text{scale}_i + \text{shift}_i, \qquad \mu = \frac1d \sum_i x_i, \quad \sigma^2 = \frac1d \sum_i (x_i - \mu)^2$$

The small $\varepsilon$ stands inside the root: where all components are equal, 0 is then divided by $\sqrt\varepsilon$ and not by 0.

### Exercise: layer_norm
Every vector along the last axis by itself: `X (..., d)` gives `(..., d)`. `scale` and `shift` have shape `(d,)`; where no shift is given, nothing is added.
Vectors far from zero, with components around $10^{12}$ that differ by a few, must come out as precisely as others. Float32 in, float32 out.
"""

# %%
layer_norm = exercise(
    "blocks.layer_norm",
    points=3,
    level=2,
    minutes=15,
    hints=[
        "Two numbers for each vector, its mean and its variance. Along which axis, and with which shape, so that they meet their vector again?",
        "The mean of the squares less the square of the mean is the variance, too, on paper. Of which numbers are these squares, and how many digits does a float have?",
        "Take the mean off first and go on with what is left. `np.var` does that by itself, and divides by d unless you ask for something else.",
    ],
)


# %%
def layer_norm_slow(X, scale, shift, eps=1e-5):
    normed = np.zeros(X.shape)
    for t, vector in enumerate(X):
        mean = sum(vector) / len(vector)
        variance = sum((x - mean) ** 2 for x in vector) / len(vector)
        for i, x in enumerate(vector):
            normed[t, i] = (x - mean) / math.sqrt(variance + eps) * scale[i] + shift[i]
    return normed


by_hand = np.array([[1.0, 2.0, 6.0], [10.0, 20.0, 60.0], [3.0, 3.0, 3.0]])
norm_trials = [(by_hand, np.ones(3), np.zeros(3))]
norm_trials += [
    (rng.normal(size=(T, n)), rng.normal(size=n), rng.normal(size=n)) for T in (1, 2, 3) for n in (1, 2, 5)
]
side_by_side(layer_norm, layer_norm_slow, norm_trials)

# %%
check(layer_norm)

# %% [markdown]
r"""
Is it the mean or the length that has to be brought in order? Zhang and Sennrich (2019) leave the mean alone and divide by the *root of the mean square*; that is their equation 4, but for the $\varepsilon$:

$$\operatorname{RMSNorm}(x)_i = \frac{x_i}{\sqrt{\frac1d \sum_j x_j^2 + \varepsilon}} \cdot \text{scale}_i$$

For (1, 2, 6): the squares are 1, 4 and 36, their mean is 41/3 = 13.67, its root 3.70, and so (0.27, 0.54, 1.62). One pass over the vector less, and models are no worse for it. LLaMA and most of what came after it have this norm.

### Exercise: rms_norm
`X (..., d)` and `scale (d,)` give `(..., d)`.
"""

# %%
rms_norm = exercise(
    "blocks.rms_norm",
    points=2,
    level=1,
    minutes=8,
    hints=[
        "The name says it from the inside out, if read from the right: square, mean, root.",
        "One number for each vector again. Where in the formula does eps stand?",
        "`np.sqrt` of an array keeps its dtype, but `np.sqrt(d)` of an integer is a float64 that makes float64 of all it touches. `mean` has an `axis` and `keepdims`.",
    ],
)


# %%
def rms_norm_slow(X, scale, eps=1e-6):
    normed = np.zeros(X.shape)
    for t, vector in enumerate(X):
        mean_square = sum(x * x for x in vector) / len(vector)
        for i, x in enumerate(vector):
            normed[t, i] = x / math.sqrt(mean_square + eps) * scale[i]
    return normed


side_by_side(rms_norm, rms_norm_slow, [(X, scale) for X, scale, _ in norm_trials])

# %%
check(rms_norm)

# %% [markdown]
r"""
What does a norm forget? The next picture has 200 points of the plane, vectors with two components each, and what both norms make of them, with scales of 1. To which points will `rms_norm` bring them? And `layer_norm`? (With two components one can do it by hand.)
"""

# %%
points = np.random.default_rng(1).normal(size=(200, 2)) * [15, 10] + [6, 2]
show_norms(layer_norm, rms_norm, points)

# %% [markdown]
r"""
And how far is `layer_norm` of four times a vector plus 7 from that of the vector?
"""


# %%
def moved_and_stretched(X):
    ones = np.ones(X.shape[-1])
    return np.abs(layer_norm(4 * X + 7, ones) - layer_norm(X, ones)).max()


watch(moved_and_stretched, rng.normal(size=(3, 5)))

# %% [markdown]
r"""
`rms_norm` keeps the direction and forgets the length: a circle of radius $\sqrt 2$, on which the mean of the two squares is 1. `layer_norm` also forgets what all components have in common, and of two components nothing is left but which one is larger.
In $d$ dimensions it keeps a direction among those at right angles to $(1, \dots, 1)$. So four times a vector plus 7 is to it the same vector, but for 0.000015, and that is the doing of $\varepsilon$.

## Each position alone

Attention is a mean of values. Its shares are clever, but what it hands over is a sum of vectors times numbers: what a position received from `cat` and what it received from `because` are added, and nothing is ever concluded from both together.
For conclusions we need a function that is not linear, and the first question is which. The first transformer took $\max(0, x)$, the **ReLU**, which lets a number through or does not.

We can be less abrupt. How sure are we that $x$ should pass? Say, as sure as it is that a number drawn from the standard normal distribution is smaller than $x$. That probability is written $\Phi(x)$, and each number times its own is the **GELU** of Hendrycks and Gimpel (2016):

$$\operatorname{gelu}(x) = x \cdot \Phi(x)$$

$\Phi(0) = 0.5$, $\Phi(1) = 0.84$ and $\Phi(-1) = 0.16$, so 1 passes as 0.84, −1 as −0.16; 4 passes whole, and of −4 nothing is left that one could see.

$\Phi$ is an integral, which numpy does not have. In section 2 the authors give a formula that comes close, for when speed counts more than the last digits, and GPT-2 has it:

$$\operatorname{gelu}(x) \approx \frac x2 \left(1 + \tanh\!\left(\sqrt{\tfrac 2\pi}\,\bigl(x + 0.044715\, x^3\bigr)\right)\right)$$

### Exercise: gelu with a tanh
`gelu_tanh(X)`: the formula, number by number, for arrays of any shape. A power such as `X**3` goes through numpy's function for all powers, and takes some hundred times as long as products do.
"""

# %%
gelu_tanh = exercise(
    "blocks.gelu_tanh",
    points=1,
    level=1,
    minutes=8,
    hints=[
        "Functions of numpy visit every number by themselves, so the formula needs no shapes.",
        "How many products does x + 0.044715 x³ need, if you take x out of the bracket?",
        "√(2/π) made with `np.sqrt` is a float64 of numpy's, which turns float32 into float64. Python's own `** 0.5` gives a number that adapts.",
    ],
)


# %%
def gelu_tanh_slow(X):
    passed = [x / 2 * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))) for x in X]
    return np.array(passed)


side_by_side(gelu_tanh, gelu_tanh_slow, [np.array([-1.0, 0.0, 1.0, 4.0]), np.linspace(-6, 6, 200)])

# %%
check(gelu_tanh)

# %% [markdown]
r"""
A cheaper gate is the *logistic function* $\sigma(x) = 1 / (1 + e^{-x})$, which climbs from 0 to 1 as $\Phi$ does. (It is the softmax of two scores, $x$ and 0.) A number times its own is the **SiLU**, later called swish:

$$\operatorname{silu}(x) = x \cdot \sigma(x) = \frac{x}{1 + e^{-x}}$$
"""


# %%
def silu_slow(X):
    return np.array([x / (1 + math.exp(-x)) for x in X])


silu_slow([-1.0, 0.0, 1.0, 4.0])

# %% tags=["raises-exception"]
silu_slow([-1000.0])

# %% [markdown]
r"""
You have seen this error in lesson 01. numpy raises none: its exponential is ∞ there and it warns. $-1000 / \infty$ happens to be right, but the same function written as $x \, e^x / (1 + e^x)$ gives ∞ / ∞ for $x = 1000$, and that is `nan`.

### Exercise: silu, without overflow
`silu(X)`, for arrays of any shape. Numbers from −10,000 to 10,000 must come out right. Can you do it with nothing on the way that is larger than numpy can hold? It only warns of an overflow; to find one, call yours inside `with np.errstate(over="raise"):`.
"""

# %%
silu = exercise(
    "blocks.silu",
    points=2,
    level=2,
    minutes=10,
    hints=[
        "Which exponential is never larger than 1, whatever the sign of x? There is another way, too: a function of numpy that climbs without overflow.",
        "σ climbs from 0 to 1, tanh from −1 to 1, and both are made of exponentials. tanh(x) = (1 − e⁻²ˣ) / (1 + e⁻²ˣ): add 1 to it and see what comes out.",
        "1 + tanh(x) = 2 / (1 + e⁻²ˣ) = 2 σ(2x). Now for x instead of 2x.",
    ],
)

# %%
side_by_side(silu, silu_slow, [np.array([-1.0, 0.0, 1.0, 4.0]), np.linspace(-20, 20, 200)])

# %%
check(silu)

# %% [markdown]
r"""
The exact gelu we hand to you. $\Phi$ is made of the error function, $\Phi(x) = (1 + \operatorname{erf}(x / \sqrt 2)) / 2$. Python has `math.erf`, which takes one number at a time, and numpy has none; the course's `gelu` sums a series that is as precise as the dtype.
From here on you may call it in your answers.
"""

# %%
gelu = library("blocks.gelu")

# %% [markdown]
r"""
All three curves in one picture, and how far yours with the tanh is from the exact one. A ReLU is lowest wherever it is 0. Where are the other two lowest, and which goes deeper?
"""


# %%
def relu(X):
    return np.maximum(X, 0)


show_activations([gelu, silu, relu], gelu, gelu_tanh)

# %% [markdown]
r"""
`gelu` goes down to −0.170 at −0.75, `silu` to −0.278 at −1.28. The approximation is never off by more than 0.0005. All three agree far out: everything on the right, nothing on the left. Which one is in a model hardly matters; that it has the one that it was trained with does.

## A layer that concludes

Now the layer: a matrix makes `h` hidden numbers of a vector, each goes through the gelu by itself, and a second matrix makes a vector of `d` numbers again (Vaswani et al. 2017, section 3.3, equation 2, with a ReLU):

$$\operatorname{mlp}(x) = \operatorname{gelu}(x W_\text{in} + b_\text{in})\, W_\text{out} + b_\text{out}$$

It is a *multilayer perceptron*, hence the name. It sees one position and no other. Usually $h = 4d$, and then its two matrices have $8d^2$ numbers, twice as many as the four of attention.

Read it one hidden number at a time. Column $j$ of $W_\text{in}$ says what number $j$ looks for: it is large where the vector points that way. Row $j$ of $W_\text{out}$ says what is then written.
So each hidden number is a rule: *where you see this, write that*. (Geva et al. 2021 call the columns keys and the rows values, and find in trained models which texts a key answers to.)

### Exercise: mlp
`X (..., d)`, `W_in (d, h)`, `b_in (h,)`, `W_out (h, d)` and `b_out (d,)` give `(..., d)`. The gelu is the exact one.
"""

# %%
mlp = exercise(
    "blocks.mlp",
    points=2,
    level=1,
    minutes=8,
    hints=[
        "From left to right: matrix, bias, gelu, matrix, bias.",
        "`@` leaves all axes of X but the last as they are, and a bias meets the last axis by itself.",
        "It is one line. Nothing has to be transposed, for the weights stand as in the formula.",
    ],
)


# %%
def mlp_slow(X, W_in, b_in, W_out, b_out):
    written = np.zeros(X.shape)
    for t, vector in enumerate(X):
        written[t] = b_out
        for j in range(len(b_in)):
            seen = sum(vector * W_in[:, j]) + b_in[j]
            written[t] += seen * (1 + math.erf(seen / math.sqrt(2))) / 2 * W_out[j]
    return written


def random_layer(n, hidden):
    """W_in, b_in, W_out and b_out."""
    W_in, W_out = rng.normal(size=(n, hidden)), rng.normal(size=(hidden, n))
    return W_in / n**0.5, rng.normal(size=hidden), W_out / hidden**0.5, rng.normal(size=n)


sizes = itertools.product((1, 2, 3), (1, 2, 4), (1, 3))
side_by_side(mlp, mlp_slow, [(rng.normal(size=(T, n)), *random_layer(n, hidden)) for n, hidden, T in sizes])

# %%
check(mlp)

# %% [markdown]
r"""
A conclusion, by hand. Two components say 0 or 1, and the third is to become 1 where *both* are 1. No matrix can do that: what it gives for (1, 1) is what it gives for (1, 0) and for (0, 1) together, less what it gives for (0, 0).
One hidden number can: $20\,(a + b - 1.75)$ is 5 where both are 1, and −15 or less elsewhere. What comes out for each row of `facts`?
"""

# %%
facts = np.array([[0.0, 0, 0], [1, 0, 0], [0, 1, 0], [1, 1, 0]])
see_both = np.array([[20.0], [20], [0]]), np.array([-35.0])  # W_in and b_in
write_third = np.array([[0, 0, 0.2]]), np.zeros(3)  # W_out and b_out
watch(lambda: mlp(facts, *see_both, *write_third).round(4) + 0.0)

# %% [markdown]
r"""
We shall meet these 20 and 35 again.

There is a second form. In a **gated** layer two matrices read the vector, and the numbers of one decide what is let through of the other (Shazeer 2020, equation 6):

$$\operatorname{swiglu}(x) = \bigl(\operatorname{silu}(x W_\text{gate}) \odot x W_\text{in}\bigr)\, W_\text{out}$$

with $\odot$ for the product number by number, and without biases. A hidden number is now a product of two things that were seen, so *both* is easier to say. Three matrices instead of two, so one takes $h = \tfrac 83 d$ instead of $4d$, and there are as many numbers as before:
SmolLM2-135M, the chat model of lesson 05, has $d = 576$ and $h = 1536$, and $3 \cdot 576 \cdot 1536 = 2 \cdot 576 \cdot 2304$.
In Shazeer's tables models with such layers are better than others of the same size. Why? His conclusion offers no explanation, and credits divine benevolence.

### Exercise: swiglu
`X (..., d)`, `W_gate (d, h)`, `W_in (d, h)` and `W_out (h, d)` give `(..., d)`.
"""

# %%
swiglu = exercise(
    "blocks.swiglu",
    points=2,
    level=2,
    minutes=8,
    hints=[
        "Two products with X, one of which goes through a function of yours. Which one?",
        "Both products have the shape (..., h), and so has what the two make together, number by number.",
        "`*` is the product number by number, `@` that of matrices. `@` and `*` bind equally tightly, from left to right, so brackets are needed.",
    ],
)


# %%
def swiglu_slow(X, W_gate, W_in, W_out):
    written = np.zeros(X.shape)
    for t, vector in enumerate(X):
        for j in range(len(W_out)):
            gate = sum(vector * W_gate[:, j])
            written[t] += gate / (1 + math.exp(-gate)) * sum(vector * W_in[:, j]) * W_out[j]
    return written


def gated_trial(n, hidden, T):
    return rng.normal(size=(T, n)), *rng.normal(size=(2, n, hidden)), rng.normal(size=(hidden, n))


side_by_side(
    swiglu, swiglu_slow, [gated_trial(*size) for size in itertools.product((1, 2, 3), (1, 2, 4), (1, 3))]
)

# %%
check(swiglu)

# %% [markdown]
r"""
## The block

Attention fetches, the layer concludes, and both add what they have to the stream. The norm is left. We wanted that layers *read* vectors of a length to rely on; so each reads through a norm of its own, and the stream itself is left as it is:

$$X \leftarrow X + \operatorname{MultiHead}(\operatorname{LayerNorm}_1(X)), \qquad X \leftarrow X + \operatorname{mlp}(\operatorname{LayerNorm}_2(X))$$

The second line reads what the first has written. This is the **pre-LN block**, in GPT-2 and in nearly everything since.

### Exercise: pre_ln_block
`X (..., T, d)` gives `(..., T, d)`. The other arguments come in the order in which they are used: scale and shift of the first norm, four matrices, scale and shift of the second norm, weights and biases of the mlp; then `H` and, if there is one, `mask`, both for attention.
"""

# %%
pre_ln_block = exercise(
    "blocks.pre_ln_block",
    points=3,
    level=3,
    minutes=15,
    hints=[
        "You have all three parts as functions. Write the two lines of the formula as two lines of Python.",
        "In each line X stands twice. Which of the two goes through the norm? And which X does the second line read?",
        "`X = X + …` makes a new array; `X += …` would change that of the caller. The mask goes to attention alone.",
    ],
)

# %% [markdown]
r"""
The definition as loops, from the slow parts above and a slow attention with heads:
"""


# %%
def multi_head_slow(X, W_Q, W_K, W_V, W_O, H, mask=None):
    dh = X.shape[1] // H
    fetched = np.zeros(X.shape)
    for h in range(H):
        own = slice(h * dh, (h + 1) * dh)
        Q, K, V = X @ W_Q[:, own], X @ W_K[:, own], X @ W_V[:, own]
        for i, query in enumerate(Q):
            seen = [j for j in range(len(K)) if mask is None or mask[i, j]]
            powers = [math.exp(sum(query * K[j]) / math.sqrt(dh)) for j in seen]
            for j, power in zip(seen, powers, strict=True):
                fetched[i, own] += power / sum(powers) * V[j]
    return fetched @ W_O


def pre_ln_block_slow(
    X, scale_1, shift_1, W_Q, W_K, W_V, W_O, scale_2, shift_2, W_in, b_in, W_out, b_out, H, mask=None
):
    stream = X + multi_head_slow(layer_norm_slow(X, scale_1, shift_1), W_Q, W_K, W_V, W_O, H, mask)
    for t in range(len(X)):
        read = layer_norm_slow(stream[t : t + 1], scale_2, shift_2)
        stream[t] += mlp_slow(read, W_in, b_in, W_out, b_out)[0]
    return stream


def random_block(n, hidden):
    """The parameters of a block in the order of its arguments."""
    squares = rng.normal(size=(4, n, n)) / n**0.5
    one, two = rng.normal(size=(2, 2, n))
    return *one, *squares, *two, *random_layer(n, hidden)


block_trials = [
    (rng.normal(size=(T, 6)), *random_block(6, 5), heads, mask)
    for T, heads in itertools.product((1, 2, 4), (1, 2, 3))
    for mask in (None, np.tri(T, dtype=bool))
]
side_by_side(pre_ln_block, pre_ln_block_slow, block_trials)

# %%
check(pre_ln_block)

# %% [markdown]
r"""
## Who wrote what

In a pre-LN block nothing in the stream is ever replaced: a layer that wants something gone has to write its opposite. After any number of blocks the stream is

$$X = \text{embedding} + \text{attention}_0 + \text{mlp}_0 + \text{attention}_1 + \text{mlp}_1 + \dots$$

where each word stands for what that layer wrote. To see such a sum we write the parameters of one block by hand, once more. A model reads `the cat slept because it` and wants to know of `it` whether to go on with `hungry` or with `bright`, as in lesson 03.
The stream has six components with names, and the embedding of a word is a 1 in one of them.

- **Attention** has one head: who is `it` asks for who is `cat` or `moth`, and the value is that component.
- **The mlp** has two rules, with the 20 and 35 from above: where you see `it` and `cat`, write `hungry`; where you see `it` and `moth`, write `bright`.
- **The norms** have a scale and a shift that let a vector pass as it is if it has a single 1 (the first norm) or two of them (the second).
"""

# %%
features = ["cat", "moth", "it", "hungry", "bright", "else"]


def embedding(sentence):
    return np.eye(6)[[features.index(word) if word in features else 5 for word in sentence.split()]]


W_ask, W_answer, W_value = np.zeros((3, 6, 6))
W_ask[features.index("it"), 0] = 25
W_answer[:2, 0] = 1  # cat and moth
W_value[:2, :2] = np.eye(2)
see, write = np.zeros((6, 2)), np.zeros((2, 6))
see[:2] = 20 * np.eye(2)  # rule 0 sees cat, rule 1 sees moth,
see[features.index("it")] = 20  # and both see it
write[:, 3:5] = np.eye(2) / 5  # rule 0 writes hungry, rule 1 bright
one_1 = np.full(6, (1 / 6 - 1 / 36) ** 0.5), np.full(6, 1 / 6)  # let a single 1 pass
two_1s = np.full(6, (2 / 6 - 4 / 36) ** 0.5), np.full(6, 2 / 6)
attention_part = *one_1, W_ask, W_answer, W_value, np.eye(6)
mlp_part = *two_1s, see, np.full(2, -35.0), write, np.zeros(6)
by_hand_block = *attention_part, *mlp_part
embedding("the cat slept because it")

# %% [markdown]
r"""
The picture has a row for each writer, and shows what it wrote at the position of `it`. The last row is the sum. What will attention have written there, and what the mlp? And which two of these rows are needed before `hungry` can be written?
"""


# %%
def read_by_hand(sentence):
    X = embedding(sentence)
    causal = np.tri(len(X), dtype=bool)
    return show_stream(pre_ln_block, X, [by_hand_block], 1, features, causal, sentence)


watch(read_by_hand, "the cat slept because it")

# %%
watch(read_by_hand, "a moth fell because it")

# %% [markdown]
r"""
The embedding says `it`, attention adds `cat`, and the mlp sees both in the stream and adds `hungry`. Neither knew the other: what one had written was there for the next to read.
That is what the stream is for. It is not a pipe through which a text is pushed, but a board to which everybody can write and from which everybody reads.

With `cat` and `moth` both in the sentence, the head cannot decide. What does the mlp make of half a cat? Run it, then change the sentence as you like.
"""

# %%
watch(read_by_hand, "a cat saw a moth because it")  # change this

# %% [markdown]
r"""
Half a `cat` and half a `moth`, and neither rule is sure enough: after the norm the two are 0.54 and `it` is 1.18, and $20 \cdot (0.54 + 1.18) = 34.4$ stays below 35. (The gelu of −0.6 is a little below 0, hence the −0.03.)

## The other order

Vaswani et al. (2017, section 3.1) put the norm elsewhere: after each addition, on the stream itself.

$$X \leftarrow \operatorname{LayerNorm}_1(X + \operatorname{MultiHead}(X)), \qquad X \leftarrow \operatorname{LayerNorm}_2(X + \operatorname{mlp}(X))$$

This is the **post-LN block**. BERT has it, and so has the sentence encoder of lesson 05.

### Exercise: post_ln_block
The same arguments, the other order.
"""

# %%
post_ln_block = exercise(
    "blocks.post_ln_block",
    points=2,
    level=3,
    minutes=10,
    hints=[
        "What goes into the norm now: what a layer reads, what it writes, or the sum?",
        "The result of the first norm is the new stream. The mlp reads it, and is added to it.",
        "Two lines again, and in each the norm is outermost.",
    ],
)


# %%
def post_ln_block_slow(
    X, scale_1, shift_1, W_Q, W_K, W_V, W_O, scale_2, shift_2, W_in, b_in, W_out, b_out, H, mask=None
):
    fetched = multi_head_slow(X, W_Q, W_K, W_V, W_O, H, mask)
    stream = np.zeros(X.shape)
    for t in range(len(X)):
        between = layer_norm_slow(X[t : t + 1] + fetched[t], scale_1, shift_1)
        concluded = between + mlp_slow(between, W_in, b_in, W_out, b_out)
        (stream[t],) = layer_norm_slow(concluded, scale_2, shift_2)
    return stream


side_by_side(post_ln_block, post_ln_block_slow, block_trials)

# %%
check(post_ln_block)

# %% [markdown]
r"""
It looks like a matter of taste. But a norm on the stream divides *everything that was written so far*. If a layer writes as much as is there, the sum is longer by a factor of $\sqrt 2$, by which the norm divides it again, the embedding included:
after $n$ layers, two for each block, $2^{-n/2}$ of it is left. (If a layer writes less, it goes more slowly, and as surely.) In a pre-LN block it stays whole, and the others are added to it.

Both ways with 24 random blocks on our eight words. On the left the length of the vectors, which begin at 5.7; on the right the cosine of each vector with its embedding. Which curve goes where?
"""


# %%
def at_first(n, hidden):
    """A block before training: scales of 1, shifts and biases of 0, random matrices."""
    _, _, *squares, _, _, W_in, _, W_out, _ = random_block(n, hidden)
    norm = np.ones(n), np.zeros(n)
    return *norm, *squares, *norm, W_in, np.zeros(hidden), W_out, np.zeros(n)


untrained = [at_first(d, 2 * d) for _ in range(24)]
show_depth({"pre-LN": pre_ln_block, "post-LN": post_ln_block}, words, untrained, H)

# %% [markdown]
r"""
The length: pre-LN grows to 31.6, without interest this time, for what a layer writes no longer depends on how long the stream is; post-LN stands at $\sqrt{32}$.
The embedding: with post-LN there is hardly anything left of it after eight blocks. With pre-LN it fades, too, but slowly, as one voice among more and more, and its cosine is 0.31 at the end.

The way that leads from the embedding up is the way that a correction takes down, when the model learns. Where nothing of the first layers reaches the end, the end cannot tell them what to do better.
Xiong et al. (2020) work it out for the first step of training, and find that post-LN needs a slow start, the *warm-up*, where pre-LN does not. Trained post-LN models are not like our picture, for training changes what their layers write. But nearly all who stack many blocks now take pre-LN.
Gradients will be part of lesson 07, and training of lesson 08.

## What we left out

A stack of pre-LN blocks ends with one more norm, before the stream is compared with the words; whole models are in lesson 05. Real blocks often have biases in attention, and while they are trained *dropout* sets some of what is written to zero.
Some let attention and mlp read the same X, side by side, to save time.

To read: Ba, Kiros and Hinton 2016, *Layer Normalization*, section 3, and section 5 for what it forgets. Zhang and Sennrich 2019, *Root Mean Square Layer Normalization*. Hendrycks and Gimpel 2016, *Gaussian Error Linear Units (GELUs)*, section 2.
Shazeer 2020, *GLU Variants Improve Transformer*, for its tables and for its conclusion. Xiong et al. 2020, *On Layer Normalization in the Transformer Architecture*: Figure 1 draws both blocks, table 1 writes them out.
Dong, Cordonnier and Loukas 2021, *Attention is not all you need: pure attention loses rank doubly exponentially with depth*. Geva et al. 2021, *Transformer Feed-Forward Layers Are Key-Value Memories*.
Elhage et al. 2021, *A Mathematical Framework for Transformer Circuits*, the section on the residual stream as a communication channel.

## Two questions

**Question 1.** A pre-LN model with a stream $x$ at the last position gives a word with the vector $u$ the score $\operatorname{LayerNorm}(x) \cdot u$. Since $x$ is a sum of what the embedding and all layers wrote, one would like to say how much of the score each of them contributed.
Show how far that can be done: which part of the norm keeps a sum a sum, and which does not? What would you answer to somebody who says "without mlp 3 the score would have been lower by exactly its contribution"?
"""

# %%
question("who-contributed", points=2)

# %% [markdown]
r"""
**Question 2.** In a pre-LN block, scale and shift of a norm can be done away with: show that for any scale, shift and $W$ there are a $W'$ and a $b'$ with $\operatorname{LayerNorm}(x; \text{scale}, \text{shift})\, W = \operatorname{LayerNorm}(x; 1, 0)\, W' + b'$.
(Write $\hat x$ for the normed vector, and scale as a diagonal matrix.) Why does the same not work in a post-LN block? And if they can be done away with, what could be a reason to train a model with them all the same?
"""

# %%
question("scale-and-shift", points=2)
