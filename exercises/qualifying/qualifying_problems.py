# Made by headway-build from the lessons of part 1. What you write in your copy is yours.
# assignment: qualifying
"""Qualifying problems: functions to write in plain numpy, the easiest first.

Write each in the place of its `raise NotImplementedError()`, and run this file: it prints a line for each.
You may leave out what you like, add functions of your own, and let a function call the others.

Every docstring has a line of shapes, such as `Q (..., Tq, d), [mask bool (..., Tq, Tk)] -> (..., Tq, dv)`.
Equal letters are equal sizes, `...` is any number of axes in front, or none, and `()` is a single number.
What stands in brackets may be left out. Numbers have the dtype of the inputs, float64 or float32, unless
the line says int or bool. Functions leave their inputs as they are.
"""

import numpy as np


# 1. softmax · easy · 2 points
def softmax(Z):
    """Probabilities in proportion to the exponentials of scores (Blanchard, Higham and Higham 2021, eq. 1.2).

    Z (..., n) -> (..., n)

    A score of -inf has probability 0. A row of nothing but -inf has no softmax: it gives nan.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 2. embed · easy · 1 point
def embed(ids, W_E):
    """The vector of each token: its row of the embedding matrix (Vaswani et al. 2017, section 3.4).

    ids int (...), W_E (V, d) -> (..., d)
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 3. unembed · easy · 1 point
def unembed(X, W_U):
    """The scores of all tokens at each position: how well its vector agrees with theirs.

    X (..., d), W_U (d, V) -> (..., V)
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 4. causal_mask · easy · 1 point
def causal_mask(T):
    """True where a position may look: at itself and what came before (Vaswani et al. 2017, section 3.2.3).

    T int () -> bool (T, T)
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 5. padding_mask · easy · 1 point
def padding_mask(lengths, T):
    """True where a text has words, False where padding fills it up to T positions.

    lengths int (...), T int () -> bool (..., 1, T)

    The axis of size 1 stands for the queries: what is padding, none of them may look at.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 6. logsumexp · rather easy · 2 points
def logsumexp(Z):
    """The logarithm of the sum of exponentials, a soft maximum (Blanchard, Higham and Higham 2021, eq. 1.1).

    Z (..., n) -> (...)

    A score of -inf adds nothing. A row of nothing but -inf gives -inf, the logarithm of 0.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 7. log_softmax · rather easy · 2 points
def log_softmax(Z):
    """The logarithm of softmax, exact where the probability itself is too small for a float.

    Z (..., n) -> (..., n)

    (Goodfellow, Bengio and Courville 2016, eq. 6.30.) A score of -inf has log-probability -inf.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 8. bpe_encode · rather easy · 2 points · builds on merge_pair · Python may loop over m
def bpe_encode(ids, merges):
    """Bytes as tokens: every merge is done where it can be, in the order in which they were learned.

    ids int (n), merges int (m, 2) -> int (k)

    Merge number i makes the id 256 + i. (Sennrich, Haddow and Birch 2016, section 3.2, on bytes.)
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 9. alibi_bias · rather easy · 2 points
def alibi_bias(T, H):
    """What each head takes off a score for every step between query and key (Press et al. 2022, section 3).

    T int (), H int () -> float (H, T, T)

    Head h of 1 … H takes off 2^(-8h/H) a step, to either side.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 10. split_heads · rather easy · 2 points
def split_heads(X, H):
    """Shares the width out among H heads, a stretch for each (Vaswani et al. 2017, section 3.2.2).

    X (..., T, d), H int () -> (..., H, T, dh)

    dh is d / H, and H divides d. If it does not, numpy raises ValueError by itself.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 11. merge_heads · rather easy · 2 points
def merge_heads(X):
    """Puts the heads side by side again: the inverse of split_heads (Vaswani et al. 2017, section 3.2.2).

    X (..., H, T, dh) -> (..., T, d)
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 12. cross_entropy · medium · 4 points · builds on log_softmax
def cross_entropy(Z, targets, ignore=-1):
    """The mean of -log softmax(Z) at the targets, over the targets that are not `ignore`.

    Z (..., n), targets int (...), [ignore int ()] -> ()

    In nats, with the dtype of Z. Where every target is ignored the result is 0.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 13. sample_categorical · medium · 3 points
def sample_categorical(P, u):
    """One class per row, drawn by inverting the cumulative distribution at u (Devroye 1986, section III.2).

    P (..., n), u (...) -> int (...)

    u is uniform in [0, 1) and picks the class in whose stretch it falls. A class of probability 0 is never
    drawn, and a row's sum may miss 1 by rounding.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 14. most_frequent_pair · medium · 3 points
def most_frequent_pair(ids):
    """The pair of neighbours that occurs most often, and how often.

    ids int (n) -> int (), int (), int ()

    (Sennrich, Haddow and Birch 2016, section 3.2.) Of several equally frequent it is the smallest. n ≥ 2.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 15. bpe_decode · medium · 3 points · Python may loop over m
def bpe_decode(ids, merges):
    """Tokens as bytes again: every merge is undone, the last one first.

    ids int (n), merges int (m, 2) -> int (k)
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 16. sinusoidal_positions · medium · 3 points
def sinusoidal_positions(T, d):
    """Every position as d/2 clock hands that turn at different speeds (Vaswani et al. 2017, section 3.5).

    T int (), d int () -> float (T, d)

    Components 2i and 2i + 1 are sine and cosine of position / 10000^(2i/d). d is even.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 17. rotary · medium · 4 points
def rotary(X):
    """Queries or keys turned by their positions, pair by pair of components (Su et al. 2021, eq. 34).

    X (..., T, d) -> (..., T, d)

    Components 2i and 2i + 1 turn by position / 10000^(2i/d) radians. d is even.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 18. attention · medium · 4 points · builds on softmax
def attention(Q, K, V, mask=None):
    """Scaled dot-product attention (Vaswani et al. 2017, eq. 1).

    Q (..., Tq, d), K (..., Tk, d), V (..., Tk, dv), [mask bool (..., Tq, Tk)] -> (..., Tq, dv)

    mask is True where a query may look. A query that may look nowhere gets zeros.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 19. cross_attention · medium · 3 points · builds on softmax, attention, split_heads, merge_heads
def cross_attention(X, C, W_Q, W_K, W_V, W_O, H, mask=None):
    """Queries from one text, keys and values from another (Vaswani et al. 2017, section 3.2.3).

    X (..., Tq, d), C (..., Tk, c), W_Q (d, d), W_K (c, d), W_V (c, d), W_O (d, d), H int (),
    [mask bool (..., Tq, Tk)] -> (..., Tq, d)

    X asks and C answers. mask is True where a position of X may look at one of C, the same for all heads.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 20. merge_pair · hard · 4 points
def merge_pair(ids, left, right, new):
    """The sequence with one id in the place of each such pair, found from left to right.

    ids int (n), left int (), right int (), new int () -> int (m)

    Pairs share no id: of 7 7 7 the first two merge, and the third stays. n is at least 1.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 21. multi_head_attention · hard · 5 points · builds on softmax, attention, split_heads, merge_heads
def multi_head_attention(X, W_Q, W_K, W_V, W_O, H, mask=None):
    """H attentions at once, each over its own projections of X (Vaswani et al. 2017, section 3.2.2).

    X (..., T, d), W_Q (d, d), W_K (d, d), W_V (d, d), W_O (d, d), H int (), [mask bool (..., T, T)]
    -> (..., T, d)

    mask is True where a position may look, and is the same for all heads.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 22. grouped_query_attention · hard · 4 points · builds on softmax, attention, split_heads, merge_heads
def grouped_query_attention(X, W_Q, W_K, W_V, W_O, H, G, mask=None):
    """H heads in G groups, and one key and one value for each group (Ainslie et al. 2023, section 2.2).

    X (..., T, d), W_Q (d, d), W_K (d, k), W_V (d, k), W_O (d, d), H int (), G int (), [mask bool (..., T, T)]
    -> (..., T, d)

    k is G d / H, and neighbouring heads share. G = H is multi_head_attention, G = 1 is multi-query attention
    (Shazeer 2019). If G does not divide H, numpy raises ValueError by itself.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


if __name__ == "__main__":
    # The tests: they read qualifying_problems.npz, and need the folder headway_checks, both beside this file.
    from headway_checks.problems import report

    report(globals())
