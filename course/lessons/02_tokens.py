# %% [markdown]
r"""
# 02 · Tokens and positions

You need lessons 00 and 01 for this one.

In lesson 01 a model chose its next word from a list. Ask it for `catlike`, which is in no list, and it has nothing to say. A list of letters would never be caught out like that,
but it makes every text five times as long, and a letter means nothing by itself. Models read something in between, and they find it in the texts themselves.

What a computer has of a text to begin with are bytes, numbers from 0 to 255. How many numbers will these four letters give?
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
    show_alibi,
    show_clock_hands,
    show_positions,
    show_rotary,
    show_tokens,
    side_by_side,
    watch,
)


def as_bytes(text):
    return np.frombuffer(text.encode(), dtype=np.uint8).astype(int)


as_bytes("café")

# %% [markdown]
r"""
Five. `c`, `a` and `f` are one byte each, 99, 97 and 102. `é` is two, 195 and 169: in UTF-8 only the 128 characters of ASCII fit into one byte, what an American typewriter has and some commands; the rest of the world takes two to four.
That is ugly and it is complete: every text there is can be written with 256 numbers, and no text is unknown.

## Two that are always together

Here is our library, with every letter of it a token for now:
"""

# %%
text = """the cat sat on the mat, and the rat sat on the cat. the mat was flat. that cat, said the rat,
is as flat as the mat. at the café that cat had sat at, the rat ate a tart."""
letters = as_bytes(text)
letters.shape, letters[:12]

# %% [markdown]
r"""
170 numbers. After a `t` comes anything; after an `a` comes, strikingly often, a `t`. If two neighbours are together so often, they may as well be one token with a number of its own, 256.
Then we look again: perhaps 256 and the blank are often together now. Each such step is a *merge*, and the list of them is all that there is to learn. This is byte-pair encoding
(Sennrich, Haddow and Birch 2016, section 3.2, who began with characters; GPT-2 begins with bytes).

A step needs two functions: which pair, and put one number in its place.

### Exercise: the most frequent pair
`most_frequent_pair(ids)` gives three numbers: the two of the pair, and how often they stand side by side. In `3 5 5 5 3 5` there are five pairs: 3 5, 5 5, 5 5, 5 3, 3 5. Both 3 5 and 5 5 occur twice,
and 3 5 is smaller. So the answer is `(3, 5, 2)`. (Pairs are compared by their first number, and where that is equal by their second.)
"""

# %%
most_frequent_pair = exercise(
    "tokens.most_frequent_pair",
    points=3,
    level=3,
    minutes=15,
    hints=[
        "Which two arrays, laid side by side, hold the left and the right number of every pair?",
        "A pair can be written as one number, as 3 and 5 are in 35. What must the first be multiplied with, so that no two pairs meet?",
        "`np.unique` can count, and it sorts. `argmax` takes the first of the largest, and `divmod` takes a number apart again.",
    ],
)


# %%
def most_frequent_pair_slow(ids):
    counts = {}
    for pair in itertools.pairwise(ids.tolist()):
        counts[pair] = counts.get(pair, 0) + 1
    best = min(counts, key=lambda pair: (-counts[pair], pair))  # most often, then smallest
    return best[0], best[1], counts[best]


side_by_side(
    most_frequent_pair, most_frequent_pair_slow, [np.array([3, 5, 5, 5, 3, 5]), letters[:20], letters]
)

# %%
check(most_frequent_pair)

# %% [markdown]
r"""
`a` is 97 and `t` is 116: they stand together 20 times.

### Exercise: one number for two
`merge_pair(ids, left, right, new)` writes `new` wherever `left` and `right` stand side by side in `ids (n)`, and the sequence gets shorter. It may be a single id, in which there is no pair. Read from the left, and use no number twice:
`7 7 7` with the pair 7 7 becomes `new 7`, for when the first two are gone, the third has no partner.

As a loop this is a minute's work. Without one it is the hardest exercise of this lesson. Begin with pairs of two different numbers, which cannot overlap, and let `check` tell you how far that carries. Then look at a run of equal numbers:
of its first, second, third, … pair, which ones merge? In lesson 00 you counted how long a run has lasted.
"""

# %%
merge_pair = exercise(
    "tokens.merge_pair",
    points=4,
    level=4,
    minutes=30,
    hints=[
        "Mark where a pair begins. What becomes of the marked place, and what of the one behind it?",
        "In a run of equal numbers the pairs overlap. Number them from 1 within their run: the odd ones merge.",
        "A pair's number within its run is its distance from the last place without a mark: `np.maximum.accumulate`.",
    ],
)


# %%
def merge_pair_slow(ids, left, right, new):
    merged, t = [], 0
    while t < len(ids):
        here = t + 1 < len(ids) and ids[t] == left and ids[t + 1] == right
        merged.append(new if here else ids[t])
        t += 2 if here else 1  # a pair that was merged is used up
    return np.array(merged)


runs = [(np.array([7] * n + [4] + [7] * (n - 1)), 7, 7, 256) for n in range(1, 7)]
side_by_side(merge_pair, merge_pair_slow, [*runs, (letters, 97, 116, 256)])

# %%
check(merge_pair)

# %% [markdown]
r"""
Now learn. We merge until no pair comes twice; the list of merges is the whole tokenizer. With 256 numbers to begin with, how many merges do you expect from a text as short as ours?
"""


# %%
def learn_merges(ids):
    merges = []
    while True:
        left, right, count = most_frequent_pair(ids)
        if count < 2:
            return np.array(merges), len(ids)
        ids = merge_pair(ids, left, right, 256 + len(merges))
        merges.append((left, right))


watch(learn_merges, letters)

# %% [markdown]
r"""
22 merges, and 62 tokens where there were 170. Read the first few lines: (97, 116) is `at`; (256, 32) is `at` with the blank behind it; then come `th`, `e` with a blank, and (260, 259), the word `the` between its blanks,
all of it a single token. Nobody told the machine what a word is.

## There and back

To encode any text, do the same merges in the same order. To decode, undo them, the last one first.

### Exercise: encode
`bpe_encode(ids, merges)`: `ids (n)` and `merges (m, 2)`, of which m may be 0, give `(k)`. Row $i$ of `merges` is the pair that becomes $256 + i$. A loop over the merges is fine here, and needed: each builds on those before it.
"""

# %%
bpe_encode = exercise(
    "tokens.bpe_encode",
    points=2,
    level=2,
    minutes=8,
    hints=[
        "You have the function that does one merge.",
        "Which number does the first merge make, and which the second? `enumerate` can begin to count anywhere.",
        "What one merge returns is what the next one begins with.",
    ],
    loops_over=["m"],
)


# %%
def bpe_encode_slow(ids, merges):
    ids = list(ids)
    for i in range(len(merges)):
        ids = list(merge_pair_slow(ids, merges[i][0], merges[i][1], 256 + i))
    return np.array(ids)


a_few = np.array([[97, 116], [256, 32], [116, 104], [101, 32], [32, 258], [260, 259]])  # the first six
side_by_side(bpe_encode, bpe_encode_slow, [(letters[:n], a_few[:m]) for n in (5, 30, 170) for m in (0, 1, 6)])

# %%
check(bpe_encode)

# %% [markdown]
r"""
A sentence that was not in the library, after no merge, three, and six. Which of its words will have become one token?
"""

# %%
show_tokens(bpe_encode, "the fat cat sat at the café", a_few, counts=(0, 3, 6))

# %% [markdown]
r"""
One, `at`, and it took its blank along. ` the ` with both its blanks is token 261, but neither `the` here is that: the first has no blank before it, and the blank before the second went to `at `, which is an older merge. A tokenizer sees blanks where we see words.
`café` is spelled out, and its `é` is in two pieces that are no character by themselves. A model that writes byte by byte can write half a letter.

### Exercise: decode
`bpe_decode(ids, merges)` gives the bytes back: `ids (n)` and `merges (m, 2)` give `(k)`. Undo one merge at a time: wherever its number stands, its two parts stand afterwards, and everything behind them moves by one.
"""

# %%
bpe_decode = exercise(
    "tokens.bpe_decode",
    points=3,
    level=3,
    minutes=20,
    hints=[
        "In which order must merges be undone, so that what they were made of is undone too?",
        "First make room: `np.repeat` can repeat each number as often as another array says.",
        "Where does the first part of the third one stand, once two others before it have made room?",
    ],
    loops_over=["m"],
)


# %%
def bpe_decode_slow(ids, merges):
    def undone(token):
        if token < 256:
            return [token]
        left, right = merges[token - 256]
        return undone(left) + undone(right)  # what a merge was made of may be merges too

    return np.array([byte for token in ids for byte in undone(token)])


side_by_side(
    bpe_decode,
    bpe_decode_slow,
    [(np.array([261]), a_few), (np.array([99, 257, 256, 261, 109]), a_few), (letters, a_few)],
)

# %%
check(bpe_decode)


# %%
def there_and_back(sentence):
    tokens = bpe_encode(as_bytes(sentence), a_few)
    return len(tokens), bytes(bpe_decode(tokens, a_few).tolist()).decode()


watch(there_and_back, "a café at the end of the street")

# %% [markdown]
r"""
## From numbers to vectors

261 is not more than 97, it is another token, so a model must not compute with the number itself. It keeps a table with a row for each token, and takes the row. The table is learned like everything else:
at first its rows are random, and tokens that behave alike come to have rows that are alike.

### Exercise: embed
`embed(ids, W_E)` takes the rows: `ids (...)` and `W_E (V, d)` give `(..., d)`. In lesson 00 you did the same with a one-hot matrix and a product; here numpy can look the rows up. The product holds a number for every token of the vocabulary at every position, so memory is judged here: three times what the rows take is enough.
"""

# %%
embed = exercise(
    "tokens.embed",
    points=1,
    level=1,
    minutes=4,
    hints=[
        "What does `W_E[3]` give? And `W_E[[3, 3, 0]]`?",
        "An array of whole numbers may stand in the brackets, of any shape.",
        "With ids of shape (2, 3), `W_E[ids]` has the shape (2, 3, d).",
    ],
    memory=3,
)


# %%
def embed_slow(ids, W_E):
    made = np.zeros((*ids.shape, W_E.shape[1]), W_E.dtype)
    for place in np.ndindex(ids.shape):
        made[place] = W_E[ids[place]]
    return made


rng = np.random.default_rng(0)
table = rng.normal(size=(5, 3)).round(1)
side_by_side(embed, embed_slow, [(np.array([2, 0, 2]), table), (np.array([[4], [1]]), table)])

# %%
check(embed)

# %% [markdown]
r"""
At the other end of the model stands the way back: from a vector to a score for each token, from which softmax makes the probabilities of the next one. Each token has a vector here too, a column of $W_U$,
and its score is the dot product with it: how far do the two point in the same direction?

### Exercise: unembed
`unembed(X, W_U)`: the scores of all tokens for all positions at once. `X (..., d)` and `W_U (d, V)` give `(..., V)`.
"""

# %%
unembed = exercise(
    "tokens.unembed",
    points=1,
    level=1,
    minutes=4,
    hints=[
        "One score is the sum of products of a row of `X` with a column of `W_U`.",
        "All rows with all columns: which operation is that?",
        "Batch axes in front need no care. `@` leaves them alone.",
    ],
)


# %%
def unembed_slow(X, W_U):
    scores = np.zeros((len(X), W_U.shape[1]))
    for t in range(len(X)):
        for token in range(W_U.shape[1]):
            scores[t, token] = sum(X[t, i] * W_U[i, token] for i in range(len(W_U)))
    return scores


side_by_side(unembed, unembed_slow, [(table[:2], table.T), (table, rng.normal(size=(3, 4)).round(1))])

# %%
check(unembed)

# %% [markdown]
r"""
## What got lost on the way

`dog bites man` and `man bites dog` have the same three rows. What attention will do with them in lesson 03, it does to each pair of tokens, wherever they stand: shuffle the words, and every word still finds the same others.
So does a sum. The two sentences, each as the sum of its vectors:
"""

# %%
dog, bites, man = table[:3]
dog + bites + man, man + bites + dog

# %% [markdown]
r"""
Something in the vectors must say where a token stands. The number of the position itself will not do: position 500 would be a vector 500 times as long as position 1, and drown the words.

Think of a clock. Its second hand tells near moments apart, and repeats after a minute. The minute hand is slower, the hour hand slower still, and together they tell every second of half a day, with three numbers that never grow.
Take $d/2$ hands, each slower than the last by the same factor, and write down where every tip is: its sine and its cosine.

$$P_{t,\,2i} = \sin\!\left(\frac{t}{10000^{2i/d}}\right) \qquad P_{t,\,2i+1} = \cos\!\left(\frac{t}{10000^{2i/d}}\right)$$

For $d = 4$ the first hand turns by 1 radian a position and the second by 1/100. Position 2 is $(\sin 2, \cos 2, \sin 0.02, \cos 0.02) = (0.91, -0.42, 0.02, 1.00)$. This is section 3.5 of Vaswani et al. 2017.

### Exercise: positions as sinusoids
`sinusoidal_positions(T, d)` gives `(T, d)`, a row for each position 0, …, T − 1. The width $d$ is even.
"""

# %%
sinusoidal_positions = exercise(
    "positions.sinusoidal_positions",
    points=3,
    level=3,
    minutes=15,
    hints=[
        "First all the angles: positions in a column, the speeds of the hands in a row.",
        "There are d/2 speeds, one for each pair. Sine and cosine of a pair share an angle.",
        "To put two arrays in turns, stack them on a new last axis and reshape it away.",
    ],
)


# %%
def sinusoidal_positions_slow(T, d):
    P = np.zeros((T, d))
    for t in range(T):
        for i in range(d // 2):
            angle = t / 10_000 ** (2 * i / d)
            P[t, 2 * i], P[t, 2 * i + 1] = math.sin(angle), math.cos(angle)
    return P


side_by_side(sinusoidal_positions, sinusoidal_positions_slow, [(3, 4), (5, 2), (20, 16)])

# %%
check(sinusoidal_positions)

# %% [markdown]
r"""
The clocks of nine positions. Before you run the cell: which rows will you be able to tell the time by, and which hands hardly move?
"""

# %%
show_clock_hands(sinusoidal_positions)

# %% [markdown]
r"""
The first hand has been round once after six positions and a bit. The fourth moves by a thousandth of a radian each time: it can tell position 0 from position 1,000, but not a position from the next.

All of it as an image, a row for each position:
"""

# %%
show_positions(sinusoidal_positions)

# %% [markdown]
r"""
On the left the seconds, on the right the hours. These rows are added to the vectors of the tokens, and the sum goes into the model.

Why hands of a clock, and not any other vectors that differ? Move on by $k$ positions, and every hand turns by an angle that depends on $k$ alone. So from the vector of any position one gets that of the position $k$ further by one and the same rotation,
which a matrix can do, and a model can learn "three back" once for all positions. The authors chose sinusoids for this reason, and trained embeddings did as well (their table 3, row E).

## Turned instead of added

What counts in a text is mostly how far apart two words are. In lesson 03 a query $q$ at position $i$ and a key $k$ at position $j$ meet in a dot product, and it should see $i - j$ and nothing else of the two positions.
Turn both, each by its own position: $q$ by the angle $i\theta$, $k$ by $j\theta$. A dot product depends on the lengths and on the angle between, and that has changed by $(i - j)\theta$. Nothing is added, and nothing is left of $i$ alone.

By hand, with one pair: $q = k = (1, 0)$, $i = 3$, $j = 1$, $\theta = 1$. Turned, they are $(\cos 3, \sin 3)$ and $(\cos 1, \sin 1)$, and their product is $\cos(3 - 1) = -0.42$. At positions 103 and 101 it is the same.

This is RoPE (Su et al. 2021, *RoFormer*, eq. 34). Each pair of neighbouring components is a little plane of its own, with the speeds of the clock hands from above:

$$\begin{pmatrix} x_{2i} \\ x_{2i+1} \end{pmatrix} \;\to\; \begin{pmatrix} x_{2i}\cos\alpha - x_{2i+1}\sin\alpha \\ x_{2i}\sin\alpha + x_{2i+1}\cos\alpha \end{pmatrix}, \qquad \alpha = \frac{t}{10000^{2i/d}}$$

### Exercise: rotary
`rotary(X)` turns every row of `X (..., T, d)` by its position. Float32 stays float32, though the angles are float64.
"""

# %%
rotary = exercise(
    "positions.rotary",
    points=4,
    level=3,
    minutes=20,
    hints=[
        "Which components are the first of their pair, and which the second? A slice with a step takes them out.",
        "The angles are those of `sinusoidal_positions`. They broadcast over the batch axes by themselves.",
        "Cosine and sine must have the dtype of `X` before they meet it. Then put the pairs in turns again.",
    ],
)


# %%
def rotary_slow(X):
    T, d = X.shape
    turned = np.zeros_like(X)
    for t in range(T):
        for i in range(0, d, 2):
            angle = t / 10_000 ** (i / d)
            turn = complex(math.cos(angle), math.sin(angle))
            pair = complex(X[t, i], X[t, i + 1]) * turn  # multiplying turns
            turned[t, i], turned[t, i + 1] = pair.real, pair.imag
    return turned


side_by_side(
    rotary, rotary_slow, [np.tile([1.0, 0.0], (4, 1)), rng.normal(size=(3, 4)), rng.normal(size=(30, 8))]
)

# %%
check(rotary)

# %% [markdown]
r"""
One query and one key of four components, at every position. Along which lines will the products be equal?
"""

# %%
show_rotary(rotary, q=[1.0, 0.2, 0.6, 0.3], k=[0.9, -0.1, 0.5, 0.5])

# %% [markdown]
r"""
Along the diagonals: there the distance is the same. This is what LLaMA and most models after it do, though many of them pair component $i$ with $i + d/2$ instead of with its neighbour. If you ever load weights and get nonsense, look there first.

## Taken off instead of turned

The plainest way to say "near counts more" is to take something off the score for every step between the two. How much, is up to the head: one that takes off a lot sees its neighbours only, one that takes off hardly anything sees everything.
Head $h$ of $H$ takes off $2^{-8h/H}$ a step. With two heads that is 1/16 and 1/256: from five steps away, $-0.3125$ and $-0.0195$. Nothing is learned, and nothing is added to the vectors.
This is ALiBi (Press, Smith and Lewis 2022, section 3). Their model was trained on texts of 1,024 tokens, and read 2,048 as well as one with sinusoids that had been trained on 2,048 (their abstract).

### Exercise: the ALiBi bias
`alibi_bias(T, H)` gives what is added to the scores, `(H, T, T)`: 0 on the diagonal, less to either side. (The models of the paper look back only, so one side was enough for them.)
"""

# %%
outer_difference = earlier("arrays.outer_difference")

# %%
alibi_bias = exercise(
    "positions.alibi_bias",
    points=2,
    level=2,
    minutes=10,
    hints=[
        "Two things are multiplied: a slope for each head, and a distance for each pair of positions.",
        "You made all differences of two rows of numbers in lesson 00. A distance has no sign.",
        "Slopes `(H, 1, 1)` times distances `(T, T)` broadcast to `(H, T, T)`. Heads count from 1.",
    ],
)


# %%
def alibi_bias_slow(T, H):
    B = np.zeros((H, T, T))
    for h in range(H):
        for i in range(T):
            for j in range(T):
                B[h, i, j] = -abs(i - j) * 2 ** (-8 * (h + 1) / H)  # heads count from 1
    return B


side_by_side(alibi_bias, alibi_bias_slow, [(3, 1), (4, 2), (6, 3)])

# %%
check(alibi_bias)

# %% [markdown]
r"""
## Now watch it work

Four heads, and a query at position 9. If all scores were equal before, which head would still look at position 0?
"""

# %%
show_alibi(alibi_bias)

# %% [markdown]
r"""
The last one: nine steps cost it 9/256, next to nothing. To the first head they cost 9/4, and $e^{-9/4}$ is a tenth. Let your own functions say it: embed a sentence, and let the last token weigh all others,
once by their vectors alone, once with the bias of the first head.
"""

# %%
softmax = earlier("numerics.softmax")


def shares(sentence, bias):
    tokens = bpe_encode(as_bytes(sentence), a_few)
    X = embed(tokens, np.random.default_rng(1).normal(size=(262, 16)) / 4)
    return softmax(X[-1] @ X.T + bias(len(tokens), 4)[0, -1]).round(2)


watch(shares, "the cat sat at the mat", lambda T, H: np.zeros((H, T, T)))

# %%
watch(shares, "the cat sat at the mat", alibi_bias)

# %% [markdown]
r"""
Same text, same vectors. Without positions the shares follow likeness alone. With the bias the near have gained on the far: the first token fell from 0.06 to 0.01, the last but one rose from 0.07 to 0.12.
Likeness still counts, so the shares do not fall with every step. What a query and a key are, and why a token should ask anything at all, is lesson 03.

## What we left out

Real tokenizers cut a text at blanks and punctuation first, so that no merge crosses a word, and count their pairs in gigabytes. GPT-2 has 50,257 tokens. Positions may also be rows of a table that is learned, as in GPT-2: it has 1,024 of them, and no longer text can be read.

To read: Sennrich, Haddow and Birch 2016, *Neural Machine Translation of Rare Words with Subword Units*, section 3.2, with the whole algorithm in two dozen lines of Python. Vaswani et al. 2017, *Attention Is All You Need*, sections 3.4 and 3.5.
Su et al. 2021, *RoFormer: Enhanced Transformer with Rotary Position Embedding*, section 3. Press, Smith and Lewis 2022, *Train Short, Test Long*, whose figure 1 is the reason to read it.

## Two questions

**Question 1.** Ask a model how many times the letter r is in `strawberry`, and it may well be wrong. Suppose its tokens are `str`, `aw` and `berry`. What does the model see of the letters? What would it have to have learned to answer, and from which texts could it?
"""

# %%
question("letters-of-a-token", points=2)

# %% [markdown]
r"""
**Question 2.** RoPE turns queries and keys and leaves the values alone, while sinusoids are added to the vector that all three come from. Name one thing that a model can do with sinusoids and not with RoPE, and one that RoPE makes easier.
"""

# %%
question("turned-or-added", points=2)
