# %% [markdown]
r"""
# 03 · Attention

You need lesson 01 for this one. Lesson 02 is not needed.

`the small cat chased a moth because it was …`

Count from 0. Position 2 holds `cat`, position 5 `moth`, position 7 holds `it`. If the next word is `hungry`, `it` was the cat; if it is `bright`, the moth.
Nothing in the word `it` says so. To know what `it` is, position 7 must fetch something from position 2 or from position 5.

In lesson 01 a model was a table from one word to scores for the next, and saw one word back. Let position 7 take the mean of all words so far instead, and `cat` counts as much as `because`.
What we want is a mean with unequal shares, such as these:

| the | small | **cat** | chased | a | **moth** | because | it |
|---|---|---|---|---|---|---|---|
| 0.01 | 0.01 | **0.68** | 0.01 | 0.01 | **0.25** | 0.01 | 0.01 |

Halfway through this lesson your own function computes this row. What would it have to know about each word?

## A question, a label, a parcel

Every position brings three vectors. Its **query** says what it is looking for. Its **key** says what it holds. Its **value** is what it hands over to whoever fetches from it.
Position 7 compares its query with the key of every position, by dot product, and the softmax of these scores is its row of shares. (In papers: its *attention weights*.)
What it receives is the mean of the values, each with its share.

A Python dictionary does this with all or nothing: one key equals, and its value comes back. Attention is a dictionary in which every key answers a little.
A small change of a key changes the shares a little, so training can improve them step by step.

By hand. Let four numbers describe a word: is it a noun, the subject, a verb, an adjective? The key of `cat` is (1, 1, 0, 0), that of `moth` (1, 0, 0, 0). `it` asks for a noun, and would rather have the subject:
its query is (6, 2, 0, 0). So `cat` scores 8, `moth` 6, and everything else 0. We halve the scores (why, we shall see soon): 4, 3, and six times 0. The exponentials are 54.6, 20.1 and six ones, together 80.7.
`cat` gets 54.6 / 80.7 = 0.68. That is the row above.

For all queries at once, with one row for each query in $Q$, for each key in $K$ and for each value in $V$:

$$\operatorname{Attention}(Q, K, V) = \operatorname{softmax}\!\left(\frac{QK^\top}{\sqrt d}\right) V$$

The entry $i, j$ of $QK^\top$ is the score that query $i$ gives to key $j$; $d$ is the length of a query and of a key. The softmax goes along each row.

The keys of the whole sentence, and the scores that `it` gives to what it has read:
"""

# %%
import itertools
import math

import numpy as np
from headway_course import (
    check,
    earlier,
    exercise,
    question,
    show_attention,
    show_dot_products,
    show_mask,
    show_padded,
    show_puzzle,
    show_sharing,
    show_split,
    side_by_side,
    watch,
)

sentence = "the small cat chased a moth because it was"
words = sentence.split()
K = np.zeros((9, 4))  # noun, subject, verb, adjective
K[words.index("cat")] = 1, 1, 0, 0
K[words.index("moth")] = 1, 0, 0, 0
K[[words.index("chased"), words.index("was")]] = 0, 0, 1, 0
K[words.index("small")] = 0, 0, 0, 1
q = np.array([6.0, 2.0, 0.0, 0.0])  # what `it` asks for
K[:8] @ q / 2  # positions 0 to 7: nothing after it has been read

# %% [markdown]
r"""
From here on we need a softmax. If `check` has passed yours, this is yours; else it is the course's.
"""

# %%
softmax = earlier("numerics.softmax")

# %% [markdown]
r"""
## What may be seen

A model that learns to continue texts is asked at every position of a text at once: what comes next? For position 2 the answer is `chased`,
and `chased` stands right there in position 3. A position that may look to its right copies the answer, reaches a loss near 0, and has learned nothing.
So position $i$ may look at positions 0 to $i$ and at no others. Such a mask is called *causal*.

### Exercise: the causal mask
`causal_mask(T)` gives a boolean array `(T, T)`: row $i$, column $j$ is `True` where position $i$ may look at position $j$.
"""

# %%
causal_mask = exercise(
    "attention.causal_mask",
    points=1,
    level=1,
    minutes=5,
    hints=[
        "In words: may i look at j? It is one comparison between two numbers.",
        "`np.arange(T)` holds all the i. It also holds all the j. Compare each with each.",
        "A column `(T, 1)` compared with a row `(T,)` broadcasts to `(T, T)`. numpy also has triangles ready-made.",
    ],
)


# %%
def causal_mask_slow(T):
    mask = np.zeros((T, T), dtype=bool)
    for i in range(T):
        for j in range(T):
            mask[i, j] = j <= i
    return mask


side_by_side(causal_mask, causal_mask_slow, range(1, 9))

# %%
check(causal_mask)

# %% [markdown]
r"""
Here is the sentence as each position reads it. Before you run the cell: how many of the 81 squares are black? Which positions know neither cat nor moth?
"""

# %%
show_mask(causal_mask, words)

# %% [markdown]
r"""
36 squares, the triangle above the diagonal. Positions 0 and 1 have met no noun, and position 7 reads `it` without knowing whether `hungry` or `bright` will follow.

There is a humbler reason to hide something. Texts are read many at once, an array has one length for all of them, and texts have not. So the short ones are filled up at the end,
and the filling, the *padding*, is to be seen by nobody.

### Exercise: the padding mask
`lengths (...)` says how many words each text has. `padding_mask(lengths, T)` gives a boolean array `(..., 1, T)`: `True` at the words, `False` at the padding that fills the text up to `T`.
The axis of size 1 is that of the queries. What is padding is so whoever looks, so one row does for all of them.
"""

# %%
padding_mask = exercise(
    "attention.padding_mask",
    points=1,
    level=1,
    minutes=5,
    hints=[
        "In words: is position j of this text still a word? Again it is one comparison between two numbers.",
        "`np.arange(T)` holds all the j, and each must meet every length. Which shape must the lengths have, so that the result is `(..., 1, T)`?",
        "`None` in an index makes an axis of size 1. Two of them at the end turn `(...)` into `(..., 1, 1)`.",
    ],
)


# %%
def padding_mask_slow(lengths, T):
    mask = np.zeros((len(lengths), 1, T), dtype=bool)
    for text, length in enumerate(lengths):
        for j in range(T):
            mask[text, 0, j] = j < length
    return mask


pairs = itertools.product(range(5), repeat=2)  # the lengths of two texts of up to four words
side_by_side(padding_mask, padding_mask_slow, [(np.array(lengths), 4) for lengths in pairs])

# %%
check(padding_mask)

# %% [markdown]
r"""
A model that continues texts needs both masks, so a position may look where *both* are `True`: `causal_mask(T) & padding_mask(lengths, T)`. Which shape has that for three texts? What does the padding itself get to read?
"""


# %%
def both_masks(texts):
    lengths = np.array([len(text) for text in texts])
    T = lengths.max()
    return show_padded(causal_mask(T) & padding_mask(lengths, T), texts)


watch(both_masks, [["it", "was", "a", "moth"], ["run"], ["the", "cat"]])

# %% [markdown]
r"""
`(3, 4, 4)`: the row of size 1 broadcasts over four queries. The positions that are padding read the words like everybody else. What they make of it does no harm, for nobody looks at them, and their losses are ignored (`ignore=-1` in lesson 01).

How does a mask enter the formula? A score of 0 hides nothing: $e^0 = 1$ is a share like any other. Deleting shares after the softmax hides, but the rest no longer adds up to 1.
The hidden scores must become so low, *before* the softmax, that their exponentials are 0. Then the visible ones share out the whole.

One case is left: a query that may look nowhere. Then there is nothing to share out, and we agree that it receives zeros. (With a causal mask that never happens. It does where a text has no words at all.)

## Why divide by √d

Take a query and a key with $d$ components each, all independent, with mean 0 and variance 1. Each product of two components has variance 1, so their sum, $q \cdot k$, has variance $d$
and the standard deviation $\sqrt d$. At $d = 4$ scores stray by 2, at $d = 1024$ by 32, and in a softmax a lead of 32 is everything.

Of ten keys, how large is the largest share on average, if all are random? Guess for $d = 4$ and for $d = 1024$, then run the cell.
"""

# %%
show_dot_products(softmax, np.random.default_rng(0))

# %% [markdown]
r"""
Undivided, the wide attention looks at one key only, whichever chance put first. A small change of a key then changes the shares by nearly nothing, so training cannot tell which way to go.
Divided by $\sqrt d$, the scores have the standard deviation 1 at every width, and the shares stay where learning can move them. With $d = 4$, that is the halving from above.

## Attention

The definition once more, as a loop over queries and keys:
"""


# %%
def attention_slow(Q, K, V, mask=None):
    mixed = np.zeros((len(Q), V.shape[1]))
    for i, query in enumerate(Q):
        seen = [j for j in range(len(K)) if mask is None or mask[i, j]]
        powers = [math.exp(sum(query * K[j]) / math.sqrt(len(query))) for j in seen]
        for j, power in zip(seen, powers, strict=True):
            mixed[i] += power / sum(powers) * V[j]
    return mixed


attention_slow(q[None, :], K[:8], np.eye(8)).round(2)

# %% [markdown]
r"""
The row of the beginning, to the digit. With the identity as values, parcel $j$ is a 1 in place $j$ and nothing else, so what arrives is the shares themselves. We shall use that again.

### Exercise: attention, with a mask
`Q (..., Tq, d)`, `K (..., Tk, d)` and `V (..., Tk, dv)` give `(..., Tq, dv)`. There may be fewer queries than keys, and values may have a width of their own.
`mask (..., Tq, Tk)`, if there is one, is `True` where a query may look. All leading axes broadcast against each other. A query that may look nowhere gets zeros, not `nan`.
Float32 in, float32 out: mind that `np.sqrt` of an integer is a float64 of numpy's and makes float64 of all it touches, while `math.sqrt` gives a Python number, which adapts.
"""

# %%
attention = exercise(
    "attention.attention",
    points=4,
    level=3,
    minutes=30,
    hints=[
        "Three steps: scores for every query and key, softmax along the keys, mixture of the values. The first and the third are matrix products.",
        "`@` works on the last two axes and broadcasts the others. `K.T` turns all axes round, `K.mT` the last two. The mask belongs between the first step and the second.",
        "`np.where` makes hidden scores very low: `np.finfo(S.dtype).min` is as low as can be and still a number. Rows with nothing to see are left: `mask.any(axis=-1, keepdims=True)` is False there.",
    ],
)

# %% [markdown]
r"""
Everything small: two queries, three keys, and all 64 masks that there are for them, one of which hides everything; then no mask at all.
"""

# %%
rng = np.random.default_rng(0)
Q_small, K_small, V_small = rng.normal(size=(2, 5)), rng.normal(size=(3, 5)), rng.normal(size=(3, 4))
masks = [np.array(bits).reshape(2, 3) for bits in itertools.product([False, True], repeat=6)]
side_by_side(attention, attention_slow, [(Q_small, K_small, V_small, mask) for mask in [*masks, None]])

# %%
check(attention)

# %% [markdown]
r"""
## Attention made by hand

Back to the cat. `it` asks for a noun, preferably the subject. Let `cat` ask for an adjective and `was` for its subject, and let all other words ask for nothing: their query is zero.
The picture takes the identity for values, so it shows the shares. What will the row of a word look like that asks for nothing? And the row of `the`, position 0, whatever it asks?
"""


# %%
def by_hand(K):
    Q = np.zeros((9, 4))
    Q[words.index("it")] = 6, 2, 0, 0
    Q[words.index("cat")] = 0, 0, 0, 6
    Q[words.index("was")] = 0, 6, 0, 0
    return show_attention(attention, Q, K, words, mask=causal_mask(len(words)))


watch(by_hand, K)

# %% [markdown]
r"""
Who asks for nothing receives the plain mean of all it can see. Position 0 sees itself alone, so it always gives itself the whole 1: shares must go somewhere, and no query can look at nothing (question 1).

Now break it. Change one number in the key of `moth`, so that `it` takes the moth for the more likely one. Which number, and how large must it be at least?
"""

# %%
bright = K.copy()
bright[words.index("moth")] = 1, 0, 0, 0  # change this
watch(by_hand, bright)

# %% [markdown]
r"""
<details><summary>The answer, when you have yours</summary>

More than 1 in the second place (subject), or more than 4/3 in the first (noun): then `moth` scores above 4. In the key of `moth` the other two numbers are multiplied by 0.

</details>

## Which Q and K draw this?

So far you chose queries and keys and saw a picture. Now the picture is given. Pictures like the following are what one finds in the heads of trained models (that will be part of lesson 12), and in RASP
they are what a program is written in: a *selector* says for each position where it looks (that will be part of lesson 17).

A text is a string of letters here. A position knows its letter, a one-hot row of `letters (T, n)`, whose columns are in alphabetical order, and its place, a one-hot row of `places (T, T)`.
From these your function makes Q and K, with as many columns as you like. One rule, and it holds in every model: row $i$ is made from what position $i$ knows. Before it has looked, a position knows nothing of the others.

A puzzle is solved when each share is within 0.01 of the target, on several texts. Many Q and K do it. The first is nearly done:
"""


# %%
def itself(letters, places):
    Q = 4 * places
    K = places
    return Q, K


show_puzzle(attention, itself)

# %% [markdown]
r"""
The right squares, too pale: a match scores $4 / \sqrt 6 = 1.63$, and $e^{1.63} = 5.1$ has five ones against it. Change one number above. (30 is large enough for every puzzle.)

Eight more, from easy to hard. They start with queries of zero, which look at everything alike. Solve three now; the others wait.

**1. Everybody looks at position 0.**

<details><summary>A hint</summary>

All ask the same question. Which column of `places` tells position 0 from all others?

</details>
"""


# %%
def first_place(letters, places):
    Q, K = 0 * places, places  # change this
    return Q, K


show_puzzle(attention, first_place)

# %% [markdown]
r"""
**2. Equal letters look at each other.**

<details><summary>A hint</summary>

When is the dot product of two one-hot rows 1, and when 0? Nothing needs to be computed.

</details>
"""


# %%
def same_letter(letters, places):
    Q, K = 0 * letters, letters  # change this
    return Q, K


show_puzzle(attention, same_letter)

# %% [markdown]
r"""
**3. Everybody looks one back.**

<details><summary>A hint</summary>

Position 3 must ask for place 2; or position 2 must answer to the name of place 3. `places @ np.eye(T, k=…)` moves the 1 of each row to another column, with `T = places.shape[1]`. Try both signs of `k`.

</details>
"""


# %%
def one_back(letters, places):
    Q, K = 0 * places, places  # change this
    return Q, K


show_puzzle(attention, one_back)

# %% [markdown]
r"""
**4. Mirrored.** A model that is to reverse a text needs this one.

<details><summary>A hint</summary>

In the last puzzle keys answered to the name of their neighbour. Now position 0 answers to the name of the last place, position 1 to that of the last but one … What does that do to the columns of `places`?

</details>
"""


# %%
def mirrored(letters, places):
    Q, K = 0 * places, places  # change this
    return Q, K


show_puzzle(attention, mirrored)

# %% [markdown]
r"""
**5. Everything of the other kind.** Column 0 of `letters` is `(`, column 1 is `)`.

<details><summary>A hint</summary>

Scores may be negative. If equal brackets score −9 and different ones 0, who gets the shares?

</details>
"""


# %%
def other_bracket(letters, places):
    Q, K = 0 * letters, letters  # change this
    return Q, K


show_puzzle(attention, other_bracket)

# %% [markdown]
r"""
**6. The last three, in equal shares.**

<details><summary>A hint</summary>

A key may answer to three names: a row with three ones. Which three places look at position 2?

</details>
"""


# %%
def last_three(letters, places):
    Q, K = 0 * places, places  # change this
    return Q, K


show_puzzle(attention, last_three)

# %% [markdown]
r"""
**7. Equal letters, but not oneself.** Two conditions at once. (The only `c` finds no other. Its row is grey: it may look anywhere.)

<details><summary>A hint</summary>

Put two arrays side by side, `np.concatenate([…, …], axis=1)`, in Q and in K: the dot product adds the scores of the halves. One half rewards the letter. Which one punishes looking at oneself?

</details>
"""


# %%
def same_letter_elsewhere(letters, places):
    Q, K = 0 * letters, letters  # change this
    return Q, K


show_puzzle(attention, same_letter_elsewhere)

# %% [markdown]
r"""
**8. The start of one's own word.** Words begin with `_`, column 0 of `letters`, and the latest `_` is the one to look at. But no position knows at which place that stands.

<details><summary>A hint</summary>

It need not know: all ask the same, and the keys bid. Every `_` bids more than any letter, and of two `_` the later one bids more. The number of its place is `places @ np.arange(T)[:, None]`, a column.

</details>
"""


# %%
def start_of_word(letters, places):
    Q, K = 0 * places, places  # change this
    return Q, K


show_puzzle(attention, start_of_word)

# %% [markdown]
r"""
<details><summary>One answer to each, when you have yours</summary>

```python
def itself(letters, places):
    return 30 * places, places


def first_place(letters, places):
    return 30 * np.ones((len(places), 1)), places[:, :1]


def same_letter(letters, places):
    return 30 * letters, letters


def one_back(letters, places):
    return 30 * places, places @ np.eye(places.shape[1], k=1)


def mirrored(letters, places):
    return 30 * places, places[:, ::-1]


def other_bracket(letters, places):
    return -30 * letters, letters


def last_three(letters, places):
    T = places.shape[1]
    return 30 * places, places @ (np.eye(T) + np.eye(T, k=1) + np.eye(T, k=2))


def same_letter_elsewhere(letters, places):
    Q = 30 * np.concatenate([letters, -places], axis=1)
    return Q, np.concatenate([letters, places], axis=1)


def start_of_word(letters, places):
    T = places.shape[1]
    bid = places @ np.arange(T)[:, None] + T * letters[:, :1]
    return 10 * np.ones((len(places), 1)), bid
```

</details>

## Several heads

`it` got 0.68 of the cat and 0.25 of the moth, stirred into one parcel. If `was` needs its subject *and* the word right before it, one row of shares must serve both, and gives a mixture of both.
Two rows do better. So a model cuts its width $d$ into $H$ stretches of $d_h = d / H$ and lets each have an attention of its own: a **head**.
Head 0 owns the columns from 0 to $d_h - 1$, head 1 the next $d_h$, and so on.

To run all heads with the function that you have, the heads must become a leading axis. The first idea, a `reshape` to `(H, T, dh)`, gives the right shape. For three positions of width 8 and four heads,
look at what head 0 gets:
"""

# %%
X = np.arange(24.0).reshape(3, 8)  # position 0 holds 0 … 7, position 1 holds 8 … 15
X.reshape(4, 3, 2)[0]

# %% [markdown]
r"""
All six numbers belong to position 0. Head 0 was to get the columns 0 and 1 of *every* position.

### Exercise: split_heads
`X (..., T, d)` and `H` give `(..., H, T, dh)`: row $t$ of head $h$ holds the columns from $h \cdot d_h$ to $(h + 1) \cdot d_h - 1$ of position $t$. `H` divides `d`.
"""

# %%
split_heads = exercise(
    "attention.split_heads",
    points=2,
    level=2,
    minutes=10,
    hints=[
        "A reshape keeps the numbers in the order in which they lie. Which axis can it cut in two without mixing positions?",
        "Cut the last axis into (H, dh): `(..., T, H, dh)`. Then two axes are in the wrong order.",
        "For axes counted from the end there is `swapaxes`; `reshape` works out one size by itself if you give it −1.",
    ],
)


# %%
def split_heads_slow(X, H):
    T, d = X.shape
    heads = np.zeros((H, T, d // H))
    for h, t, c in np.ndindex(heads.shape):
        heads[h, t, c] = X[t, h * (d // H) + c]
    return heads


side_by_side(split_heads, split_heads_slow, [(X, 1), (X, 2), (X, 4), (X, 8), (X[:, :6], 3)])

# %%
check(split_heads)

# %% [markdown]
r"""
In colour: each column of `X` has the colour of the head that owns it. Which colours would head 0 hold if you only reshaped?
"""

# %%
show_split(split_heads, X, H=4)

# %% [markdown]
r"""
Each head is one colour and three rows: its two columns of every position. A mere reshape gives head 0 three colours, all of position 0.

### Exercise: merge_heads
The way back. `X (..., H, T, dh)` gives `(..., T, d)`, the heads side by side again. What was split and merged is what it was.
"""

# %%
merge_heads = exercise(
    "attention.merge_heads",
    points=2,
    level=2,
    minutes=8,
    hints=[
        "Undo the two steps of split_heads, the last one first.",
        "When (H, dh) stand next to each other at the end, a reshape makes one axis of them.",
        "The shape that you reshape to: all axes but the last two, and then −1.",
    ],
)


# %%
def merge_heads_slow(X):
    H, T, dh = X.shape
    merged = np.zeros((T, H * dh))
    for h, t, c in np.ndindex(X.shape):
        merged[t, h * dh + c] = X[h, t, c]
    return merged


blocks = [np.arange(24.0).reshape(shape) for shape in [(1, 4, 6), (2, 3, 4), (4, 3, 2), (3, 1, 8), (6, 4, 1)]]
side_by_side(merge_heads, merge_heads_slow, blocks)

# %%
check(merge_heads)

# %% [markdown]
r"""
## Three roles for one vector

Where do queries, keys and values come from? Each position has one vector, a row of $X$, and three matrices make its three roles: $XW_Q$, $XW_K$, $XW_V$. A fourth, $W_O$, works on what the heads bring home.
These four matrices are what training changes. In the words of Vaswani et al., section 3.2.2, with $X$ in all three roles:

$$\operatorname{MultiHead}(X) = \operatorname{Concat}(\text{head}_1, \dots, \text{head}_H)\, W_O, \qquad \text{head}_i = \operatorname{Attention}(XW^Q_i, XW^K_i, XW^V_i)$$

They give each head small matrices of its own. Put the $W^Q_i$ side by side and you have $W_Q$, `(d, d)`: one product computes the queries of all heads, and head $i$ owns its stretch of columns.

### Exercise: multi_head_attention
`X (..., T, d)` and four matrices `(d, d)` give `(..., T, d)`. `mask (..., T, T)`, if there is one, is the same for all heads; its leading axes are those of `X` (or broadcast against them)
and know nothing of heads. No loop over heads.
"""

# %%
multi_head_attention = exercise(
    "attention.multi_head_attention",
    points=5,
    level=4,
    minutes=30,
    hints=[
        "Nothing is left to invent: project, split, attend, merge, project. You have a function for each.",
        "Inside, scores have the shape (..., H, T, T). With two texts and three heads, what does a mask of shape (2, T, T) need to meet them?",
        "An axis of size 1 where the heads are: `[..., None, :, :]` puts one before the last two. If there is no mask, there is nothing to index.",
    ],
)

# %% [markdown]
r"""
The definition as a loop over heads, each with its own columns of the matrices. Width 6 divides into 1, 2, 3 or 6 heads: each of these with a causal mask and without one, four positions, random matrices.
"""


# %%
def multi_head_attention_slow(X, W_Q, W_K, W_V, W_O, H, mask=None):
    dh = X.shape[1] // H
    heads = []
    for h in range(H):
        own = slice(h * dh, (h + 1) * dh)
        heads.append(attention_slow(X @ W_Q[:, own], X @ W_K[:, own], X @ W_V[:, own], mask))
    return np.concatenate(heads, axis=1) @ W_O


X_small = rng.normal(size=(4, 6))
W_small = rng.normal(size=(4, 6, 6))
trials = [(X_small, *W_small, H, mask) for H in (1, 2, 3, 6) for mask in (None, causal_mask_slow(4))]
side_by_side(multi_head_attention, multi_head_attention_slow, trials)

# %%
check(multi_head_attention)

# %% [markdown]
r"""
## Now watch it work

No training yet: we write the four matrices ourselves, and two heads will do two jobs. A position's vector is a one-hot word followed by a one-hot position, 10 numbers each (the seven different words leave three of them unused).

- Head 0 reads the word half, for its query and for its key, as in puzzle 2: **look for the same word**.
- Head 1 reads the position half, as in puzzle 3. Its $W_Q$ turns position $p$ into the key of position $p - 1$: **look at the word before**.

Both hand over the word half. The factor 30 makes them sure of themselves: a match scores $30 / \sqrt{10} = 9.5$, and $e^{9.5}$ is 13,000.
"""

# %%
verse = "the cat that killed the rat that ate the malt"
rhyme = verse.split()
T, H = len(rhyme), 2
vocabulary, ids = np.unique(rhyme, return_inverse=True)
X_rhyme = np.concatenate([np.eye(T)[ids], np.eye(T)], axis=-1)  # (T, 2T): which word, which position

W_Q, W_K, W_V, W_O = np.zeros((2 * T, 2 * T)), np.eye(2 * T), np.zeros((2 * T, 2 * T)), np.eye(2 * T)
W_Q[:T, :T] = 30 * np.eye(T)  # head 0 asks for its own word
W_Q[T:, T:] = 30 * np.eye(T, k=-1)  # head 1, at position p, asks for position p - 1
W_V[:T, :T] = W_V[:T, T:] = np.eye(T)  # both hand over the word
X_rhyme[1]  # `cat`, at position 1

# %% [markdown]
r"""
In the table of head 0, which rows will have more than one entry, and how large are these? What can head 1 do at position 0, which has no word before it?
"""


# %%
def two_heads():
    Q, K = split_heads(X_rhyme @ W_Q, H), split_heads(X_rhyme @ W_K, H)  # (H, T, T), for here dh = T
    titles = ["head 0: the same word", "head 1: the word before"]
    return show_attention(attention, Q, K, rhyme, mask=causal_mask(T), titles=titles)


watch(two_heads)

# %% [markdown]
r"""
Equal keys share alike: the second `the` gives 1/2 to each `the` that it sees, the third 1/3. And position 0 of head 1 finds its query unanswered and takes the only thing it may see, itself.

What did each position bring home? After your `multi_head_attention` the first ten numbers of a row are what head 0 fetched, and the last ten what head 1 fetched:
"""


# %%
def brought_home():
    Y = multi_head_attention(X_rhyme, W_Q, W_K, W_V, W_O, H, mask=causal_mask(T))  # (T, 2T)
    before = vocabulary[Y[:, T : T + len(vocabulary)].argmax(axis=-1)]
    for p in range(1, T):
        print(f"{p}  {rhyme[p]:<7} comes after {before[p]}")


watch(brought_home)

# %% [markdown]
r"""
Every position from 1 on now carries the word before it. A head in a *second* layer can put that to use: standing on a `cat`, it looks for the position that carries "comes after `cat`", and finds there what followed the last time.
The two in a row are the circuit behind an induction head; finding one in a trained model, where nobody put it, will be part of lesson 12.

Here is that second head as a last puzzle. With letters and places alone no Q and K can draw it (why?). But the first layer has been here: row $i$ of `before` is the letter before position $i$, one-hot, and zeros at position 0.
"""


# %%
def after_the_same(letters, places, before):
    Q, K = 0 * letters, letters  # change this
    return Q, K


show_puzzle(attention, after_the_same)

# %% [markdown]
r"""
<details><summary>The answer, when you have yours</summary>

```python
def after_the_same(letters, places, before):
    return 30 * letters, before
```

Without `before`, the key of position $j$ knows letter and place of $j$ and nothing of its left neighbour, which decides whether it is wanted.
In `abcba` and in `cbaba` the last `a` finds a `b` at 1 and a `b` at 3, and must take the first in one text and the second in the other.

</details>

## Two texts

A translator has read `the black cat is asleep` and is writing `le chat noir dort`. For each word that it writes it must look into the other text. So queries come from one text, and keys and values from another: **cross-attention**.
In Vaswani et al., section 3.2.3, every layer of the decoder asks the text that the encoder has read. Your `attention` can do it as it is, for there was never a need that queries and keys are equally many.

By hand: the key of each English word is its place, and each French word asks for its translation. Which two words cross? What will the shares of `dort` be?
"""

# %%
french, english = ["le", "chat", "noir", "dort"], ["the", "black", "cat", "is", "asleep"]
Q_french = np.zeros((4, 5))
Q_french[[0, 1, 2], [0, 2, 1]] = 14  # le asks for the, chat for cat, noir for black
Q_french[3, 3:] = 14  # dort asks for is and for asleep
show_attention(attention, Q_french, np.eye(5), french, others=english)

# %% [markdown]
r"""
`noir` and `chat` cross, and `dort` gets half of `is` and half of `asleep`. The pattern is no square: a row for each word that asks, a column for each that answers.
No causal mask either, since the English text is known whole. If it was padded, its padding mask `(..., 1, Tk)` fits.

With heads and matrices, for $X$ that asks and $C$ that answers:

$$\text{head}_i = \operatorname{Attention}(XW^Q_i, CW^K_i, CW^V_i)$$

### Exercise: cross_attention
`X (..., Tq, d)` and `C (..., Tk, c)` give `(..., Tq, d)`. The second text may have a width of its own, so `W_K` and `W_V` are `(c, d)`; `W_Q` and `W_O` are `(d, d)` as before.
`mask (..., Tq, Tk)`, if there is one, is the same for all heads; as `(..., 1, Tk)` it is the same for all positions, too. The leading axes of X, C and mask broadcast. A position that may look nowhere fetches zeros.
"""

# %%
cross_attention = exercise(
    "attention.cross_attention",
    points=3,
    level=3,
    minutes=15,
    hints=[
        "Project, split, attend, merge, project: the steps are those of multi_head_attention. Which of them have to do with the second text?",
        "Two of the four matrices meet C. After that nobody needs C any more.",
        "The scores have the shape (..., H, Tq, Tk). The mask needs the same new axis as before.",
    ],
)


# %%
def cross_attention_slow(X, C, W_Q, W_K, W_V, W_O, H, mask=None):
    dh = X.shape[1] // H
    heads = []
    for h in range(H):
        own = slice(h * dh, (h + 1) * dh)
        heads.append(attention_slow(X @ W_Q[:, own], C @ W_K[:, own], C @ W_V[:, own], mask))
    return np.concatenate(heads, axis=1) @ W_O


C_small, W_C = rng.normal(size=(3, 5)), rng.normal(size=(2, 5, 6))  # three positions of width 5
two_texts = (X_small, C_small, W_small[0], *W_C, W_small[3])
some_masks = [None, *(rng.random(size=(2, 4, 3)) < 0.6)]
trials_of_two = [(*two_texts, H, mask) for H in (1, 2, 3, 6) for mask in some_masks]
side_by_side(cross_attention, cross_attention_slow, trials_of_two)

# %%
check(cross_attention)

# %% [markdown]
r"""
## One key for several heads

A model that writes makes a new query at every step and asks *all* keys and values so far. It keeps them, for computing them anew would take longer, and at every step it reads all of them from memory.
How much is that? SmolLM2-135M, the chat model of lesson 05, has 30 layers with nine heads of width 64. Keys and values of all heads are $2 \cdot 30 \cdot 9 \cdot 64 = 34{,}560$ numbers for each position.
A text of 8,192 positions, its longest, then takes 566 MB at two bytes a number, twice as much as the model itself. To load them again and again is what makes writing slow (Shazeer 2019).

A query is needed once and thrown away, so queries may be many. Let several heads share one key and one value: the $H$ heads form $G$ groups of neighbours.
$G = H$ is what you have, $G = 1$ is *multi-query attention* (Shazeer 2019), and what lies between is *grouped-query attention* (Ainslie et al. 2023, section 2.2). SmolLM2-135M has $G = 3$: a third of the memory, 189 MB.

The smallest case: $H = 4$, $G = 2$, $d_h = 1$. Heads 0 and 1 ask the keys in column 0 of $XW_K$, heads 2 and 3 those in column 1. So $W_Q$ is (4, 4), and $W_K$ and $W_V$ are (4, 2).

### Exercise: grouped_query_attention
As multi_head_attention, but `W_K` and `W_V` are `(d, k)` with `k` = $G \cdot d_h$: group $g$ owns the columns from $g \cdot d_h$ to $(g + 1) \cdot d_h - 1$. Head $h$ asks group $h \,//\, (H / G)$. `G` divides `H`.
A `mask (..., T, T)` may be `(..., 1, T)`: the same for all queries.
`np.repeat` gives every head a copy of its keys, and the right result, which is accepted. It goes without copies: a new axis of size 1 broadcasts, and numpy reads the same numbers again.
"""

# %%
grouped_query_attention = exercise(
    "attention.grouped_query_attention",
    points=4,
    level=4,
    minutes=25,
    hints=[
        "Split keys and values into G heads, not H. Which axes must the queries have, so that each group of them meets one key head?",
        "Queries `(..., G, H / G, T, dh)` meet keys `(..., G, 1, T, dh)`. Cut the width into G groups first, then each group into its heads: that is one function, twice.",
        "What was split twice is merged twice. The mask needs two new axes before its last two, one for the groups and one for the heads in them.",
    ],
)


# %%
def grouped_query_attention_slow(X, W_Q, W_K, W_V, W_O, H, G, mask=None):
    dh = X.shape[1] // H
    heads = []
    for h in range(H):
        g = h // (H // G)
        own, shared = slice(h * dh, (h + 1) * dh), slice(g * dh, (g + 1) * dh)
        heads.append(attention_slow(X @ W_Q[:, own], X @ W_K[:, shared], X @ W_V[:, shared], mask))
    return np.concatenate(heads, axis=1) @ W_O


def grouped_trial(H, G, mask):
    W_Q, W_K, W_V, W_O = W_small
    k = 6 // H * G
    return X_small, W_Q, W_K[:, :k], W_V[:, :k], W_O, H, G, mask


sizes = [(1, 1), (2, 1), (2, 2), (3, 3), (6, 3), (6, 6)]
groups = [grouped_trial(H, G, mask) for H, G in sizes for mask in (None, causal_mask_slow(4))]
side_by_side(grouped_query_attention, grouped_query_attention_slow, groups)

# %%
check(grouped_query_attention)

# %% [markdown]
r"""
Do neighbours share? The next cell sets the values of one group after the other to zero, and marks the heads that bring home something else. With six heads in three groups, which will it be for group 1?
"""


# %%
show_sharing(grouped_query_attention, H=6, groups=(6, 3, 1))

# %% [markdown]
r"""
Heads 2 and 3. On the left every head has a key of its own, as before; on the right one key answers to all.

## What we left out

Everything here is blind to order, except for the mask and for the positions that we wrote into $X$ ourselves (question 2); lesson 02 has better ways to write them.
The scores take $T^2$ numbers for each head, a million for each at $T = 1000$.

To read: Vaswani et al. 2017, *Attention Is All You Need*. Section 3.2.1 and equation 1 are your `attention`, Figure 2 draws it and the heads, and footnote 4 is the variance of the dot product.
Section 3.2.2 has eight heads of 64 each, which make the $d = 512$ of section 3.1. Section 3.2.3 says how the decoder hides what comes later, and how it asks the encoder. In the arXiv version, Figure 4 shows two heads of a trained model, and where they look from the word `its`.
Then Elhage et al. 2021, *A Mathematical Framework for Transformer Circuits*, the section "Attention Heads are Independent and Additive": cut $W_O$ into rows for each head, and the concatenation becomes a sum.
Shazeer 2019, *Fast Transformer Decoding: One Write-Head is All You Need*, lets all heads share one key. Figure 2 of Ainslie et al. 2023, *GQA: Training Generalized Multi-Query Transformer Models from Multi-Head Checkpoints*, draws all three side by side.

## Two questions

**Question 1.** The shares of a row always add up to 1, so a head that finds nothing it is looking for still fetches something. Is that harmful? Describe one way in which a model could learn to fetch *practically nothing* with
the four matrices that it has, and say which position you would expect such heads to look at, and why.
"""

# %%
question("nothing-to-fetch", points=2)

# %% [markdown]
r"""
**Question 2.** Shuffle the rows of $X$ with a permutation matrix $P$. Show that without a mask $\operatorname{MultiHead}(PX) = P \operatorname{MultiHead}(X)$: the same answers, shuffled alike. (Follow the $P$ through the scores, the softmax
and the values; three lines for one head.) So `cat chased moth` and `moth chased cat` look the same to each of their words. Which of your three lines fails when the mask is causal?
"""

# %%
question("blind-to-order", points=2)
