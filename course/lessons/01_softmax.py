# %% [markdown]
r"""
# 01 · Softmax

A small model has read `the cat sat on the` and gives every word it knows a score. Three of them:

| mat | moon | dog |
|---|---|---|
| 4.1 | 2.3 | −0.7 |

Larger means likelier, and that is all a score promises. (Papers call such scores *logits*.) Scores may be negative, and their sum means nothing.
To draw the next word, or to say *how* wrong the model was, we need probabilities: positive numbers with sum 1.

The first idea is to divide by the sum:
"""

# %%
import itertools
import math

import numpy as np
from headway_course import check, exercise, question, show_draws, show_temperatures, side_by_side, watch

words = ["mat", "moon", "dog"]
scores = np.array([4.1, 2.3, -0.7])
scores / scores.sum()

# %% [markdown]
r"""
`dog` has a probability of −12%. The second idea, to take the word with the largest score, forgets that `moon` was not absurd.
Before you read on: which function makes every number positive and keeps their order?

## Exponentials, shared out

$$\operatorname{softmax}(z)_i = \frac{e^{z_i}}{\sum_j e^{z_j}}$$

By hand: $e^{4.1} = 60.3$, $e^{2.3} = 10.0$, $e^{-0.7} = 0.5$. Together 70.8, so `mat` gets 60.3 / 70.8 = 0.85, `moon` 0.14 and `dog` 0.01.

The exponential turns *differences* of scores into *ratios* of probabilities: one point more is always $e \approx 2.7$ times as likely,
wherever the two scores stand. So adding the same number to all scores changes nothing.

Here is the definition as a loop, for one row. It is slow and it breaks, but it says what is meant:
"""


# %%
def softmax_slow(z):
    powers = [np.e**score for score in z]
    total = sum(powers)
    return np.array([power / total for power in powers])


softmax_slow([4.1, 2.3, -0.7])

# %% [markdown]
r"""
Give it the scores of a confident model:
"""

# %% tags=["raises-exception"]
softmax_slow([1000.0, 998.2, 995.2])

# %% [markdown]
r"""
`OverflowError`: $e^{1000}$ has 435 digits before the point. Yet the answer should be *the same as above*,
since every score grew by 995.9. What could you add to all scores so that no exponential is ever larger than 1?

### Exercise: softmax over the last axis
Write it for arrays of any rank: `Z (..., n)` gives `(..., n)`, and each row along the last axis sums to 1. Scores of ±1000 must not break it,
and a score of $-\infty$ gets probability 0. As everywhere in this course, float32 in gives float32 out, and the inputs stay as they are.
No Python loop: numpy already knows how to visit every row.
"""

# %%
softmax = exercise(
    "numerics.softmax",
    points=2,
    level=1,
    minutes=10,
    hints=[
        "Which number, taken from every score of a row, makes its largest score 0?",
        "Each row has a number of its own: along which axis do you look for it, and along which do you sum?",
        "`keepdims=True` keeps the axis as size 1, so a row's number broadcasts back over its row.",
    ],
)

# %% [markdown]
r"""
You have two definitions now, one slow and one fast. On everything small they must agree: here on the 125 rows of three scores from −2 to 2,
and on one array of rank 3. (`apply_along_axis` is a loop in disguise: fine for an oracle, not for an answer.)
"""


# %%
def each_row(slow):
    return lambda Z: np.apply_along_axis(slow, -1, Z)


rows = [np.array(row) for row in itertools.product([-2.0, -1.0, 0.0, 1.0, 2.0], repeat=3)]
block = np.random.default_rng(0).normal(size=(2, 3, 5))
side_by_side(softmax, each_row(softmax_slow), [*rows, block])

# %% [markdown]
r"""
`check` tries what the loop cannot, such as large scores and float32. It also counts Python's steps as the input grows, and so it finds loops.
Stuck? It has three hints, each folded into the one before.
"""

# %%
check(softmax)

# %% [markdown]
r"""
## Temperature

Divide the scores by a number $T$ before the softmax, and one point more makes a word $e^{1/T}$ times as likely.
At $T = 1$ nothing has changed. Write down what you expect for $T = 0.3$ and $T = 3$, then run the cell. Can the order of two words change?
"""

# %%
show_temperatures(softmax, scores, words, T=(0.3, 1.0, 3.0))

# %% [markdown]
r"""
Cold, the winner takes all. Hot, every word drifts towards 1/3, the dotted line. The order stays: dividing by $T > 0$ never makes the smaller score larger.

## The logarithm of a sum

Soon we shall need not $p$ but $\log p$, and the logarithm of a softmax has two parts:

$$\log \operatorname{softmax}(z)_i = z_i - \underbrace{\log \sum_j e^{z_j}}_{\operatorname{logsumexp}(z)}$$

The second part is one number for the whole row, and it has a meaning of its own. Take $z = (3, 3)$: $\log(2e^3) = 3 + \log 2 = 3.69$.
Take $z = (3, -50)$: the second exponential is a grain of dust, and the result is 3. So it is a maximum with a soft corner:
never below the largest score, never more than $\log n$ above it.
"""


# %%
def logsumexp_slow(z):
    total = 0.0
    for score in z:
        total += math.exp(score)
    return math.log(total)


logsumexp_slow([3.0, 3.0]), logsumexp_slow([3.0, -50.0])

# %% [markdown]
r"""
Large scores break it as they broke the softmax. This time small ones do too:
"""

# %% tags=["raises-exception"]
logsumexp_slow([-1000.0, -1001.0])

# %% [markdown]
r"""
Both exponentials round to 0, and 0 has no logarithm. But we know that the answer lies between −1000 and −1000 + log 2.

### Exercise: logsumexp over the last axis
`Z (..., n)` gives `(...)`: the last axis is gone. Scores of ±1000 must not break it. A score of $-\infty$ adds nothing;
a row of nothing but $-\infty$ is the logarithm of 0, so it gives $-\infty$ and not `nan`.
"""

# %%
logsumexp = exercise(
    "numerics.logsumexp",
    points=2,
    level=2,
    minutes=10,
    hints=[
        "Add c to every score of a row. What happens to its logsumexp?",
        "Take each row's largest score out before the exponential, and give it back after the logarithm.",
        "If the largest is −inf, then −inf − (−inf) is nan: in such rows take out 0 instead. `np.where` chooses.",
    ],
)

# %%
side_by_side(logsumexp, each_row(logsumexp_slow), [*rows, block])

# %%
check(logsumexp)

# %% [markdown]
r"""
## The logarithm of a probability

Why not take `np.log` of the softmax that you have? Try it on the scores 0 and −800. What should come out?
(`watch` calls a function that needs your answers. If one of them is not written yet, it says which.)
"""


# %%
def log_of_softmax(z):
    return np.log(softmax(z))


watch(log_of_softmax, np.array([0.0, -800.0]))

# %% [markdown]
r"""
$-\infty$ says *impossible*. The truth is −800: very unlikely, and still better than −900. No float64 holds $e^{-800}$, but −800 itself is an ordinary number,
so the logarithm must never pass through the probability.

### Exercise: log_softmax over the last axis
`Z (..., n)` gives `(..., n)`. In every row the exponentials of your result sum to 1, and the scores 0 and −800 give 0 and −800.
"""

# %%
log_softmax = exercise(
    "numerics.log_softmax",
    points=2,
    level=2,
    minutes=8,
    hints=[
        "The formula above has two parts. You have written one of them.",
        "logsumexp gives one number for a row, and it has to meet every score of that row.",
        "Its result has one axis too few to broadcast: `[..., None]` puts an axis of size 1 at the end.",
    ],
)


# %%
def log_softmax_slow(z):
    return np.array([score - logsumexp_slow(z) for score in z])


side_by_side(log_softmax, each_row(log_softmax_slow), [*rows, block])

# %%
check(log_softmax)

# %% [markdown]
r"""
## How wrong was the model?

The text went on with `mat`. The model had given it 0.85, so it was hardly surprised: $-\log 0.85 = 0.16$.
Had the text gone on with `moon`, $-\log 0.141 = 1.96$; with `dog`, 4.96. This number is the *surprise*, or loss, of one prediction. It is 0 for a
prophet and grows without bound as the probability of what really came goes to 0.

Why the logarithm? The chance of a whole text is a *product*, one factor for each word. A thousand factors of 0.1 are $10^{-1000}$, which no float holds.
Their logarithms are a sum of a thousand times −2.3. The mean over all predictions is the **cross-entropy**:

$$\text{loss} = -\frac{1}{m} \sum_{i=1}^{m} \log \operatorname{softmax}(z_i)_{t_i}$$

with one row of scores $z_i$ and one target $t_i$, the word that came, for each of $m$ predictions. A loss of 0.69 = log 2 is the surprise of a fair coin;
a loss of $\log n$ is that of a model that knows nothing about its $n$ words.

Texts have different lengths and arrays have not. So the places after the end of a short text hold the target −1: *nothing to predict here, do not count it*.
Mind that numpy has no objection to the index −1. It takes the last class, and the loss of a model that forgets this looks quite reasonable.
"""


# %%
def cross_entropy_slow(Z, targets, ignore=-1):
    losses = []
    for place in np.ndindex(targets.shape):
        if targets[place] != ignore:
            losses.append(-math.log(softmax_slow(Z[place])[targets[place]]))
    return sum(losses) / len(losses) if losses else 0.0


cross_entropy_slow(np.array([scores, scores]), np.array([0, 1]))

# %% [markdown]
r"""
The mean of 0.16 and 1.96.

### Exercise: cross_entropy with ignored targets
`Z (..., n)` and `targets (...)`, integers from 0 to n − 1 or equal to `ignore`, give one number `()`: the mean loss over the targets that are not ignored.
Where all are ignored there is no surprise, so the result is 0. A target of score −800 must not make the loss infinite.
"""

# %%
cross_entropy = exercise(
    "numerics.cross_entropy",
    points=4,
    level=3,
    minutes=20,
    hints=[
        "You have log_softmax. What is left: pick one number from each row, and leave some rows out.",
        "A boolean array of the shape of `targets` picks rows of `Z` and targets alike, and batch axes become one.",
        "`A[np.arange(m), t]` takes one entry of each of m rows. And what do you divide by when m is 0?",
    ],
)

# %% [markdown]
r"""
Everything small: all 16 ways to fill two targets with a class or −1, and a block with more axes.
"""

# %%
Z = np.array([[4.1, 2.3, -0.7], [0.5, -1.5, 2.0]])
targets = [np.array(pair) for pair in itertools.product([-1, 0, 1, 2], repeat=2)]
side_by_side(cross_entropy, cross_entropy_slow, [(Z, t) for t in targets])

# %%
block_targets = np.random.default_rng(1).integers(-1, 5, size=(2, 3))
side_by_side(cross_entropy, cross_entropy_slow, [(block, block_targets), (block[0, 0], np.array(4))])

# %%
check(cross_entropy)

# %% [markdown]
r"""
## Drawing a word

Probabilities are for drawing. After another text the model gives 0.5, 0.3 and 0.2. Lay them end to end on a line from 0 to 1: `mat` owns the stretch from 0 to 0.5, `moon` from 0.5 to 0.8, `dog` the rest.
A number $u$, equally likely anywhere in $[0, 1)$, falls into a stretch as often as the stretch is long. The right ends are the cumulative sums 0.5, 0.8, 1.

By hand: $u = 0.62$ has passed one right end, 0.5, and not 0.8. So it draws class 1, `moon`. And $u = 0.5$ has reached the first end: each stretch owns its left
end and leaves the right one to its neighbour, so this is `moon` too.
"""


# %%
def sample_slow(P, u):
    drawn = np.zeros(u.shape, dtype=int)  # beyond the last end it draws class 0: yours must do better
    for place in np.ndindex(u.shape):
        end = 0.0
        for k, p in enumerate(P[place]):
            end += p
            if u[place] < end:
                drawn[place] = k
                break
    return drawn


sample_slow(np.array([[0.5, 0.3, 0.2]]), np.array([0.62]))

# %% [markdown]
r"""
That $u$ is handed in, not drawn inside, is what makes the function testable: the same $u$ gives the same word, today, tomorrow and at hand-in.

### Exercise: sample_categorical, by cumulative sums
`P (..., n)` and `u (...)`, one number for each row, give integers `(...)` from 0 to n − 1. A class of probability 0 is never drawn, not even by $u = 0$.
Rounding may leave the last cumulative sum of a row at 0.9999999; a $u$ beyond it must still draw a class that exists, and one that has a chance.
"""

# %%
sample_categorical = exercise(
    "numerics.sample_categorical",
    points=3,
    level=3,
    minutes=15,
    hints=[
        "Along the last axis `np.cumsum` gives all right ends at once.",
        "The class is the number of right ends that u has reached or passed. To compare, u needs one more axis.",
        "A sum that ends at 0.9999999 is a line a little too short: shrink u by as much.",
    ],
)

# %% [markdown]
r"""
Everything small: all ways to share four quarters among three classes, zeros included, with $u$ at every eighth. Quarters and eighths are exact in binary,
so each edge is hit precisely.
"""

# %%
shares = [np.array(p) / 4 for p in itertools.product(range(5), repeat=3) if sum(p) == 4]
eighths = np.arange(8) / 8
side_by_side(sample_categorical, sample_slow, [(p, u) for p in shares for u in eighths])

# %%
check(sample_categorical)

# %% [markdown]
r"""
Five arrows are about to fall on the line. Which words do they draw? One stands exactly on an edge.
"""

# %%
show_draws(sample_categorical, np.array([0.5, 0.3, 0.2]), words, u=[0.05, 0.31, 0.5, 0.74, 0.93])

# %% [markdown]
r"""
The arrow at 0.5 belongs to `moon`. Draw many, and half of them fall on `mat`.

## Now watch it work

The start of a nursery rhyme that has been in print since the 18th century, and a language model made of it: a table of how often each word came right after each other word.
"""

# %%
rhyme = """
This is the house that Jack built .
This is the malt that lay in the house that Jack built .
This is the rat that ate the malt that lay in the house that Jack built .
This is the cat that killed the rat that ate the malt that lay in the house that Jack built .
This is the dog that worried the cat that killed the rat that ate the malt that lay in the house that Jack built .
"""
vocabulary, ids = np.unique(rhyme.split(), return_inverse=True)
n = len(vocabulary)
counts = np.zeros((n, n))
np.add.at(counts, (ids[:-1], ids[1:]), 1)  # counts[i, j]: how often word j came right after word i
the = counts[vocabulary == "the"][0]
{str(word): int(count) for word, count in zip(vocabulary, the, strict=True) if count}

# %% [markdown]
r"""
After `the` comes `house` five times, `dog` once. As scores we take logarithms of the counts, so that softmax gives the counts back as shares: `house` 5/15, `dog` 1/15.
A pair that never occurred would have the score log 0; we add 0.001 to every count, and it is unlikely instead of impossible.

First, how surprised is this model by its own rhyme? The verses have different lengths, so the page has empty places, filled with −1.
There are 17 words, the full stop
being one, so a model that knows nothing has the loss log 17 = 2.83.
"""

# %%
table = np.log(counts + 0.001)  # a row of scores for every word
verses = [[vocabulary.tolist().index(word) for word in verse.split()] for verse in rhyme.strip().split("\n")]
page = np.array(list(itertools.zip_longest(*verses, fillvalue=-1))).T  # (verses, longest)
before, after = page[:, :-1], page[:, 1:]
watch(cross_entropy, table[before], after)

# %% [markdown]
r"""
A loss of 0.57: it hesitates between $e^{0.57} \approx 1.8$ words on average, for most words have one successor only. Now divide its scores by a temperature. At which of these five is the loss smallest? Why there?
"""


# %%
def loss_by_temperature():
    for T in (0.25, 0.5, 1, 2, 4):
        print(f"T = {T:<4}   loss {cross_entropy(table[before] / T, after):.2f}")


watch(loss_by_temperature)

# %% [markdown]
r"""
At $T = 1$ the probabilities are the shares that were counted. Colder, the model is too sure of `house` and pays dearly for each `dog`; hotter, it gives probability to
pairs that never come.

And now it speaks. Four lines at each temperature, each word drawn from the row of the word before, with your `softmax` and your `sample_categorical`.
Which temperature tells the rhyme, which tells a new one, and what happens to grammar at $T = 3$?
"""


# %%
def recite(T, rng, lines=4, length=20):
    word = np.full(lines, np.argmax(vocabulary == "This"))
    spoken = [word]
    for _ in range(length):  # the next word needs the one before, so time is the one loop that stays
        word = sample_categorical(softmax(table[word] / T), rng.random(lines))  # all lines at once
        spoken.append(word)
    for line in np.transpose(spoken):
        print(" ".join(vocabulary[line]).split(" .")[0])


watch(recite, 0.05, np.random.default_rng(0))

# %%
watch(recite, 1.0, np.random.default_rng(11))

# %%
watch(recite, 3.0, np.random.default_rng(11))

# %% [markdown]
r"""
At 0.05 nearly every line is the likeliest verse. At 1 a rat lies in a dog that Jack built, yet every two neighbours stand side by side somewhere in the rhyme. At 3 not even that holds.

The table sees one word back, so it cannot know that the cat has been mentioned already. Lesson 03 replaces it by something that can look at all words before.

## What we left out

Why exponentials and not squares? Because of a theorem about entropy (question 1), and because the gradient of the loss with respect to the scores is then very short:
softmax minus one-hot, which will be part of lesson 07. Cutting off the unlikely words before drawing (top-k, top-p) is part of lesson 06.

To read: Hinton, Vinyals and Dean 2015, *Distilling the Knowledge in a Neural Network*, section 2, where equation 1 is the softmax with temperature and a hot softmax carries what one network
knows to another. Blanchard, Higham and Higham 2021, *Accurately computing the log-sum-exp and softmax functions*, on whether the shift costs precision: it may safely be used.
And of Vaswani et al. 2017, *Attention Is All You Need*, section 5.4 for now: they train towards targets that are deliberately a little unsure, and pay for it in perplexity, which is $e^{\text{loss}}$.

## Two questions

**Question 1.** The entropy $H(p) = -\sum_i p_i \log p_i$ is large for undecided probabilities and 0 for certain ones. Suppose that you want words with high scores, but do not want to commit
yourself more than necessary: choose the $p$ that makes $\sum_i p_i z_i + T\, H(p)$ largest. Show that it is $\operatorname{softmax}(z / T)$.
(You may use that $\sum_i p_i \log (p_i / q_i) \ge 0$ for any two probability vectors, with equality only if $p = q$. Four lines are enough.)
"""

# %%
question("why-exponentials", points=2)

# %% [markdown]
r"""
**Question 2.** A friend trains a model with 10,000 words. Before the first step, with random weights, the loss reads 14.2. Later, on texts that the model has never seen,
it falls to 0.001. Both numbers mean that something is wrong. What should the first one have been, and why? For each, name one cause that you would look for.
"""

# %%
question("two-suspicious-losses", points=2)
