# %% [markdown]
r"""
# 06 · Generation

You need lessons 00, 01 and 03 for this one, and for one exercise the rotary positions of lesson 02.

A model that continues texts gives every word a score, and stops there. Which word comes next is up to us. Take the one with the highest score, append it, ask again:
that is *greedy* decoding, and no choice could be more obvious. The model below has read five tiny stories. What does it write, from `the` on?
"""

# %%
import itertools
import math
import textwrap

import numpy as np
from headway_course import (
    check,
    earlier,
    exercise,
    library,
    question,
    show_beams,
    show_drafts,
    show_kept,
    show_reading,
    side_by_side,
    small_model,
    watch,
    yours,
)

stories = """the cat sat on the mat . the cat saw a dog . the dog ran to the door and the cat ran to the tree .
a bird sat on the tree . the cat saw the bird and the bird saw the cat . the bird sang and the cat slept .
the dog saw a moth . the moth sat on the lamp . the dog ran to the lamp and the lamp fell . the moth slept .
a girl saw the dog . the girl sang to the dog and the dog slept on the mat . the cat slept on the mat .
the girl saw a bird . the bird sang to the girl . the girl ran to the tree and the bird ran ."""
words, story = np.unique(stories.split(), return_inverse=True)
V = len(words)
pairs = np.zeros((V, V))  # how often the second word comes after the first
np.add.at(pairs, (story[:-1], story[1:]), 1)
after, anywhere = pairs / pairs.sum(axis=1, keepdims=True), pairs.sum(axis=0) / pairs.sum()


def scores(ids):
    return np.log(0.85 * after + 0.15 * anywhere)[ids]


def draft(ids):
    return np.log(0.5 * after + 0.5 * anywhere)[ids]  # has read the same, and remembers less of it


def read(text):
    return np.searchsorted(words, text.split())


def written(ids):
    return " ".join(words[ids])


def greedily(text, steps):
    ids = read(text)
    for _ in range(steps):
        ids = np.append(ids, scores(ids)[-1].argmax())
    return written(ids)


greedily("the", 18)

# %% [markdown]
r"""
A circle. This model sees only one word back, so the second `cat` must lead where the first one led. Large models see everything and go in circles all the same: a phrase that was said twice becomes likelier with every further time
(Holtzman et al. 2020, figures 1 and 4). The likeliest text is not what people write. So, what should we do with the scores?

From here on we need some functions of earlier lessons. If `check` has passed yours, these are yours; else they are the course's.
"""

# %%
one_hot = earlier("arrays.one_hot")
gather_last = earlier("arrays.gather_last")
softmax = earlier("numerics.softmax")
log_softmax = earlier("numerics.log_softmax")
sample_categorical = earlier("numerics.sample_categorical")
causal_mask = earlier("attention.causal_mask")
attention = earlier("attention.attention")
split_heads = earlier("attention.split_heads")
merge_heads = earlier("attention.merge_heads")
multi_head_attention = earlier("attention.multi_head_attention")
rotary = earlier("positions.rotary")

# %% [markdown]
r"""
## Draw, and cut the tail off

Lesson 01 drew words: each as often as its probability says. Three texts, drawn side by side:
"""


# %%
def write(text, steps, probabilities):
    """Three texts: `probabilities` makes of the scores (3, V) what each word is drawn with."""
    rng = np.random.default_rng(3)
    ids = np.tile(read(text), (3, 1))
    for _ in range(steps):
        P = probabilities(scores(ids)[:, -1])
        ids = np.concatenate([ids, sample_categorical(P, rng.random(3))[:, None]], axis=1)
    return [written(row) for row in ids]


watch(write, "the", 14, softmax)

# %% [markdown]
r"""
No circles, and hardly a sentence. Look at what may come after `on`. In the stories that was always `the`. The model gives the other 20 words something too, to each very little. How much together?
"""


# %%
def beside_the():
    wrong = softmax(scores(read("on"))[-1])[words != "the"]
    return np.array([wrong.max(), wrong.sum()]).round(3)


watch(beside_the)

# %% [markdown]
r"""
No wrong word has more than 0.02, and all of them together have 0.11. This is the *tail*. If at each word one draw in nine goes wrong, 14 words in a row are right in one text of five ($0.8875^{14} = 0.19$),
and after a wrong word a model continues what it has never seen. A temperature below 1 makes the tail thinner, and thins out along with it all choices that were good ones. What we want is to leave the head as it is and to cut off the tail.

The plainest cut: keep the $k$ largest scores and give $-\infty$ to the rest (*top-k*; Fan, Lewis and Dauphin 2018). Why to the scores and not 0 to the probabilities? Because the softmax that follows shares out the whole anew among those that are left.
By hand, with $k = 2$: the scores 4.1, 2.3, −0.7 become 4.1, 2.3, $-\infty$, and the probabilities 0.86, 0.14, 0.

### Exercise: the top k
`Z (..., V)` and a number `k` give `(..., V)`: in each row the k largest scores as they are, and $-\infty$ for the rest. Scores as large as the last of them stay too, for nothing tells them apart. If there are no more than k, all stay.
"""

# %%
keep_top = exercise(
    "generate.keep_top",
    points=2,
    level=2,
    minutes=10,
    hints=[
        "You need one number for each row: the last score that stays. Everything below it goes.",
        "In a sorted row, where is the k-th largest? Sorting goes upwards, and indices may count from the end.",
        "`np.partition(Z, -k, axis=-1)` puts the k-th largest in its place without sorting the others. If k is too large for the row, take the row's length.",
    ],
)


# %%
def keep_top_slow(Z, k):
    kept = np.full(Z.shape, -np.inf)
    for i in range(len(Z)):
        larger = 0
        for other in Z:
            larger += other > Z[i]
        if larger < k:
            kept[i] = Z[i]
    return kept


rows = [np.array(row) for row in itertools.product([-1.0, 0.0, 2.0], repeat=3)]
side_by_side(keep_top, keep_top_slow, [(row, k) for row in rows for k in (1, 2, 3, 4)])

# %%
check(keep_top)

# %% [markdown]
r"""
Where would you set $k$? After `on` one word is right, after `the` there are nine. Choose one $k$ for both rows, and see what it does. Is there one with which you are content?
"""

# %%
two_rows = scores(read("on the"))  # a row for what comes after each word
show_kept(keep_top, two_rows, words, 4, titles=["after on", "after the"])

# %% [markdown]
r"""
With 4, four wrong words stay on the left (four, since `cat` and `dog` are equally likely), and five right ones are cut off on the right. Any other number is wrong somewhere, for how many words are possible changes from word to word.
What does not change so much is how *likely* it is that one of them comes. So let the number follow from a share: keep the likeliest words until their probabilities sum to $p$, say 0.8. This is the **nucleus** (*top-p*; Holtzman et al. 2020, section 3.1).

By hand, with $p = 0.8$: of the probabilities 0.15, 0.5, 0.05, 0.3 the likeliest is 0.5, with the second the sum is 0.8, and that is enough: the second and the fourth stay. With $p = 0.81$ the first stays as well,
and the sum is 0.95: the word with which the sum *reaches* $p$ belongs to the nucleus.

### Exercise: the nucleus
`Z (..., V)` and `p` give `(..., V)`: in each row the fewest scores whose probabilities sum to at least p, and $-\infty$ for the rest. The largest stays, whatever p is. Of equal ones those with smaller numbers come first, and only as many as are needed stay.
Sort once and sum once, for all rows together. Sum in float64 (`dtype=float`), even where Z is float32: of a vocabulary of 50,000 the small shares would not add up.
"""

# %%
keep_nucleus = exercise(
    "generate.keep_nucleus",
    points=5,
    level=4,
    minutes=30,
    hints=[
        "Whether a word stays depends on what stands before it: the sum of all that are likelier. It stays if that sum has not reached p.",
        '`np.argsort(-Z, kind="stable")` gives the order, `take_along_axis` the scores in this order, `cumsum` the sums. The sum *before* a word is the sum up to it, less its own share.',
        "What you know of the sorted row must go back to the places it came from: `np.put_along_axis(kept, order, stays, axis=-1)` writes entry i of `stays` to place `order[i]`.",
    ],
)


# %%
def keep_nucleus_slow(Z, p):
    P = [math.exp(z - max(Z)) for z in Z]
    P = [share / sum(P) for share in P]
    kept, total = np.full(Z.shape, -np.inf), 0.0
    for i in sorted(range(len(Z)), key=lambda i: (-Z[i], i)):
        if total > 0 and total >= p:
            break
        kept[i] = Z[i]
        total += P[i]
    return kept


side_by_side(keep_nucleus, keep_nucleus_slow, [(row, p) for row in rows for p in (0.0, 0.3, 0.45, 0.9)])

# %%
check(keep_nucleus)

# %% [markdown]
r"""
The two rows again. How many words will stay on either side?
"""

# %%
show_kept(keep_nucleus, two_rows, words, 0.8, titles=["after on", "after the"])

# %% [markdown]
r"""
One and seven. Where the model is sure it keeps its word, and where it is not it may choose.

Temperature, top-k and nucleus are usually offered together, and then their order matters. First the temperature, for it changes the probabilities from which the nucleus follows. Then the top k, then the nucleus among these.
At temperature 0 there is nothing to divide by; we agree that the largest score gets probability 1, as it does in the limit. (Of several, the first.)

### Exercise: the probabilities of what comes next
`Z (..., V)` gives `(..., V)`: divided by `temperature`, cut to the top `k` if there is a `k`, to the nucleus of `p` if there is a `p`, and shared out. At temperature 0 all goes to the largest. Float32 in, float32 out.
"""

# %%
next_probabilities = exercise(
    "generate.next_probabilities",
    points=2,
    level=2,
    minutes=10,
    hints=[
        "You have all the parts. What remains is their order, and what to do at temperature 0.",
        "At temperature 0: `argmax` says which one, and lesson 00 turned numbers of classes into rows of 0 and 1.",
        "`one_hot` gives float64. Its result must get the dtype of Z: `.astype(Z.dtype)`.",
    ],
)


# %%
def next_probabilities_slow(Z, temperature=1.0, k=None, p=None):
    if temperature == 0:
        return np.array([float(i == Z.tolist().index(max(Z))) for i in range(len(Z))])
    Z = np.array([z / temperature for z in Z])
    Z = Z if k is None else keep_top_slow(Z, k)
    Z = Z if p is None else keep_nucleus_slow(Z, p)
    powers = [math.exp(z - max(Z)) for z in Z]
    return np.array([power / sum(powers) for power in powers])


settings = list(itertools.product([0, 0.5, 2.0], [None, 2], [None, 0.45, 0.9]))
side_by_side(next_probabilities, next_probabilities_slow, [(row, *one) for row in rows for one in settings])

# %%
check(next_probabilities)

# %% [markdown]
r"""
Now watch it work. The same dice as before, with a nucleus of 0.8:
"""


# %%
def from_the_nucleus(Z):
    return next_probabilities(Z, p=0.8)  # change this


watch(write, "the", 14, from_the_nucleus)

# %% [markdown]
r"""
Every pair of neighbours has been in the stories, and the texts have not. What do you expect of `temperature=0.5` with the same nucleus, and of `temperature=5` with it? Change the line and see.

## Not again

The circle has another cure, one that can do without dice: make what has been said less likely. Keskar et al. 2019, section 4.1, divide the scores of all tokens that occur in the text by a number $\theta$ such as 1.2.

There is a catch. Dividing 4.1 by 1.2 gives 3.4, and that is less. But −0.7 / 1.2 = −0.6, and that is *more*: a token with a negative score would be rewarded for coming back. So positive scores are divided, and negative ones multiplied.

### Exercise: a penalty for repetition
`Z (..., V)`, `ids (..., T)` and `theta` give `(..., V)`: each row of Z with the scores of those tokens made smaller that occur in its row of ids, by the factor theta. How often a token occurs makes no difference. `ids` may be empty.
"""

# %%
penalise = exercise(
    "generate.penalise",
    points=3,
    level=3,
    minutes=15,
    hints=[
        "Three steps: fetch the scores of the tokens that occurred, make them smaller, put them back where they were. Into which array?",
        "`np.take_along_axis` fetches, in each row what its row of ids names; `np.where` decides between two ways of making smaller.",
        "`np.put_along_axis` puts back: into a copy, for the inputs stay as they are. A token that occurs twice is fetched twice and put back twice, the same number each time.",
    ],
)


# %%
def penalise_slow(Z, ids, theta):
    lower = Z.copy()
    for row in range(len(Z)):
        for token in set(ids[row].tolist()):
            z = Z[row, token]
            lower[row, token] = z / theta if z > 0 else z * theta
    return lower


rng = np.random.default_rng(0)
penalties = [
    (rng.normal(size=(2, 4)), rng.integers(4, size=(2, T)), theta) for T in range(5) for theta in (1.0, 1.3)
]
side_by_side(penalise, penalise_slow, penalties)

# %%
check(penalise)

# %% [markdown]
r"""
Our scores are logarithms of probabilities, so all of them are negative. Greedy once more, from `the` on, first with a penalty of 1, which is none, then of 1.2 and 1.5. What will become of `the`, which has to come back after nearly every verb?
"""


# %%
def greedily_penalised(*thetas):
    ids = np.tile(read("the"), (len(thetas), 1))
    for _ in range(18):
        Z = [penalise(scores(row)[-1:], row[None], theta) for row, theta in zip(ids, thetas, strict=True)]
        ids = np.concatenate([ids, np.argmax(Z, axis=-1)], axis=1)
    return [written(row) for row in ids]


watch(greedily_penalised, 1.0, 1.2, 1.5)

# %% [markdown]
r"""
With 1.2 it leaves the circle, and is back in it as soon as all that fits has been said. With 1.5 there are two sentences and no dice. But the penalty knows no grammar: `the` and `.` have to come back, and are punished like the rest.

## Read each word once

How much work was all this? To write word number 100 a transformer reads the 99 before it, although it has read 98 of them for the last word already. Nothing has changed for these: the mask is causal, so position 5 never hears of position 6. Its key and its value are what they were.

So we keep them. A new position brings its query, its key and its value; the query asks all keys so far, its own among them. Whatever the others asked is done with, so *their queries are not needed again*. What is kept is called a **KV cache**.

By hand, one head of width 1, two positions kept with keys 0, 0 and values 1, 2. The third brings $q = 1$, $k = 0$, $v = 6$: equal scores, so it receives (1 + 2 + 6) / 3 = 3, and three keys and three values are kept for the fourth.

Often several positions come at once, first of all the prompt. Then new position $i$ of $n$ stands behind $t$ others, and may look at all of these, and at the new ones up to itself:

| $t = 3$, $n = 2$ | kept 0 | kept 1 | kept 2 | new 0 | new 1 |
|---|---|---|---|---|---|
| **new 0** | ✓ | ✓ | ✓ | ✓ | |
| **new 1** | ✓ | ✓ | ✓ | ✓ | ✓ |

### Exercise: attention with a cache
`X (..., n, d)` are the new positions. `K` and `V`, both `(..., H, t, dh)`, are the keys and values of all before, split into heads; t may be 0. The four matrices are those of `multi_head_attention`.
Give back three arrays: the output of the new positions `(..., n, d)`, and all keys and all values, the new ones last, `(..., H, T, dh)` with T = t + n.
Piece by piece or at once, a text must get the same.
"""

# %%
cached_attention = exercise(
    "attention.cached_attention",
    points=5,
    level=4,
    minutes=30,
    hints=[
        "Of the steps of multi_head_attention, which concern the new positions only? Which one needs the old as well, and what has to happen just before it?",
        "Split the new keys and values into heads first; then they fit behind the old ones, along the axis of positions. H stands in the shape of K.",
        "The mask is `(n, T)`, a triangle that begins t columns further to the right: `np.tri` takes a third number for that. End with `return output, K, V`.",
    ],
)


# %%
def cached_attention_slow(X, K, V, W_Q, W_K, W_V, W_O):
    H, dh = K.shape[0], K.shape[2]
    out = np.zeros(X.shape)
    for i, x in enumerate(X):
        K = np.concatenate([K, (x @ W_K).reshape(H, 1, dh)], axis=1)
        V = np.concatenate([V, (x @ W_V).reshape(H, 1, dh)], axis=1)
        for h in range(H):
            own = slice(h * dh, (h + 1) * dh)
            powers = [math.exp((x @ W_Q)[own] @ key / math.sqrt(dh)) for key in K[h]]
            fetched = sum(power / sum(powers) * value for power, value in zip(powers, V[h], strict=True))
            out[i] += fetched @ W_O[own]
    return out, K, V


W = rng.normal(size=(4, 6, 6)) / 2
text = rng.normal(size=(9, 6))


def kept_trial(t, n, H):
    K, V = rng.normal(size=(2, H, t, 6 // H))
    return text[:n], K, V, *W


trials = [kept_trial(t, n, H) for t in (0, 1, 4) for n in (1, 2, 5) for H in (1, 2, 3)]
side_by_side(cached_attention, cached_attention_slow, trials)

# %%
check(cached_attention)

# %% [markdown]
r"""
Write eight words after a prompt of four, once reading everything anew at each step, and once with your cache. In the picture, a dot is a position of which query, key and value are computed. How many dots will there be on either side? Then, how many for 1,000 words after a prompt of one?
"""


# %%
def two_ways(prompt, steps):
    T, H = prompt + steps - 1, 2
    X = np.random.default_rng(1).normal(size=(T, 6))  # stands for words as they come
    K = V = np.zeros((H, 0, 3))
    anew, kept, start = [], [], 0
    for end in range(prompt, T + 1):
        all_again = multi_head_attention(X[:end], *W, H, mask=causal_mask(end))
        new, K, V = cached_attention(X[start:end], K, V, *W)
        assert np.allclose(new, all_again[start:]), "the cache changes what comes out"
        anew.append((0, end))
        kept.append((start, K.shape[1]))
        start = end
    return show_reading({"everything anew": anew, "with a cache": kept})


watch(two_ways, 4, 8)

# %% [markdown]
r"""
60 and 11; for 1,000 words it would be 500,500 and 1,000. And what comes out is the same each time, or the cell would have stopped. What is not saved: each new query still meets every key, so the last words of a long text cost more than the first.

## The clock goes on

One thing goes wrong in silence. Your `rotary` of lesson 02 turns row $i$ of what it is given by position $i$. A new word comes alone, as row 0. It stands at position $t$.

So the positions must be given. Keys are turned once, each by its own position, before they are kept; a product with a query then sees the distance between the two, whenever they were computed.

While we are at it: the speeds fall from 1 to nearly 1/`base`, and 10,000 is a choice. Models that are to read long texts take more, 500,000 for example (LLaMA 3), and all hands but the first go more slowly.

### Exercise: rotary positions from anywhere
`X (..., T, d)`, positions `t (..., T)`, whole numbers in any order, and `base` give `(..., T, d)`: every row turned by its own position, pair $i$ of neighbours by $t / \text{base}^{2i/d}$ radians. t may have fewer leading axes than X, or axes of size 1. Float32 stays float32, though the angles are float64.
"""

# %%
rotary_at = exercise(
    "positions.rotary_at",
    points=2,
    level=2,
    minutes=10,
    hints=[
        "Take your `rotary`. Which of its lines knows of positions?",
        "`np.arange(T)` becomes `t`, and 10,000 becomes `base`. What did the positions broadcast against before, and do they still?",
        "The speeds need a new axis to meet: `t[..., None]`, for t may have batch axes of its own.",
    ],
)


# %%
def rotary_at_slow(X, t, base=10_000):
    T, d = X.shape
    turned = np.zeros(X.shape)
    for row in range(T):
        for i in range(0, d, 2):
            angle = t[row] / base ** (i / d)
            x, y = X[row, i], X[row, i + 1]
            turned[row, i] = x * math.cos(angle) - y * math.sin(angle)
            turned[row, i + 1] = x * math.sin(angle) + y * math.cos(angle)
    return turned


vectors = rng.normal(size=(3, 4))
moments = [np.array(t) for t in ([0, 1, 2], [7, 8, 9], [5, 0, 5], [-1, 40, 3])]
side_by_side(rotary_at, rotary_at_slow, [(vectors, t, base) for t in moments for base in (10_000, 100)])

# %%
check(rotary_at)

# %% [markdown]
r"""
Five keys and the query of the last position, all turned at once; then the query alone, as a cache has it, at position 4, and last by `rotary`, which takes it for position 0. Which two lines will be equal?
"""


# %%
def last_query():
    Q, K = np.random.default_rng(2).normal(size=(2, 5, 4))
    at_once, alone, as_row_0 = rotary(Q)[-1:], rotary_at(Q[-1:], np.array([4])), rotary(Q[-1:])
    return (np.concatenate([at_once, alone, as_row_0]) @ rotary(K).T).round(2)


watch(last_query)

# %% [markdown]
r"""
The first two. The third is a model that reads every new word as if the text had begun with it, and gets worse with every word that it writes.

## Several texts at a time

Greedy has another weakness: it never takes back. Suppose the first word is `a` with 0.6 or `b` with 0.4. After `a` anything may follow and the best has 0.3; after `b` one word has 0.9. Greedy takes `a` and ends up with 0.6 · 0.3 = 0.18. With `b` it would have been 0.36.

Trying out everything is out of the question: $V^T$ texts. A **beam search** keeps the best $W$ texts so far (the *beams*). Each step makes all $W V$ texts that are one token longer, and keeps the best $W$ of these (Sutskever, Vinyals and Le 2014, section 3.2). With $W = 2$ it keeps both `a` and `b` after one step, and finds the 0.36.

Three details. Probabilities are multiplied, so we add their logarithms. A text that has ended, because its last token was `stop`, keeps its log-probability and waits: it goes on with `stop`, for nothing, and with no other token. And the winners may be children of the same parent, while other parents have none.

By hand: $W = 2$, $V = 3$, and the six sums are −1.0, −3.0, −2.5 for beam 0 and −2.2, −4.0, −1.7 for beam 1. The best are −1.0 and −1.7, at 0 and 5 if counted through. So the parents are 0 and 1, and the tokens 0 and 2.

### Exercise: a step of a beam search
`found (..., W)` are the log-probabilities of the texts so far, `ended (..., W)` is True where one has ended, `Z (..., W, V)` are the scores after each. Give back three arrays `(..., W)`: the parents (numbers of beams), the tokens, and the new log-probabilities, the best first.
Of equal ones the earlier parent comes first, then the smaller token. No loop over texts, beams or tokens.
"""

# %%
beam_step = exercise(
    "generate.beam_step",
    points=5,
    level=4,
    minutes=35,
    hints=[
        "First an array `(..., W, V)`: what each text would have with each token. For texts that have ended it looks different.",
        "W and V together are one axis for a moment: reshape, sort once, take the first W. From the place in the long row follow parent and token.",
        '`np.divmod(place, V)` gives both. `np.argsort(-total, axis=-1, kind="stable")` keeps equal ones in their order. An ended text gains 0 at `stop` and −inf elsewhere.',
    ],
)


# %%
def beam_step_slow(found, ended, Z, stop):
    longer = []
    for beam in range(len(found)):
        whole = math.log(sum(math.exp(z) for z in Z[beam]))
        for token in range(Z.shape[1]):
            waits = 0.0 if token == stop else -math.inf
            gain = waits if ended[beam] else Z[beam, token] - whole
            longer.append((found[beam] + gain, beam, token))
    longer.sort(key=lambda text: (-text[0], text[1], text[2]))
    new, parents, tokens = zip(*longer[: len(found)], strict=True)
    return np.array(parents), np.array(tokens), np.array(new)


def beam_trial(W, V, ended):
    return -rng.exponential(size=W), np.array(ended), rng.normal(size=(W, V)), 1


beam_trials = [
    beam_trial(3, V, ended) for V in (2, 3, 6) for ended in itertools.product([False, True], repeat=3)
]
side_by_side(beam_step, beam_step_slow, beam_trials)

# %%
check(beam_step)

# %% [markdown]
r"""
Three beams from `the cat` on, five steps, with `.` for the end. At the start the three are the same text, so two of them get $-\infty$: they must have no children.
Greedy would follow the first row. In which row of the first step do you expect the text that is best in the end?
"""


# %%
def search(start, W, steps):
    ids = np.tile(read(start), (W, 1))
    stop = int(read(".")[0])
    found, ended = np.where(np.arange(W) == 0, 0.0, -np.inf), np.zeros(W, bool)
    taken = []
    for _ in range(steps):
        parents, tokens, found = beam_step(found, ended, scores(ids)[:, -1], stop)
        ids = np.concatenate([ids[parents], tokens[:, None]], axis=1)
        ended = tokens == stop
        taken.append((parents, tokens, found))
    return show_beams(taken, words, start)


watch(search, "the cat", 3, 5)

# %% [markdown]
r"""
In the last. `the cat .` has ended, and waits with its −2.0 while the others pay for every word. `the cat slept .` comes second, and the third is the circle that greedy would have written.

So a beam search finds the likeliest text better than greedy does. Where one answer is right, as in translation, that is what one wants. But each further word costs something, so it likes texts short; translators divide by a power of the length (Wu et al. 2016, section 7, where 5 is added to it first). And for stories, as we saw, the likeliest text is not what one wants (question 1).

## Let a small model run ahead

A large model reads five words nearly as fast as one: its weights have to be fetched from memory once, whether for one position or for five, and that is what takes the time. But it *writes* one at a time, for word 2 needs word 1. If someone guessed the next four words, the large model could judge all four in one reading.

Let a small model guess. It draws word $x$ from its distribution $Q$; the large one would have drawn it from $P$. Keep $x$ with probability $\min(1, P(x) / Q(x))$: what is offered too often is thinned out until it is right. If $x$ is refused, the words that were offered too seldom get their due: draw from what $P$ has more than $Q$, that is, in proportion to $\max(P - Q, 0)$.

Word for word: $x$ comes by way of the draft with $Q(x) \min(1, P(x)/Q(x)) = \min(P(x), Q(x))$. Some draft is refused with $1 - \sum \min(P, Q)$, and that is the sum of $\max(P - Q, 0)$, so the second way adds $\max(P(x) - Q(x), 0)$. Together: $P(x)$, exactly. A bad draft costs time; it never costs quality (Leviathan, Kalman and Matias 2023, algorithm 1).

By hand: $P = (0.5, 0.5)$, $Q = (0.8, 0.2)$. Word 0 is offered with 0.8 and kept with 0.5 / 0.8 = 0.625, so it comes with 0.5. Word 1, if offered, is always kept: 0.2. The rest, 0.3, is refused, and $\max(P - Q, 0) = (0, 0.3)$ says: then it is word 1.

With several drafts in a row: they stay from the first on, until one is refused; what comes after a refused one was drawn for a text that does not exist, and goes too. If all stay, the last reading has told what comes after them, and one more word is drawn from that $P$. So each reading gives at least one word.

### Exercise: accept the drafts
`Q (..., n, V)` is what each of n drafts was drawn from, `drafted (..., n)` the drafts, `P (..., m, V)` with m = n + 1 what the large model says at each place and after the last. Draft i stays if `u (..., n)` at i, uniform in [0, 1), is *below* P / Q, and if all before it stay.
Give back two arrays `(...)`: how many stay, and the token after them, drawn with `v (...)` as `sample_categorical` draws. If a draft is refused although P and Q are equal but for rounding, nothing is left of max(P − Q, 0): then draw from P. Sum in float64.
"""

# %%
accept_drafts = exercise(
    "generate.accept_drafts",
    points=7,
    level=5,
    minutes=50,
    hints=[
        "Three parts: which drafts stay if nobody looks at the others, how many stay in a row, and from which one distribution the last token comes.",
        "The first takes one number of each row of P and Q: lesson 00 had that. The second: once False, always False; numpy accumulates `logical_and` as it does sums. The third needs row `kept` of P and of Q.",
        "There is no row n in Q, since nothing was drafted there: put zeros there, and max(P − 0, 0) is P, as it should be. `np.take_along_axis(P, kept[..., None, None], axis=-2)` takes the row.",
    ],
)


# %%
def accept_drafts_slow(P, Q, drafted, u, v):
    kept, tokens = [], []
    for row in range(len(drafted)):
        i = 0
        while i < len(drafted[row]) and u[row, i] < P[row, i, drafted[row, i]] / Q[row, i, drafted[row, i]]:
            i += 1
        rest = P[row, i]
        if i < len(drafted[row]):
            rest = [max(p - q, 0) for p, q in zip(P[row, i], Q[row, i], strict=True)]
        left, token = v[row] * sum(rest), 0
        while left >= rest[token]:
            left -= rest[token]
            token += 1
        kept.append(i)
        tokens.append(token)
    return np.array(kept), np.array(tokens)


def draft_trial(n):
    P, Q = rng.dirichlet(np.ones(4), size=(3, n + 1)), rng.dirichlet(np.ones(4), size=(3, n))
    drafted = np.array([[rng.choice(4, p=q) for q in row] for row in Q], int).reshape(3, n)
    return P, Q, drafted, rng.random((3, n)), rng.random(3)


side_by_side(accept_drafts, accept_drafts_slow, [draft_trial(n) for n in range(5) for _ in range(8)])

# %%
check(accept_drafts)

# %% [markdown]
r"""
Is it true? After `the`, let the draft offer one word, 20,000 times, and count what comes. Both are cut to their top eight. Orange is what is offered, and filled where it is kept; blue is what the model wants. Where will the dots lie at `moth`, which the draft never offers, and where at `the`, which the model does not write here?
"""


# %%
def twenty_thousand():
    p, q = (next_probabilities(model(read("the"))[-1], k=8) for model in (scores, draft))
    either = (p > 0) | (q > 0)
    return show_drafts(accept_drafts, p[either], q[either], words[either], np.random.default_rng(0))


watch(twenty_thousand)

# %% [markdown]
r"""
On the blue bars, up to chance: of 20,000 draws with probability 0.2 the share strays by $\sqrt{0.2 \cdot 0.8 / 20000} = 0.003$, and none is off by more than three times that. As many drafts stay as the orange area says, the part in which both agree: $\sum \min(P, Q)$.

And with four drafts at a time, how many words does one reading give?
"""


# %%
def with_drafts(start, length, ahead):
    dice = np.random.default_rng(0)
    ids, readings = read(start), 0
    while len(ids) < length:
        longer, Q = ids, np.zeros((1, ahead, V))
        for i in range(ahead):
            Q[:, i] = next_probabilities(draft(longer)[-1], p=0.9)
            longer = np.append(longer, sample_categorical(Q[:, i], dice.random(1)))
        P = next_probabilities(scores(longer)[None, -ahead - 1 :], p=0.9)  # one reading
        stay, token = accept_drafts(P, Q, longer[None, -ahead:], dice.random((1, ahead)), dice.random(1))
        ids = np.append(longer[: len(ids) + stay[0]], token)
        readings += 1
    return written(ids[:16]), (len(ids) - 1) / readings


watch(with_drafts, "the", 1000, 4)

# %% [markdown]
r"""
2.8 words for each time that the large model is asked, and they are its own words: nobody could tell from the text that there was a draft. How much time that saves depends on what the draft costs (question 2).

## On a model that was trained

All of this is what the library's `generate` and `speculative` do with a transformer. `stories` is a small GPT that comes with the course and has read 30,000 stories of a little grammar; `draft` has one layer and a tenth of the numbers. Inside `with yours()` your answers do the work, and the list below says which.
First greedy, then drawn, from the beginning of a story on. Greedy writes one story, always the same; how good are the others?
"""

# %%
teller, drafter = small_model("stories"), small_model("draft")
generate = library("generate.generate")
speculative = library("generate.speculative")


def tell(seed, **choice):
    start = np.array([[teller.end]])
    with yours() as run:
        ids = generate(teller.model, start, 60, rng=np.random.default_rng(seed), stop=teller.end, **choice)
    print(textwrap.fill(teller.decode(ids[0, 1:])), end="\n\n")
    return run


def three_stories():
    tell(0)
    tell(1, temperature=1.0, p=0.9)
    print(tell(2, temperature=1.0, p=0.9))  # change these


watch(three_stories)

# %% [markdown]
r"""
Each is about its persons and its place to the end. But of five stories that it draws, two contradict themselves somewhere, as where a duck is a mouse one sentence later; the model's card says how (`print(teller.card)`). Greedy is not bad here either, for this grammar has an end that it comes to.

And with drafts, four at a time? `accept_drafts` is called once for each reading of the large model.
"""


# %%
def told_ahead(steps):
    start = np.array([teller.end])
    with yours() as run:
        ids = speculative(teller.model, drafter.model, start, steps, rng=np.random.default_rng(1))
    print(textwrap.fill(teller.decode(ids[1:])))
    return steps / run.calls["accept_drafts"]


watch(told_ahead, 60)

# %% [markdown]
r"""
More than three words for each reading, from a draft with a tenth of the numbers. Its perplexity is 2.1, where that of the teller is 1.5, and that of a table of pairs of words 7.9.

## What we left out

A cache makes writing a matter of memory: lesson 03 counted what it takes, and why heads share keys. What to do when many people's texts of different lengths are written at once, which is how such models are run, is an art of its own.
Scores can also be masked by rules, so that only what fits a grammar can be drawn: it takes one more $-\infty$. And no way of choosing words makes a model know more than it does.

To read: Holtzman et al. 2020, *The Curious Case of Neural Text Degeneration*. Figure 1 sets beam search and plain drawing side by side, both by GPT-2; section 3.1 is your `keep_nucleus`. Fan, Lewis and Dauphin 2018, *Hierarchical Neural Story Generation*, draw from the top k.
Keskar et al. 2019, *CTRL: A Conditional Transformer Language Model for Controllable Generation*, section 4.1, has the penalty. Sutskever, Vinyals and Le 2014, *Sequence to Sequence Learning with Neural Networks*, section 3.2, has the beams.
Leviathan, Kalman and Matias 2023, *Fast Inference from Transformers via Speculative Decoding*: algorithm 1 is your `accept_drafts`, and equation 1 answers the first part of question 2. Chen et al. 2023, *Accelerating Large Language Model Decoding with Speculative Sampling*, found the same independently.

## Two questions

**Question 1.** A coin shows heads with 0.6. It is tossed 100 times. Which sequence is the likeliest, and how likely is it? How many heads do the sequences have that one really sees? What do the two answers say about greedy decoding and beam search, for stories and for translations?
"""

# %%
question("likeliest-is-not-typical", points=2)

# %% [markdown]
r"""
**Question 2.** Suppose each draft stays with probability $\alpha$, independently of the others. Show that with $n$ drafts a reading gives $(1 - \alpha^{n+1}) / (1 - \alpha)$ words on average. If a draft costs a tenth of a reading and $\alpha = 0.8$, which $n$ gives the most words for the time?
And what would you do in a text whose next words the draft guesses badly?
"""

# %%
question("how-far-ahead", points=2)
