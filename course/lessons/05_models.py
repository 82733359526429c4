# %% [markdown]
r"""
# 05 · Whole models

You need lessons 02, 03 and 04 for this one.

GPT-2, the small one, is 124,439,808 numbers and a program. The numbers were learned. The program was written by people, and you have written nearly all of it already.
Before you read on, two guesses. How many lines of numpy is the program, if it may call what you wrote in the last three lessons? And where are most of the numbers:
in the vectors of its 50,257 tokens, in attention, or in the feed-forward layers?
"""

# %%
import cmath
import dataclasses
import math

import numpy as np
from headway_course import (
    check,
    earlier,
    exercise,
    library,
    question,
    real_model,
    show_attention,
    show_buckets,
    show_parts,
    show_patches,
    show_sight,
    side_by_side,
    small_model,
    watch,
    yours,
)

V, context, d, h, L = 50_257, 1024, 768, 3072, 12  # tokens, positions, width, hidden width, layers
gpt_2 = {
    "token vectors": V * d,
    "position vectors": context * d,
    "attention": L * (4 * d * d + 4 * d),
    "feed-forward": L * (2 * d * h + h + d),
    "norms": (2 * L + 1) * 2 * d,
}
show_parts({"GPT-2": gpt_2})

# %% [markdown]
r"""
Nearly half, 56.7 million, are in the feed-forward layers: each of the twelve has eight matrices' worth of $d \times d$, while attention has four. The vectors of the tokens are a good 30 %. The norms are there too, 38,400 numbers, thinner than a line.

The program comes at the end of this lesson. It is ten lines long, and it is no more than one of many ways to put the same pieces together. So first the ways.

## Who sees whom

Take the blocks of the last lesson and ask what a position of theirs may see. There are three answers, and every model you have heard of has one of them:
"""

# %%
causal_mask = earlier("attention.causal_mask")
show_sight(causal_mask, ["the", "black", "cat", "sleeps"], ["le", "chat", "noir", "dort"])

# %% [markdown]
r"""
An **encoder** sees its text whole. It can say what a text means, or which word is missing in the middle; it cannot write, for there is no next word that it has not seen (BERT, MiniLM; ViT, whose text is an image).
A **decoder** sees back only, and so every position can be asked what comes next (GPT, LLaMA; a model that writes in this way is called *autoregressive*). Both together make the **encoder–decoder** of Vaswani et al. 2017: a decoder that, in every block, also asks what an encoder has made of another text (T5, BART).

The other choices are few, and this is nearly all of them:

| | blocks | positions | norm | norm stands | hidden layer |
|---|---|---|---|---|---|
| Vaswani et al. 2017 | both | sinusoids | layer | after | ReLU |
| GPT-2 | decoder | learned, added | layer | before | gelu |
| BERT | encoder | learned, added | layer | after | gelu |
| BART | both | learned, added | layer | after | gelu |
| T5 | both | learned, added to scores | RMS | before | ReLU |
| DeBERTa | encoder | learned, in scores | layer | after | gelu |
| ViT | encoder | learned, added | layer | before | gelu |
| LLaMA | decoder | rotary | RMS | before | SwiGLU |

Which entries do you have no function for yet? ViT's, since its text is an image. Those of T5 and DeBERTa, whose positions enter the scores. And the block of a decoder that asks a second text. We make these four, then put LLaMA's block together, and then the whole GPT.

From here on the functions of the last lessons are needed. What you have not solved is the course's.
"""

# %%
outer_difference = earlier("arrays.outer_difference")
softmax = earlier("numerics.softmax")
embed = earlier("tokens.embed")
unembed = earlier("tokens.unembed")
rotary = earlier("positions.rotary")
attention = earlier("attention.attention")
split_heads = earlier("attention.split_heads")
merge_heads = earlier("attention.merge_heads")
multi_head_attention = earlier("attention.multi_head_attention")
cross_attention = earlier("attention.cross_attention")
layer_norm = earlier("blocks.layer_norm")
rms_norm = earlier("blocks.rms_norm")
gelu_tanh = earlier("blocks.gelu_tanh")
silu = earlier("blocks.silu")
swiglu = earlier("blocks.swiglu")
relu = library("blocks.relu")  # no lesson asks for this one

# %% [markdown]
r"""
## An image is a text

A transformer wants a list of vectors, and an image is none. Dosovitskiy et al. 2021 (section 3.1) cut it into squares, as one cuts a text into tokens, and take the pixels of each square for its vector. A matrix brings these to the width of the stream, and from there on nothing knows that it was an image.

The smallest case: an image of one colour, two rows and four columns, `0 1 2 3 / 4 5 6 7`, and $p = 2$. There are two patches, `0 1 4 5` and `2 3 6 7`. The neighbours 1 and 2 end up in different rows.

### Exercise: the patches of an image
`images (..., c, h, w)` has $c$ colours. `patches(images, p)` gives `(..., n, m)`, a row for each square of $p \times p$ pixels: squares from left to right, then the next row of squares.
In a row come the $p^2$ pixels of the first colour, line after line, then those of the second, and so on, so $m = c\,p^2$. `p` divides `h` and `w`.
"""

# %%
patches = exercise(
    "tokens.patches",
    points=2,
    level=2,
    minutes=15,
    hints=[
        "A height h is a number of squares times p, and so is a width. How many axes has an image in which these are told apart?",
        "Reshape to six axes: colour, row of squares, line in the square, column of squares, pixel in the line (and the batch in front). Which order do you need them in?",
        "Two axes move to the front of the colour. `np.moveaxis` takes several at once, `np.einsum` writes them as letters; another reshape joins what belongs together.",
    ],
)


# %%
def patches_slow(images, p):
    c, h, w = images.shape
    cut = np.zeros((h * w // p**2, c * p**2))
    for colour, y, x in np.ndindex(c, h, w):
        square = y // p * (w // p) + x // p
        cut[square, (colour * p + y % p) * p + x % p] = images[colour, y, x]
    return cut


sizes = [(1, 2, 4, 2), (2, 4, 6, 2), (3, 6, 3, 3), (3, 2, 5, 1)]
side_by_side(
    patches, patches_slow, [(np.arange(float(c * y * x)).reshape(c, y, x), p) for c, y, x, p in sizes]
)

# %%
check(patches)

# %% [markdown]
r"""
A digit, cut into 16 squares. Which of the 16 rows will be all dark? What does a row know of the one below it?
"""

# %%
drawn = "........ ..####.. ......#. ...###.. ......#. ......#. ..####.. ........"
digit = np.array([[float(pixel == "#") for pixel in line] for line in drawn.split()])
show_patches(patches, digit, p=2)

# %% [markdown]
r"""
Half of them. And nothing in rows 7 and 11 says that they lie one below the other in the image. ViT learns a vector for every place and adds it, as GPT does, and must find out by training that places 7 and 11 are neighbours.

## Asking a second text

The block of the last lesson has two parts: it looks at its own text, and then each position draws its conclusions alone. In Vaswani et al. 2017, section 3.1, the block of a decoder has a third one in between: it looks at the other text, by your `cross_attention`. After each part they add and norm, so the norms stand *after*:

$$X \leftarrow \operatorname{LN}_1(X + \operatorname{MultiHead}(X)), \qquad X \leftarrow \operatorname{LN}_2(X + \operatorname{Cross}(X, C)), \qquad X \leftarrow \operatorname{LN}_3(X + \operatorname{relu}(X W_\text{in} + b_\text{in}) W_\text{out} + b_\text{out})$$

$C$ is what the encoder has made of its text: all of it, known from the start. Which of the two attentions needs a causal mask?

### Exercise: decoder_block
`X (..., T, d)` is what the decoder has so far and `C (..., Tk, c)` the other text. `W_Q` to `W_O` look at X, which sees back only; `W_QC` to `W_OC` ask C. `scale` and `shift` are `(3, d)`, a row for each norm.
`mask (..., T, Tk)`, if there is one, is `True` where a position of X may look into C: that hides the padding of C, and as `(..., 1, Tk)` for all positions alike. The leading axes of X, C and mask broadcast. A position that may look nowhere fetches zeros from C.
"""

# %%
decoder_block = exercise(
    "architectures.decoder_block",
    points=4,
    level=4,
    minutes=20,
    hints=[
        "Three parts, and after each one: add, then norm. You have a function for all but the addition.",
        "The causal mask belongs to the first part alone, and the mask that is given to the second alone.",
        "`causal_mask(X.shape[-2])` goes into `multi_head_attention`. The third part has a ReLU, so it is not your `mlp`: `np.maximum(…, 0)`.",
    ],
)

# %% [markdown]
r"""
The loop goes through the text position by position. A position is one vector, so there is nothing to mask: what may not be seen is not handed over.
First a norm of one vector, and one position that asks a list of others:
"""


# %%
def norm_slow(x, scale, shift):
    mean = sum(x) / len(x)
    variance = sum((number - mean) ** 2 for number in x) / len(x)
    return (x - mean) / math.sqrt(variance + 1e-5) * scale + shift


def look_slow(q, keys, values):
    powers = [math.exp(q @ k / math.sqrt(len(q))) for k in keys]
    return sum(power / sum(powers) * v for power, v in zip(powers, values, strict=True))


def ask_slow(x, text, W_Q, W_K, W_V, W_O, H):
    heads = []
    for own in np.split(np.arange(len(x)), H):  # the columns of one head
        heads.append(
            look_slow(x @ W_Q[:, own], [c @ W_K[:, own] for c in text], [c @ W_V[:, own] for c in text])
        )
    return np.concatenate(heads) @ W_O


look_slow(np.array([0.0, 1.0]), np.eye(2), np.eye(2)).round(2)


# %%
def decoder_block_slow(
    X, C, W_Q, W_K, W_V, W_O, W_QC, W_KC, W_VC, W_OC, W_in, b_in, W_out, b_out, scale, shift, H, mask=None
):
    done = []
    for t, x in enumerate(X):
        seen = [c for s, c in enumerate(C) if mask is None or mask[t, s]]
        x = norm_slow(x + ask_slow(x, X[: t + 1], W_Q, W_K, W_V, W_O, H), scale[0], shift[0])
        x = norm_slow(x + ask_slow(x, seen, W_QC, W_KC, W_VC, W_OC, H), scale[1], shift[1])
        hidden = np.array([max(number, 0) for number in x @ W_in + b_in])
        done.append(norm_slow(x + hidden @ W_out + b_out, scale[2], shift[2]))
    return np.array(done)


rng = np.random.default_rng(0)


def draw(*shape):
    return rng.normal(size=shape) / shape[0] ** 0.5


W_small = [
    *draw(4, 6, 6),
    draw(6, 6),
    *draw(2, 5, 6),
    draw(6, 6),
    draw(6, 8),
    draw(8),
    draw(8, 6),
    draw(6),
]
asking = (draw(4, 6), draw(3, 5), *W_small, 1 + draw(3, 6), draw(3, 6))
all_but_first = np.array([[False, True, True]] * 4)
side_by_side(
    decoder_block,
    decoder_block_slow,
    [(*asking, H, mask) for H in (1, 2, 3) for mask in (None, all_but_first)],
)

# %%
check(decoder_block)

# %% [markdown]
r"""
## Distances that share

A table with a vector for each position ends somewhere: GPT-2 has 1,024 rows, and no longer text can be read. ALiBi (lesson 02) takes something off a score for every step between query and key, and so fits any length, but what it takes off is fixed.
T5 *learns* what to add to a score for each distance, one number for each head (Raffel et al. 2020, section 2.1). That would be a table without end again, unless far distances share. Whether a word stands 3 or 4 places back matters; whether 100 or 101, hardly.

So distances are sorted into $n$ buckets. Half of them are for keys that come before the query, or are the query itself; half for those that come after it. Of a side's $n/2$ buckets, the first half hold a distance each, 0, 1, 2, …; the others grow by a constant factor, and the last one begins so that it would end at `span`. What is farther still falls into the last bucket as well.

By hand, with $n = 8$ and `span` 20. A side has four buckets. Two are for the distances 0 and 1. The other two share the distances from 2 to 20, so each grows by $\sqrt{20/2} = 3.16$: bucket 2 holds 2 to 6, since the next border is $2 \cdot 3.16 = 6.32$, and bucket 3 holds 7 and more.

### Exercise: relative_buckets
`steps (...)` are whole numbers: position of the key minus position of the query, so they are negative for keys that lie back. With $m$ buckets for a side and $e = m / 2$ of them for one distance each, a distance $a \ge e$ falls into

$$\min\Big(e + \Big\lfloor \frac{\ln(a / e)}{\ln(\text{span} / e)}\,(m - e) \Big\rfloor,\; m - 1\Big).$$

Steps back have the buckets 0 to $n/2 - 1$; for steps forward add $n/2$. With `back_only=True` no step forward occurs: then all $n$ buckets are for steps back ($m = n$), and a step forward, should there be one, counts as none. `n` is a multiple of 4. At a border the logarithms may round to a little below a whole number: add 1e-9 before you cut off.
"""

# %%
relative_buckets = exercise(
    "positions.relative_buckets",
    points=3,
    level=3,
    minutes=25,
    hints=[
        "Forget the sides at first: write the bucket of a distance that is not negative. Which of the two rules holds where?",
        "`np.where` computes both rules everywhere and picks one. The logarithm of 0 must not be among what it computes: what can stand there instead, where nobody looks?",
        "`np.maximum(distance, 1)` inside the logarithm. `.astype(int)` cuts off. The side is one more `np.where`, on the sign of the steps.",
    ],
)


# %%
def relative_buckets_slow(steps, n, span, back_only=False):
    buckets = []
    for step in steps.tolist():
        m = n if back_only else n // 2
        e, distance, bucket = m // 2, max(-step, 0) if back_only else abs(step), 0
        while bucket < m - 1 and distance >= _border(bucket + 1, m, e, span):
            bucket += 1
        buckets.append(bucket + (m if step > 0 and not back_only else 0))
    return np.array(buckets)


def _border(bucket, m, e, span):
    return bucket if bucket <= e else e * (span / e) ** ((bucket - e) / (m - e)) - 1e-9


every_step = np.arange(-140, 141)
by_hand = np.array([0, -1, -2, -6, -7, -300, 1, 6, 7])
trials = [(by_hand, 8, 20), (every_step, 32, 128), (every_step, 12, 50), (every_step, 32, 128, True)]
side_by_side(relative_buckets, relative_buckets_slow, trials)

# %%
check(relative_buckets)

# %% [markdown]
r"""
All pairs of 64 positions, in the 32 buckets of T5. Where will the stripes be narrow, and where wide? Does a text of 64 positions reach all the buckets?
"""

# %%
show_buckets(relative_buckets, n=32, span=128, T=64)

# %% [markdown]
r"""
Near the diagonal each distance has a colour of its own, and further out more and more of them share one. 27 of the 32 buckets occur in each picture. On the left 14, 15, 30 and 31 are missing, which are for distances of 64 and more, and 16, which would be a step forward of length 0. On the right the last five are missing, for distances of 67 and more.

### Exercise: relative_bias
`table (n, H)` holds what was learned: for each bucket and head, the number to add to a score. `queries (Tq)` and `keys (Tk)` are the positions of those that ask and answer. `relative_bias(table, queries, keys)` gives `(H, Tq, Tk)`.
The queries need not begin at 0: a model that writes asks from its last position only, about all keys so far (lesson 06).
"""

# %%
relative_bias = exercise(
    "positions.relative_bias",
    points=2,
    level=2,
    minutes=10,
    hints=[
        "Which array of steps do you need, and what is its shape? You have a function for the difference of each with each.",
        "An array of buckets `(Tq, Tk)` as an index of the table gives `(Tq, Tk, H)`. The heads must come first.",
        "Mind the direction: a step leads from the query to the key. `table.T` has the heads in front, and an index after `:` leaves them there.",
    ],
)


# %%
def relative_bias_slow(table, queries, keys, span=128, back_only=False):
    bias = np.zeros((table.shape[1], len(queries), len(keys)))
    for head, i, j in np.ndindex(bias.shape):
        (bucket,) = relative_buckets_slow(keys[j : j + 1] - queries[i], len(table), span, back_only)
        bias[head, i, j] = table[bucket, head]
    return bias


side_by_side(
    relative_bias,
    relative_bias_slow,
    [
        (np.arange(16.0).reshape(8, 2), np.arange(4), np.arange(4)),
        (draw(12, 3), np.arange(30), np.arange(25), 20),
        (draw(8, 2), np.arange(9, 12), np.arange(12), 15, True),
    ],
)

# %%
check(relative_bias)

# %% [markdown]
r"""
## Two questions instead of one

A number for each distance says: near words matter more, whatever they are. But in `deep learning`, `learning` wants to know what stands *right before it*, and `deep` is only interesting if what stands right after it is a certain kind of word. Such wishes join a word and a distance.

DeBERTa (He et al. 2021, section 3.1) gives each distance a vector, and from it a key and a query. Now a score has three parts, and positions are never mixed into the words:

- what the query's word asks the key's word, $q_i \cdot k_j$, as ever;
- what the query's word asks the *distance*: $q_i \cdot k^r_{\delta}$, with the key $k^r$ of the distance $\delta$ from $i$ to $j$;
- what the *distance* asks the key's word: $k_j \cdot q^r_{\delta}$. (Here the paper takes the distance from $j$ to $i$, and the code of its authors that from $i$ to $j$; we do as the code.)

Three sums of $d$ products each have three times the variance of one, so their sum is divided by $\sqrt{3d}$.

Distances are few: what lies further than some $k$ counts as $k$, so there are $2k$ of them, and `index` says which one lies between a query and a key. With $k = 2$ and four positions (He et al. 2021, eq. 3):
"""

# %%
t = np.arange(4)
np.clip(t[:, None] - t + 2, 0, 3)

# %% [markdown]
r"""
### Exercise: disentangled_scores
`Q` and `K` are `(..., T, d)`. `K_R` and `Q_R` are `(..., m, d)`, keys and queries of the $m$ distances. `index (T, T)` holds in row $i$, column $j$ the distance from $i$ to $j$, for both uses. The result is `(..., T, T)`, ready for the softmax.

The trap is size. A key for each *pair* of positions would be an array `(..., T, T, d)`, which is $d$ times too large: multiply with the $m$ distances first, then pick.
"""

# %%
disentangled_scores = exercise(
    "positions.disentangled_scores",
    points=4,
    level=4,
    minutes=30,
    hints=[
        "Every query meets every distance in one product. Which of these `(..., T, m)` scores does the pair (i, j) need?",
        "Row i of the answer picks from row i of `Q @ K_R.mT`, at the places in row i of `index`. `np.take_along_axis` does that, once `index` has the batch axes.",
        "For the third part the key j has the rows: pick from row j of `K @ Q_R.mT` at the places in *column* j of `index`, and turn the result. `np.broadcast_to` gives `index` its batch axes.",
    ],
)


# %%
def disentangled_scores_slow(Q, K, K_R, Q_R, index):
    T, d = Q.shape
    scores = np.zeros((T, T))
    for i, j in np.ndindex(T, T):
        distance = index[i, j]
        scores[i, j] = Q[i] @ K[j] + Q[i] @ K_R[distance] + K[j] @ Q_R[distance]
    return scores / math.sqrt(3 * d)


def distances(T, k):
    return np.clip(np.arange(T)[:, None] - np.arange(T) + k, 0, 2 * k - 1)


apart = [
    (draw(T, 3), draw(3, T).T, draw(2 * k, 3), draw(3, 2 * k).T, distances(T, k))
    for T, k in ((2, 1), (4, 2), (6, 3))
]
side_by_side(disentangled_scores, disentangled_scores_slow, apart)

# %%
check(disentangled_scores)

# %% [markdown]
r"""
## LLaMA's block

Take the last row of the table and put it together (Touvron et al. 2023, section 2.2): every part reads the stream through an RMS norm and adds to it. Queries and keys are turned by their positions, head by head; values are not. The feed-forward layer is your `swiglu`. There are no biases at all.
And several heads share keys and values, as in lesson 03. (The first LLaMA did not do that yet, so it has as many groups as heads. SmolLM2-135M, which you will meet below, has 9 heads in 3 groups.)

`grouped_query_attention` will not do as it is: the turning comes between its projections and its scores.

### Exercise: llama_block
`X (..., T, d)` sees back only. `W_Q` and `W_O` are `(d, d)`, `W_K` and `W_V` are `(d, k)` with `k` = $G \cdot d_h$: neighbouring heads share a group, as in lesson 03. `scale (2, d)` has a row for each norm.
"""

# %%
llama_block = exercise(
    "architectures.llama_block",
    points=5,
    level=4,
    minutes=35,
    hints=[
        "Write the block with as many groups as heads first: project, split, turn, attend, merge, project. What is turned, and when: before or after it is split into heads?",
        "For G groups: the queries get the shape `(..., G, H / G, T, dh)` by splitting twice, as in lesson 03, and the keys get an axis of size 1.",
        "`rotary` works on the last two axes of anything. Both parts *add* to X, and each reads X through its own row of scale.",
    ],
)


# %%
def rms_slow(x, scale):
    return x / math.sqrt(sum(number**2 for number in x) / len(x) + 1e-6) * scale


def turned_slow(x, position):
    turned = []
    for i in range(0, len(x), 2):
        z = complex(x[i], x[i + 1]) * cmath.exp(1j * position / 10_000 ** (i / len(x)))
        turned += [z.real, z.imag]
    return np.array(turned)


def llama_block_slow(X, W_Q, W_K, W_V, W_O, W_gate, W_in, W_out, scale, H, G):
    dh, done = X.shape[1] // H, []
    Y = [rms_slow(x, scale[0]) for x in X]
    for p, x in enumerate(X):
        heads = []
        for head in range(H):
            own, group = slice(head * dh, (head + 1) * dh), head // (H // G)
            shared = slice(group * dh, (group + 1) * dh)
            keys = [turned_slow(y @ W_K[:, shared], s) for s, y in enumerate(Y[: p + 1])]
            heads.append(
                look_slow(turned_slow(Y[p] @ W_Q[:, own], p), keys, [y @ W_V[:, shared] for y in Y[: p + 1]])
            )
        x = x + np.concatenate(heads) @ W_O
        y = rms_slow(x, scale[1])
        gate = np.array([number / (1 + math.exp(-number)) for number in y @ W_gate])
        done.append(x + (gate * (y @ W_in)) @ W_out)
    return np.array(done)


def a_llama(H, G):
    d, k = 4 * H, 4 * G
    shapes = (5, d), (d, d), (d, k), (d, k), (d, d), (d, 7), (d, 7), (7, d), (2, d)
    return *(draw(*shape) for shape in shapes), H, G


side_by_side(
    llama_block,
    llama_block_slow,
    [a_llama(H, G) for H, G in ((1, 1), (2, 1), (2, 2), (4, 2), (6, 3), (6, 1))],
)

# %%
check(llama_block)

# %% [markdown]
r"""
## The whole GPT

Now the program. Vectors of tokens plus vectors of positions; $L$ blocks, each with a norm before each of its parts; one last norm; and for the score of a token, how well the vector that came out agrees with the vector of that token. The matrix that makes vectors of tokens is used a second time, transposed: it is *tied*.

GPT-2 keeps the three projections of attention in one matrix `W_QKV (d, 3d)`: the columns of all queries, then those of all keys, then those of all values. Each product has a bias. Its gelu is the one with the tanh, `gelu_tanh`.

### Exercise: gpt
`ids (..., T)` gives the scores `(..., T, V)` of the next token at every position. The parameters of all layers are stacked along a first axis of size $L$. `scale (L, 2, d)` and `shift` belong to the norm before attention and to that before the feed-forward layer; `last_scale (d)` and `last_shift` belong to the norm at the end.
`W_P` may have more rows than the text has positions. Python may loop over the layers, and over nothing else.
"""

# %%
gpt = exercise(
    "architectures.gpt",
    points=8,
    level=5,
    minutes=60,
    loops_over=["L"],
    hints=[
        "Write it top down: a line for what goes into the first block, the loop, a line for what comes out. In the loop, two additions to X, and each reads X through a norm.",
        "Queries, keys and values in one go: split the `(..., T, 3d)` into 3H heads, and the first H of these are the queries. `np.split` cuts along any axis.",
        "With the product of the last line all T positions get scores for all V tokens: `W_E.T` is the unembedding. If some groups fail: biases go behind the product, the mask goes into `attention`, the first T rows of W_P.",
    ],
)


# %%
def gpt_slow(
    ids, W_E, W_P, W_QKV, b_QKV, W_O, b_O, W_in, b_in, W_out, b_out, scale, shift, last_scale, last_shift, H
):
    d, X = W_E.shape[1], [W_E[token] + W_P[p] for p, token in enumerate(ids)]
    for i in range(len(W_QKV)):
        QKV = [norm_slow(x, scale[i, 0], shift[i, 0]) @ W_QKV[i] + b_QKV[i] for x in X]
        for p in range(len(X)):
            heads = []
            for own in np.split(np.arange(d), H):
                seen = QKV[: p + 1]
                heads.append(
                    look_slow(QKV[p][own], [one[d + own] for one in seen], [one[2 * d + own] for one in seen])
                )
            X[p] = X[p] + np.concatenate(heads) @ W_O[i] + b_O[i]
            hidden = norm_slow(X[p], scale[i, 1], shift[i, 1]) @ W_in[i] + b_in[i]
            lively = [x / 2 * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))) for x in hidden]
            X[p] = X[p] + np.array(lively) @ W_out[i] + b_out[i]
    return np.array([W_E @ norm_slow(x, last_scale, last_shift) for x in X])


def a_gpt(T, V, H, L):
    d, h = 16, 13
    of_a_layer = (d, 3 * d), (3 * d,), (d, d), (d,), (d, h), (h,), (h, d), (d,), (2, d), (2, d)
    shapes = (V, d), (T + 2, d), *((L, *shape) for shape in of_a_layer), (d,), (d,)
    return rng.integers(V, size=T), *(draw(*shape) for shape in shapes), H


side_by_side(
    gpt, gpt_slow, [a_gpt(*size) for size in ((1, 3, 1, 1), (2, 3, 2, 1), (4, 7, 4, 2), (5, 6, 2, 4))]
)

# %%
check(gpt)

# %% [markdown]
r"""
How many lines was it? GPT-2 itself has $L = 12$, $H = 12$ and $d = 768$, and its larger sisters have 24, 36 and 48 layers and are wider. Not a line changes.

## One config, one forward

What you wrote down as functions, the course's library has as *one* function, `forward(model, ids)`, and a model is a `Config` and a dict of parameters. Every column of the table above is a field of the config. Three of the eight rows, with what they say beyond the defaults (a learned position, a layer norm before each part, a bias in each product):
"""

# %%
Config = library("config.Config")
init_parameters = library("config.init_parameters")
parameter_shapes = library("config.parameter_shapes")
Model = library("model.Model")
forward = library("model.forward")
activations = library("model.activations")


def some_configs():
    wide = {"width": 768, "heads": 12, "hidden": 3072}
    after = {"norm_first": False, "norm_embedding": True}
    shared = {"positions": "rotary", "norm": "rms", "activation": "silu", "gated": True, "bias": False}
    return {
        "GPT-2": Config(
            **wide,
            decoder_layers=12,
            vocabulary=50_257,
            context=1024,
            outputs=50_257,
            tied=True,
            activation="gelu_tanh",
        ),
        "BERT": Config(
            **wide,
            **after,
            encoder_layers=12,
            vocabulary=30_522,
            context=512,
            segments=2,
            eps=1e-12,
        ),
        "SmolLM2-135M": Config(
            **shared,
            width=576,
            heads=9,
            groups=3,
            hidden=1536,
            decoder_layers=30,
            vocabulary=49_152,
            outputs=49_152,
            tied=True,
            base=100_000.0,
        ),
    }


def told():
    for name, config in some_configs().items():
        said = {field.name: getattr(config, field.name) for field in dataclasses.fields(config)}
        said = {key: value for key, value in said.items() if value != getattr(Config, key, None)}
        print(name, *(f"    {key} = {value}" for key, value in said.items()), sep="\n")


watch(told)

# %% [markdown]
r"""
From a config follow the names and shapes of all parameters, in the order of their use: `decoder.0.attention.QKV.W` is what you called `W_QKV[0]`. For a GPT of two layers, so small that its list can be read:
"""


# %%
def small_gpt(**more):
    return Config(
        width=24,
        heads=4,
        hidden=40,
        decoder_layers=2,
        vocabulary=50,
        context=16,
        outputs=50,
        tied=True,
        **more,
    )


def layout():
    for name, shape in parameter_shapes(small_gpt()).items():
        print(f"{name:<28} {shape}")


watch(layout)

# %% [markdown]
r"""
`token.W` is your `W_E` and `decoder.position.W` your `W_P`; where there are two stacks, the other one's names begin with `encoder`. Norms of RMS have no `.shift`, and a block that asks a second text has `decoder.0.cross.Q.W` and more.

Is it the same model? Stack the parameters of the layers, hand them to your `gpt`, and compare with `forward`. Until a model is trained, its parameters are random:
"""


# %%
def by_gpt(model, ids):
    p, layers = model.parameters, range(model.config.decoder_layers)

    def stacked(name):
        return np.stack([p[f"decoder.{i}.{name}"] for i in layers])

    linear = [
        stacked(f"{part}.{kind}")
        for part in ("attention.QKV", "attention.O", "mlp.in", "mlp.out")
        for kind in "Wb"
    ]
    norms = [
        np.stack([stacked(f"attention.norm.{kind}"), stacked(f"mlp.norm.{kind}")], axis=1)
        for kind in ("scale", "shift")
    ]
    last = p["decoder.norm.scale"], p["decoder.norm.shift"]
    return gpt(ids, p["token.W"], p["decoder.position.W"], *linear, *norms, *last, model.config.heads)


def farthest_apart():
    config = small_gpt(activation="gelu_tanh")
    rng = np.random.default_rng(0)
    model, ids = Model(config, init_parameters(config, rng)), rng.integers(50, size=(3, 16))
    return float(np.abs(by_gpt(model, ids) - forward(model, ids)).max())


watch(farthest_apart)

# %% [markdown]
r"""
Less than a millionth, which is the rounding of float32. The tests of the course compare `forward` and `gpt` with what other people's GPT-2 gives for the same parameters, and find the same.

Where do models keep their numbers? A part is a piece of the name. Before you run it: which of the seven has the largest share in its token vectors?
"""

# %%
PARTS = {
    "token": "tokens",
    "position": "positions",
    "relative": "positions",
    "segment": "positions",
    "patch": "tokens",
    "first": "tokens",
    "attention": "attention",
    "cross": "attention",
    "mlp": "feed-forward",
    "unembed": "output",
}


def counts(config):
    found = dict.fromkeys(("tokens", "positions", "attention", "feed-forward", "norms", "output"), 0)
    for name, shape in parameter_shapes(config).items():
        words = name.split(".")
        part = "norms" if "norm" in words else next(PARTS[word] for word in words if word in PARTS)
        found[part] += math.prod(shape)
    return found


def seven_models():
    after = {"norm_first": False, "norm_embedding": True}
    wide = {"width": 768, "heads": 12, "hidden": 3072, "encoder_layers": 12}
    more = {
        "MiniLM": Config(
            width=384,
            heads=12,
            hidden=1536,
            encoder_layers=6,
            vocabulary=30_522,
            context=512,
            segments=2,
            **after,
        ),
        "T5 (small)": Config(
            width=512,
            heads=8,
            hidden=2048,
            encoder_layers=6,
            decoder_layers=6,
            vocabulary=32_128,
            outputs=32_128,
            tied=True,
            positions="relative",
            norm="rms",
            activation="relu",
            bias=False,
        ),
        "DeBERTa-v3": Config(
            **wide, **after, vocabulary=128_100, positions="disentangled", buckets=256, span=512
        ),
        "ViT-B/16": Config(**wide, patch=16, channels=3, context=197, outputs=1000, output_bias=True),
    }
    return show_parts({name: counts(config) for name, config in (some_configs() | more).items()})


watch(seven_models)

# %% [markdown]
r"""
DeBERTa and MiniLM: more than half of each are vectors of tokens, and DeBERTa has 128,100 of them. ViT has next to none, since its patches come through one matrix. The feed-forward layers have twice as much as attention. In SmolLM2 they have three times as much, since shared keys and values cost less; in T5 only a third more, since each block of its decoder has two attentions.

## Now watch it work

What does a model look at that nobody has trained? Type a sentence of your own. Here is one head of the second layer:
"""

# %%
sentence = "the small cat chased a moth because it was bright"


def untrained(text, head=0):
    words = text.split()
    ids = np.unique(words, return_inverse=True)[1]  # any tokens will do: nothing was learned
    config = small_gpt(activation="gelu_tanh")
    _, found = activations(Model(config, init_parameters(config, np.random.default_rng(1))), ids)
    Q, K = (found[f"decoder.1.attention.{part}"][head] for part in "QK")
    return show_attention(attention, Q, K, words, mask=causal_mask(len(words)))


watch(untrained, sentence)

# %% [markdown]
r"""
Shares as chance has it. The forms are all there, the sentence is read from left to right, and nothing in the picture has to do with what is a noun. Whatever you will find in the heads of a trained model was put there by training.

With the course comes a small GPT that was trained: `stories` has three layers, 165,888 numbers and 183 words, and has read 30,000 stories that a little grammar of ours wrote. (`print(small_model("stories").card)` tells more.)
In this one a cup is lost that is pink. What will come after the last `the`, and where would a head have to look for it?
"""

# %%
stories = small_model("stories")


def trained(text, layer=2, head=3):
    ids = stories.encode(text)
    scores, found = activations(stories.model, ids)
    P = softmax(scores[-1])
    for i in np.argsort(-P)[:3]:
        print(f"{stories.words[i]:8} {P[i]:.3f}")
    words = [stories.words[i] for i in ids]
    Q, K = (found[f"decoder.{layer}.attention.{part}"][head] for part in "QK")
    return show_attention(attention, Q, K, words, mask=causal_mask(len(words)))


watch(trained, "then tom lost the pink cup in the village . behind the rock they found it , the")

# %% [markdown]
r"""
`pink`, with 0.998, and the last row of this head looks at `pink`. Write `red boat` for `pink cup`, and both follow. Nobody told the head to look for colours; it is one of twelve, and what the others do is less plain. (Change `layer` and `head`.) Part 3 of the course is about questions of this kind.

Does your `gpt` compute the same? `stories` has the exact gelu, and yours has the tanh, so the scores, which go up to about ten, should differ in the third digit or so:
"""


# %%
def gelu_apart():
    ids = stories.encode("mia was hungry , so ben gave")
    return float(np.abs(by_gpt(stories.model, ids) - forward(stories.model, ids)).max())


watch(gelu_apart)

# %% [markdown]
r"""
The two other forms came with the course as well: `digits` is a ViT with patches of 2 × 2, and `dates` an encoder–decoder that writes dates anew, character by character. One `forward` runs them all:
"""

# %%
digits, dates = small_model("digits"), small_model("dates")
generate = library("generate.generate")  # writes token after token; the subject of lesson 06


def other_forms(*texts):
    read = forward(digits.model, digits.images, at=0).argmax(axis=-1)
    print(f"{(read == digits.labels).sum()} of {len(read)} digits are read right")
    for text in texts:
        ids = generate(dates.model, np.array([dates.end]), 11, source=dates.encode(text), stop=dates.end)
        print(f"{text} is {dates.decode(ids[1:-1])}")


watch(other_forms, "3 march 1999", "24 december 2031")

# %% [markdown]
r"""
## Search by meaning

An encoder hands back a vector for each word, made of the whole text. To *compare texts* one wants a vector for each text. The plain way works: take the mean over the words, and bring it to length 1 (Reimers and Gurevych 2019, section 3, tried three ways, and the mean is their default).
Then the product of two texts is the cosine between them, 1 if they point the same way, and to search is one product and one sort.

### Exercise: mean_pool
`X (..., T, d)` are the states of texts and `mask (..., T)` is `True` at their words and `False` at the padding. `mean_pool(X, mask)` gives `(..., d)`: the mean over the words alone, divided by its length. A text without words gets zeros. What lies under the padding may be anything.
"""

# %%
mean_pool = exercise(
    "search.mean_pool",
    points=2,
    level=2,
    minutes=10,
    hints=[
        "Hide the padding first, then add up. Do you need to know how many words there were, if the result is brought to length 1 anyway?",
        "The mask needs an axis of size 1 for the components. `np.where` puts zeros where it is False.",
        "`np.linalg.norm(…, axis=-1, keepdims=True)` is the length. Where it is 0, divide by 1 instead.",
    ],
)


# %%
def mean_pool_slow(X, mask):
    words = [x for x, is_word in zip(X, mask, strict=True) if is_word]
    mean = sum(words) / len(words) if words else np.zeros(X.shape[1])
    length = math.sqrt(sum(number**2 for number in mean))
    return mean / length if length else mean


texts_small = [(draw(4, 3), np.arange(4) < length) for length in range(5)]
side_by_side(mean_pool, mean_pool_slow, texts_small)

# %%
check(mean_pool)

# %% [markdown]
r"""
### Exercise: nearest
`Q (..., d)` are queries and `D (n, d)` the texts to search, all of length 1. `nearest(Q, D, k)` gives `(..., k)`: for each query the places in D of the `k` texts with the largest product, the largest first. Of several equally near, the one that comes first in D comes first.
"""

# %%
nearest = exercise(
    "search.nearest",
    points=2,
    level=2,
    minutes=10,
    hints=[
        "One product gives the scores of all queries and all texts. What is left is an order.",
        "`np.argsort` gives places in ascending order. Turning the result round turns equals round, too: turn the scores round instead.",
        "A sort that leaves equals in their order is called stable, and `np.argsort` has an option for it.",
    ],
)


# %%
def nearest_slow(Q, D, k):
    found = []
    for query in Q:
        scores = [query @ text for text in D]
        found.append(sorted(range(len(D)), key=lambda i: -scores[i])[:k])
    return np.array(found)


axes = np.eye(3)[[2, 0, 1, 0, 2]]
some = [mean_pool_slow(x[None], [True]) for x in draw(9, 3)]
side_by_side(nearest, nearest_slow, [(axes[:2], axes, 4), (np.array(some[:4]), np.array(some), 3)])

# %%
check(nearest)

# %% [markdown]
r"""
A first search, with the poorest states there are: every word is a one-hot vector, whatever stands around it. Which of the eight texts will come first for each query? The second query is the interesting one.
"""

# %%
shelf = [
    "a cat asleep on a warm roof",
    "how to bake bread with old yeast",
    "the bank raised its interest rates",
    "we sat on the bank of the river",
    "a puppy chewed my left shoe",
    "the kitten is asleep in the garden",
    "stars are born in cold clouds of gas",
    "the train to the coast was late",
]
queries = ["a cat asleep in the garden", "young dogs damage footwear"]
known = np.unique(" ".join(shelf + queries).split())


def by_words(texts):
    words = [text.split() for text in texts]
    mask = np.arange(max(map(len, words))) < np.array([[len(text)] for text in words])
    X = np.zeros((*mask.shape, len(known)))
    X[mask, np.searchsorted(known, [word for text in words for word in text])] = 1
    return mean_pool(X, mask)


def search():
    for query, places in zip(queries, nearest(by_words(queries), by_words(shelf), 3), strict=True):
        print(query, *(f"   {shelf[place]}" for place in places), sep="\n")


watch(search)

# %% [markdown]
r"""
The first query finds what shares its words. The second shares no word with anything, so all eight are equally far and it gets the first three of the shelf. What it means is text 4, the puppy and the shoe, and words alone cannot say that.

A trained encoder can. `all-MiniLM-L6-v2` is a BERT of 6 layers and 22.6 million numbers, the shortest bar above, and it ends with your `mean_pool`. `python3 start.py models` fetches it, once, and with it SmolLM2-135M, a chat model of blocks like your `llama_block`, with slower clock hands (`base` 100,000). Without them the cells below say that they are missing, and the lesson goes on.

The same shelf and the same queries. `yours()` puts your answers in the place of the library's while the `with` lasts, those that have passed `check`, and says afterwards whose functions ran and how often.
Will `young dogs damage footwear` find the puppy? And what will a third query find, about a bank that is in none of the texts?
"""

# %%
minilm = real_model("minilm")


def by_meaning():
    with yours() as run:
        for query in [*queries, "money in the vault"]:
            found = minilm.search(query, shelf)
            print(query, *(f"   {cosine:5.2f}  {text}" for text, cosine in found), sep="\n")
    print(run)


watch(by_meaning)

# %% [markdown]
r"""
The puppy comes first by far, without a word in common, and the kitten in the garden now stands before the cat on the roof. For the vault, the bank of the river is a little nearer than the bank with the interest rates: `bank` decides, and this small model does not hear what kind of bank.

And the chat model. Its text comes token by token, 30 blocks for each, and every softmax and every norm in them may be yours:
"""

# %%
smollm2 = real_model("smollm2")


def chat(question, tokens=24):
    with yours() as run:
        for piece in smollm2.reply(question, tokens):
            print(piece, end="", flush=True)
    print()
    print(run)


watch(chat, "What is the capital of France?")  # ask something else

# %% [markdown]
r"""
It is small, and says what is wrong as gladly as what is right: asked for the reason why the sky is blue, it names "Rayleigh Scavenger Blood".

What would it say if one of your functions were wrong? Here is a softmax that shares equally, whatever the scores are. `yours` takes a function as it stands, right or not:
"""


# %%
def without_choice():
    def softmax(Z):
        return np.full_like(Z, 1 / Z.shape[-1])

    with yours(softmax):
        print("".join(smollm2.reply("What is the capital of France?", 12)))


watch(without_choice)

# %% [markdown]
r"""
Twelve commas. All 135 million numbers are still there, and the model is gone: without a choice, every position receives the same mean.

## What we left out

Models differ in more than this table: in what is left out at random while training, in weights that start large or small, in LayerNorms without a shift. Mixtures of experts have many feed-forward layers and let each token choose two. Attention may be restricted to windows, so that texts may be longer.
And a config says nothing of what a model was *asked*: BERT to fill gaps, T5 to write what was cut out, GPT to go on. The same encoder can be trained to any of these.

To read: Vaswani et al. 2017, *Attention Is All You Need*, section 3.1 and figure 1, which draws both stacks; you can now name every box in it. Radford et al. 2019, *Language Models are Unsupervised Multitask Learners*, section 2.3, for what GPT-2 changed.
Raffel et al. 2020, *Exploring the Limits of Transfer Learning with a Unified Text-to-Text Transformer*, section 2.1, and section 3.2, which tries an encoder–decoder against decoders alone, one of which sees the beginning of its text whole. He et al. 2021, *DeBERTa: Decoding-enhanced BERT with Disentangled Attention*, section 3.1.
Dosovitskiy et al. 2021, *An Image is Worth 16x16 Words*, section 3.1 and figure 7, where the learned vectors of the places are compared. Touvron et al. 2023, *LLaMA: Open and Efficient Foundation Language Models*, section 2.2, which is short. Reimers and Gurevych 2019, *Sentence-BERT*, section 3.

## Two questions

**Question 1.** A decoder's position sees back only, an encoder's sees everything. Yet nobody builds chat models from encoders. Take a text of $T$ words and count: from how many positions does a decoder learn in one forward, if it is asked for the next word everywhere, and from how many an encoder that is asked for the one word which was hidden? And when the text grows by one word, which of its states must each of the two compute anew, and why?
"""

# %%
question("why-decoders-write", points=2)

# %% [markdown]
r"""
**Question 2.** In GPT-2 the same matrix turns tokens into vectors and vectors into scores. Without blocks, with $X$ the vectors of the tokens alone, which token would get the highest score at each position? (Assume that all vectors are equally long.) So what do the blocks have to do before anything is predicted, and what speaks for sharing the matrix nevertheless? The first picture of this lesson has one answer.
"""

# %%
question("tied-vectors", points=2)
