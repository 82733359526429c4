# %% [markdown]
r"""
# 00 · Arrays, not loops

`the cat that killed the rat that ate the malt`

Which words stand here more than once, and where? You see it at a glance. A program has to compare: each of the ten words with each of the ten.

This page is a notebook. The grey boxes are cells of Python. Click into one and press Shift+Enter: it runs, and the value of its last line appears below it.
Run them from top to bottom, beginning here.
"""

# %%
import itertools
from timeit import repeat

import numpy as np
from headway_course import (
    check,
    exercise,
    question,
    show_broadcast,
    show_guessing,
    show_pairs,
    show_steps,
    show_sums,
    show_windows,
    side_by_side,
    watch,
)
from numpy.lib.stride_tricks import sliding_window_view

verse = "the cat that killed the rat that ate the malt"
words = verse.split()
vocabulary, ids = np.unique(words, return_inverse=True)
ids

# %% [markdown]
r"""
To a model a text is such a row of numbers, its **ids**: one for each word, and equal words have equal ids. There are seven different ones here; `the` is 6.
Two loops, one inside the other, compare all with all:
"""


# %%
def same_slow(ids):
    T = len(ids)
    same = np.zeros((T, T), dtype=bool)
    for i in range(T):
        for j in range(T):
            same[i, j] = ids[i] == ids[j]
    return same


show_pairs(same_slow(ids), words)

# %% [markdown]
r"""
The diagonal says that every word equals itself. The rest is the answer: `the` at 0, 4 and 8, `that` at 2 and 6. In lesson 03 you build an attention head that looks for the same word, and it draws the lower left half of this picture.

Here is the whole rhyme from which the line is taken. Its words can be compared by the same two loops, or by one line of numpy, `rhyme_ids[:, None] == rhyme_ids`.
Both give the same array. How much longer will the loops take: twice as long, 20 times, 200 times? Guess, then run the cell.
"""

# %%
pieces = """the house that Jack built
the malt that lay in
the rat that ate
the cat that killed
the dog that worried
the cow with the crumpled horn that tossed
the maiden all forlorn that milked
the man all tattered and torn that kissed
the priest all shaven and shorn that married
the cock that crowed in the morn that waked
the farmer sowing his corn that kept"""
lines = pieces.split("\n")
rhyme = " ".join(f"This is {' '.join(lines[k::-1])} ." for k in range(len(lines))).split()
rhyme_vocabulary, rhyme_ids = np.unique(rhyme, return_inverse=True)

seconds = min(repeat(lambda: same_slow(rhyme_ids), number=1, repeat=3))  # the best of three
seconds_of_line = min(repeat(lambda: rhyme_ids[:, None] == rhyme_ids, number=1, repeat=30))
f"{len(rhyme)} words: the loops take about {round(seconds / seconds_of_line, -2):.0f} times as long"

# %% [markdown]
r"""
Some hundred times; how many depends on the machine. There are 393² = 154,449 pairs. For each of them Python fetches two numbers, wraps each into an object, looks up what `==` means for it, and wraps the result.
The one line hands all pairs to a loop that was compiled long ago. A language model of 135 million weights does about as many multiplications for every word that it reads, so this course has no loops over data.
There is a second reason: a line about whole arrays can be read like a formula.

But why does `rhyme_ids[:, None] == rhyme_ids` compare each with each?

## Shapes that meet

`[:, None]` puts an axis of size 1 behind the others: ten ids of shape `(10,)` become a column of shape `(10, 1)`. Then two shapes meet, `(10, 1)` and `(10,)`.
Numpy writes them below each other, *aligned on the right*, and goes from axis to axis:

- Two equal sizes meet as they are.
- A size of 1, or an axis that is missing, is stretched to the other's size: its numbers are repeated. (Nothing is copied; numpy reads the same number again.)
- Anything else is an error.

This is called **broadcasting**. Here with three ids against four. Dashed cells are repetitions:
"""

# %%
show_broadcast(np.equal, ids[:3, None], ids[:4], names=("ids[:3, None]", "ids[:4]"))

# %% [markdown]
r"""
The column is repeated to the right, the row downwards, and so each meets each. In the last array 1 is True.

That is enough for the first exercise.

### Exercise: one_hot
Word 6 is not twice as much as word 3, so a model cannot compute with ids. Each becomes a row of zeros with a single 1, in the place that the id names. With four classes, id 2 is `[0, 0, 1, 0]`.

`ids (...)` and `n` give floats of shape `(..., n)`. The dots stand for axes in front, as many as there are: none of them changes what you do at the end, if you count axes from the end.
An id that is no class, such as −1 for "there is no word here", gives a row of zeros.

The next cell is yours. Replace `raise NotImplementedError()`, press Shift+Enter, and go on; the cell after it holds the definition as a loop and compares.
"""

# %%
one_hot = exercise(
    "arrays.one_hot",
    points=1,
    level=1,
    minutes=5,
    hints=[
        "Each id is to be compared with each of the classes 0 to n − 1. How did the picture compare each with each?",
        "`np.arange(n)` holds the classes. The ids need one more axis at the end, and `...` stands for all axes before it.",
        "A comparison gives True and False; `.astype(float)` makes 1 and 0 of them.",
    ],
)


# %%
def one_hot_slow(ids, n):
    rows = np.zeros((*ids.shape, n))
    for place in np.ndindex(ids.shape):
        if 0 <= ids[place] < n:
            rows[(*place, ids[place])] = 1
    return rows


side_by_side(
    one_hot, one_hot_slow, [(np.array([2, 0, 1]), 3), (np.array([0, -1, 3]), 4), (np.array([[1], [0]]), 2)]
)

# %% [markdown]
r"""
Do they agree? Then see what `check` has to say. If it says "not yet", it tells you why; it has three hints, each folded into the one before.
"""

# %%
check(one_hot)

# %% [markdown]
r"""
## How answers are judged

`check` has tried your function on about ten inputs. They come in **groups**, one for each idea: ordinary numbers, other shapes, sizes of 1, ids that are no class, inputs that stay as they are.
When you hand the notebook in, the same groups are tried with *other numbers*, which nobody has seen. So an answer that knows the public numbers by heart earns nothing, and one that is right for a reason is right there too.

Of 100 parts, 70 are for the groups, in equal shares: four of five groups right are four fifths of them. 15 parts are for having no loops, and 15 for speed. These two count in the same proportion, and only if the ordinary numbers are right, for a function that returns zeros is free of loops and fast too.
Speed is a matter for the hand-in alone, where your function and the course's run in turns on the same machine. What nobody has judged is left out of the sum.

How does one see that a function has no loops? Not by its text: a comprehension, `np.vectorize`, `map` or a function that calls itself are loops too. So `check` counts the steps that Python takes while the size grows from $n$ to $2n$ to $4n$.
Here for ids, 8, 16 and 32 of them:
"""

# %%
show_steps([one_hot_slow, one_hot], {n: (np.zeros(n, dtype=int), 5) for n in (8, 16, 32)})

# %% [markdown]
r"""
The slow one takes 32 steps more, then 64 more: that is a loop. Without one nothing grows, for numpy's own loops are compiled and do not count. A loop that always goes round three times does not grow either, so it is allowed.
So is one that doubles its stride: twice the input costs it one more turn.

At hand-in you may use numpy and a few modules such as `math` and `itertools`, and every function that was an exercise *before*. There the course's own stands in for yours, so a mistake in one exercise costs you that exercise and no other.
Files, networks and Python's insides are not at hand, and an answer that reaches for them is refused.

One rule surprises people: a function must leave its inputs as they were. Look:
"""

# %%
scores = np.array([[1, 5, 2], [4, 0, 3]])
first = scores[0]
first -= first.max()
scores

# %% [markdown]
r"""
Nobody touched `scores`, and yet it changed. `scores[0]` is a **view**: another name for the same memory. So are `.T`, `[:, None]` and most results of `reshape`. Whoever calls your function does not expect that. `first = first - first.max()` makes a new array and leaves the old one in peace;
`-=`, `out=` and assignments into an argument do not.

## How far from here to there

A model wants to know not only *which* word stands where, but *how far back*. Position 5 looks at position 2: that is 3 back. For a row of positions `x` and a row `y`, all differences are `x[:, None] - y`, as in the first picture.

But a model reads several texts at once, a **batch**. Here are two, with three positions to look from and four to look at. Where do the shapes fail to meet?
"""

# %%
show_broadcast(np.subtract, np.zeros((2, 3, 1)), np.zeros((2, 4)), names=("x[..., None]", "y"))

# %% [markdown]
r"""
The two texts of `y` stand below the three positions of `x`. Where would `y` need an axis of size 1?

### Exercise: outer_difference
`x (..., m)` and `y (..., n)` give `(..., m, n)`: in row $i$ and column $j$ stands $x_i - y_j$. The two may have different lengths, for three new positions may look back at a hundred old ones.
The axes in front broadcast, and must not get mixed up with the new ones.
"""

# %%
outer_difference = exercise(
    "arrays.outer_difference",
    points=1,
    level=1,
    minutes=8,
    hints=[
        "Two axes are to come out at the end: m, then n. Which of them has x, which has y?",
        "x gets a new axis behind its last one, so that it is (..., m, 1). What must y look like, to meet it in (..., m, n)?",
        "y must be (..., 1, n): `[..., None, :]` puts an axis of size 1 before the last one.",
    ],
)


# %%
def outer_difference_slow(x, y):
    differences = np.zeros((len(x), len(y)))
    for i in range(len(x)):
        for j in range(len(y)):
            differences[i, j] = x[i] - y[j]
    return differences


lengths = itertools.product(range(1, 6), repeat=2)
side_by_side(
    outer_difference, outer_difference_slow, [(np.arange(5.0 - m, 5), np.arange(1.0 * n)) for m, n in lengths]
)

# %%
check(outer_difference)

# %% [markdown]
r"""
Ask your differences one question and they become a pattern: `outer_difference(t, t) >= 0` is True where position $i$ looks at itself or back. Which pattern is this one?
"""


# %%
def near():
    t = np.arange(len(words))
    back = outer_difference(t, t)
    return show_pairs((back >= 0) & (back < 3), words)


watch(near)

# %% [markdown]
r"""
Each word, and the two before it. Such an array of True and False is a **mask**, and masks are combined with `&`, `|` and `~`. Counted as numbers, True is 1: `mask.sum(axis=-1)` says how many each row has.

## Sums along an axis

`axis` names the axis that *disappears*. A sum along the last axis of a `(2, 3)` leaves two numbers, one for each row:
"""

# %%
table = np.array([[1, 5, 2], [4, 0, 6]])
show_sums(table)

# %% [markdown]
r"""
Now each row is to be divided by its sum. Do these shapes meet?
"""

# %%
show_broadcast(np.divide, table, table.sum(axis=-1), names=("table", "sums"))

# %% [markdown]
r"""
The sums need an axis of size 1 at the end, so that each stays with its row. `[:, None]` puts one there. Better still, do not let it disappear: `keepdims=True` leaves it in place, with size 1.
"""

# %%
table / table.sum(axis=-1, keepdims=True)

# %% [markdown]
r"""
Each row now adds up to 1. From here on we count axes from the end, so that all this still holds when axes are put in front.

A **matrix product** is both ideas in one. Take $P$ `(m, d)` and $Q$ `(n, d)`. Let each row of the one meet each row of the other, multiply entry by entry, and sum the last axis away: `(P[:, None, :] * Q).sum(axis=-1)` has the shape `(m, n)`.
Numpy calls it `P @ Q.T`, and never stores the $m \cdot n \cdot d$ products. `np.einsum` says it in letters, in which what stands left of the arrow and not right of it is summed:
"""

# %%
P, Q = np.array([[1, 2], [3, 4], [5, 6]]), np.array([[1, 0], [1, 1]])
(P[:, None, :] * Q).sum(axis=-1), P @ Q.T, np.einsum("id,jd->ij", P, Q)

# %% [markdown]
r"""
Where a product will do, take the product: as a rule it is the fastest of the three. With more axes, `@` works on the last two and broadcasts the others; `Q.mT` swaps the last two, where `Q.T` would turn all of them round.

What do you get if you multiply one-hot rows with one-hot rows?
"""


# %%
def products():
    E = one_hot(ids, len(vocabulary))  # (10, 7)
    return show_pairs(E @ E.T == 1, words)


watch(products)

# %% [markdown]
r"""
The picture of the beginning. The product of two rows is 1 if both have their 1 in the same place, and 0 otherwise. Attention will find equal words in this very way, by products.

One word is a poor clue, though. In the line above, `the` is followed by `cat`, `rat` and `malt`. Two words are better: `killed the` is followed by `rat` alone. So we want to compare not ids but *rows* of ids.

### Exercise: pairwise_equal
Whole numbers `X (..., m, d)` and `Y (..., n, d)` give booleans `(..., m, n)`: True where row $i$ of X and row $j$ of Y agree in *all* $d$ entries. It is a matrix product in which `==` stands for times and "and" for plus.
"""

# %%
pairwise_equal = exercise(
    "arrays.pairwise_equal",
    points=2,
    level=2,
    minutes=12,
    hints=[
        "First let each row meet each row, entry by entry. What shape has that, before anything disappears?",
        "The shape is (..., m, n, d). X needs an axis of size 1 where n is, Y where m is.",
        "`.all(axis=-1)` is to booleans what the sum is to numbers.",
    ],
)


# %%
def pairwise_equal_slow(X, Y):
    equal = np.zeros((len(X), len(Y)), dtype=bool)
    for i in range(len(X)):
        for j in range(len(Y)):
            equal[i, j] = all(X[i, k] == Y[j, k] for k in range(X.shape[1]))
    return equal


bits = [np.array(list(itertools.product([0, 1], repeat=d))) for d in (1, 2, 3)]  # all there are
side_by_side(pairwise_equal, pairwise_equal_slow, [(X, X[:rows]) for X in bits for rows in (1, 2)])

# %%
check(pairwise_equal)

# %% [markdown]
r"""
## One from each row

An array may be indexed by arrays. Before you run the cell: how many numbers does the first line pick, and how many the second?
"""

# %%
A = np.array([[10, 11, 12, 13], [20, 21, 22, 23], [30, 31, 32, 33]])
places = np.array([3, 0, 2])
A[:, places], A[np.arange(3), places]

# %% [markdown]
r"""
`A[:, places]` takes three columns of all three rows. `A[np.arange(3), places]` takes the pairs (0, 3), (1, 0) and (2, 2): index arrays meet each other by broadcasting, and each pair picks one number.

A boolean array picks too: `A[A > 20]` is a flat row of seven numbers, for what is left has no rectangular shape. Where the shape must stay, `np.where(A > 20, A, 0)` chooses in every place between two values.

### Exercise: gather_last
At each of its positions a model gives every word of its vocabulary a score: `A (..., n)`. The text says which word came: `index (...)`, whole numbers from 0 to n − 1. `gather_last` picks the score of that word at each position, so the result has the shape `(...)`.
In lesson 01 the loss of a model is minus the mean of such a pick. A score may be −∞, and it must not spoil the others.
"""

# %%
gather_last = exercise(
    "arrays.gather_last",
    points=2,
    level=2,
    minutes=10,
    hints=[
        "For a matrix you have seen the line. With more axes in front, either make a matrix of it, or ask numpy for a pick along an axis.",
        "`np.take_along_axis(A, I, axis=-1)` takes from each row of A the entries that the same row of I names. I needs as many axes as A.",
        "`index[..., None]` has one entry in each row. The pick then has an axis of size 1 at the end: `[..., 0]` takes it away.",
    ],
)


# %%
def gather_last_slow(A, index):
    picked = np.zeros(index.shape)
    for place in np.ndindex(index.shape):
        picked[place] = A[(*place, index[place])]
    return picked


tall = np.arange(12.0).reshape(4, 3)
block = np.random.default_rng(0).normal(size=(2, 3, 5))
picks = [(tall, np.array(each)) for each in itertools.product(range(3), repeat=4)]
side_by_side(gather_last, gather_last_slow, [*picks, (block, np.array([[4, 0, 2], [1, 1, 3]]))])

# %%
check(gather_last)

# %% [markdown]
r"""
## A window that slides

Before a model weighs what it has read, here is the least that one can do: give every position the plain mean of the last few. Any attention has to beat that. Six numbers, and all stretches of three among them; `sliding_window_view` lays them out without copying anything:
"""

# %%
x = np.array([3.0, 9.0, 6.0, 0.0, 0.0, 6.0])
sliding_window_view(x, 3)

# %% [markdown]
r"""
Four windows for six positions. The first window has its place at position 2: it holds the numbers up to there, and a position must not see what comes after it. Positions 0 and 1 come off badly. We want a result for *every* position, so these two take the mean of what there is:
"""

# %%
show_windows(x, 3)

# %% [markdown]
r"""
By hand: 3, then (3 + 9) / 2 = 6, then (3 + 9 + 6) / 3 = 6, then 5, 2 and 2.

### Exercise: window_mean
`X (..., T, d)` holds $d$ numbers for each of $T$ positions. (Time is the last axis but one, here and everywhere in this course.) The result has the same shape: at position $t$ the mean of the positions from $t - w + 1$ to $t$, as far as they exist, for each of the $d$ numbers by itself.
`w` is at least 1 and may be larger than $T$.

Float32 in, float32 out, as everywhere in this course. Beware of `np.arange`: its whole numbers are 64 bits wide, and float32 divided by them is float64. `.astype(X.dtype)` helps.
"""

# %%
window_mean = exercise(
    "arrays.window_mean",
    points=3,
    level=3,
    minutes=20,
    hints=[
        "A mean is a sum divided by a count. Do the two one by one: for the sum, what could stand before the start and do no harm?",
        "With w − 1 zeros in front, every position has a full window. `sliding_window_view(…, w, axis=-2)` puts the window last. The count at position t is t + 1, but never more than w.",
        "Or with cumulative sums: what is the sum up to t, less the sum up to t − w? The count must then meet (..., T, d): it is a column.",
    ],
)


# %%
def window_mean_slow(X, w):
    means = np.zeros(X.shape)
    for t in range(len(X)):
        window = range(max(t - w + 1, 0), t + 1)
        for s in window:
            means[t] += X[s] / len(window)
    return means


side_by_side(window_mean, window_mean_slow, [(np.stack([x, x[::-1]], axis=-1), w) for w in range(1, 9)])

# %%
check(window_mean)

# %% [markdown]
r"""
## Since when

Some questions seem to *need* a loop, because each answer rests on the one before. How many days in a row has it rained? Yesterday's number plus 1, or back to 1. Numpy has a few such walks ready-made; each goes along an axis and keeps what it has so far:
"""

# %%
np.cumsum([3, 1, 2, 2, 5]), np.maximum.accumulate([3, 1, 4, 1, 5])

# %% [markdown]
r"""
A running sum and a running maximum. Neither ever falls back. The length of a run does:

| x | 5 | 5 | 2 | 2 | 2 | 5 |
|---|---|---|---|---|---|---|
| equal in a row, up to here | 1 | 2 | 1 | 2 | 3 | 1 |

The art is to find something that never falls back, and from which the length follows.

### Exercise: run_lengths
Whole numbers `x (..., T)` give whole numbers `(..., T)`: at each position, how many equal values in a row end there, itself included. The table is an example. A run ends with its row; it does not go on in the next row of a batch.

This is the hardest exercise of the lesson. Paper and pencil help more than the keyboard.
"""

# %%
run_lengths = exercise(
    "arrays.run_lengths",
    points=4,
    level=4,
    minutes=25,
    hints=[
        "Where does a run begin? That is one comparison of x with itself, shifted by one. Position 0 always begins one.",
        "If each position knew where its run began, the length would be a difference. The place where the latest run began never falls back.",
        "Write a position's number where a run begins and 0 elsewhere, and let a running maximum carry it on: `np.maximum.accumulate(…, axis=-1)`.",
    ],
)


# %%
def run_lengths_slow(x):
    run = np.zeros(len(x), dtype=int)
    for t in range(len(x)):
        run[t] = run[t - 1] + 1 if t > 0 and x[t] == x[t - 1] else 1
    return run


def each_row(slow):
    return lambda x: np.apply_along_axis(slow, -1, x)  # a loop in disguise: for checking only


coins = [np.array(throws) for throws in itertools.product([0, 1], repeat=6)]
rolls = np.random.default_rng(0).integers(2, size=(2, 3, 4))
side_by_side(run_lengths, each_row(run_lengths_slow), [*coins, rolls])

# %%
check(run_lengths)

# %% [markdown]
r"""
## Now watch it work

Your six functions can guess the next word. At each place the guesser looks for earlier places where the same word stood, or the same two, or the same $k$. Each of them votes for the word that came *there*. Nothing is trained; all it knows is what it has read so far.

Whom does it ask? Below, each row is a place in the line of the beginning, and looks at the earlier places that hold the same word ($k = 1$). Which rows will have two squares?
"""


# %%
def askers(ids, k):
    """Which places each place asks: those before it that have the same k words up to there."""
    contexts = sliding_window_view(ids, k)  # (m, k)
    t = np.arange(len(contexts))
    return pairwise_equal(contexts, contexts) & (outer_difference(t, t) > 0)  # (m, m)


def who_asks_whom():
    return show_pairs(askers(ids[:-1], 1), words[:-1])


watch(who_asks_whom)

# %% [markdown]
r"""
The third `the` asks the other two. They saw `cat` and `rat`, so these two get a vote each; and what comes is `malt`.

A matrix of who asks whom, times a matrix of what each has to say: that is attention, with shares that are all or nothing. The votes are `asks @ one_hot(came)`. A tenth of a vote is shared out among all words, so that none is impossible. `gather_last` reads off the share of the word that came.
"""


# %%
def chances(ids, n, k):
    """How likely the guesser made the word that came, at every place that has k words before it."""
    came = ids[k:]  # (m,)
    votes = askers(ids[:-1], k) @ one_hot(came, n) + 0.1 / n  # (m, n)
    return gather_last(votes / votes.sum(axis=-1, keepdims=True), came)  # (m,)


watch(chances, ids, len(vocabulary), 1)

# %% [markdown]
r"""
Where nobody can be asked, each of the seven words has 1/7. The others are low: whoever was asked had seen another word. This line is too short to learn from.

Now the whole rhyme, in which each verse is the one before with a new beginning. Which will guess best by the end: one word, two, or three? And which at the start?
The curves are your `window_mean` over 10 places; dotted lines are where verses begin.
"""

# %%
n = len(rhyme_vocabulary)


def smoothed(k):
    return window_mean(chances(rhyme_ids, n, k)[:, None], 10)[:, 0]


def three_guessers():
    curves = {"1 word": smoothed(1), "2 words": smoothed(2), "3 words": smoothed(3)}
    return show_guessing(curves, np.flatnonzero(np.array(rhyme) == "This"), len(rhyme))


watch(three_guessers)

# %% [markdown]
r"""
Each dip is the beginning of a verse, with words that nobody has read before. One word knows most at first and least by the end, for `the` and `that` lead anywhere. Two and three learn nearly everything there is to know;
three a little later, since a longer context has to be met before it can help.

How often is the guesser sure, that is above one half for the word that came? And for how many words in a row?
"""


# %%
def streaks():
    for k in (1, 2, 3):
        p = chances(rhyme_ids, n, k)
        sure = p > 0.5
        longest = (run_lengths(sure.astype(int)) * sure).max()
        print(
            f"k = {k}: mean probability {p.mean():.2f}, sure {sure.mean():.0%} of the time, streak {longest}"
        )


watch(streaks)

# %% [markdown]
r"""
The long streaks are the last verse, but for its new beginning. On average three words do a little worse than two, and yet their streak is longer: after `in the` comes `house` or `morn`, and only `crowed in the` settles it.

So here is a machine that looks further up in the text for what it has read last, and copies what came next. Trained transformers grow heads that do this, without anybody asking them to; they are called induction heads and will be part of lesson 12.

## What we left out

How an array lies in memory, and why the order in which you walk through it costs time. `np.add.at` and `np.bincount`, which count by index. Names for axes. And one habit of numpy's: two masks or index arrays in one pair of brackets meet each other, so `A[mask_of_rows, mask_of_columns]` is not a block; `np.ix_` makes one.

To read: Harris et al. 2020, *Array programming with NumPy*, Nature 585. Its Figure 1 has this lesson on half a page: views, indexing by arrays, broadcasting, sums. And Iverson 1980, *Notation as a Tool of Thought*, his Turing lecture:
whole arrays were a way to think before they were a way to be fast.

## Two questions

**Question 1.** The guesser compares every place with every place. For a text of 100,000 words and $k = 2$, how many bytes does `X[:, None, :] == Y` take (a boolean takes one)? Find a way to count the votes for the word that came that needs far less, still without a loop over places; say which step of yours
replaces the comparison. (`np.unique` with `axis=0` and `return_inverse=True` gives equal rows equal numbers.) What does your way lose, if "equal" is to become "similar"?
"""

# %%
question("a-hundred-thousand-words", points=2)

# %% [markdown]
r"""
**Question 2.** Somebody computes cumulative sums of a row of $T$ numbers like this: for strides of 1, 2, 4, … below $T$, `x[s:] = x[s:] + x[:-s]`. Show that in the end every position holds the sum of all up to it. (What does it hold after the stride $s$?)
How many turns does the loop take at $T = 8$, 16 and 32, and why does the loop counter let it pass? Would you?
"""

# %%
question("doubling-strides", points=2)
