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
from numpy.polynomial.chebyshev import chebval


# Given: your functions may call it.
_TAIL = np.array(
    [
        *(4.3619650584943627e-1, 3.7810219450774745e-1, 1.3479272213284422e-1, 3.9569615002924791e-2),
        *(9.3994167884840622e-3, 1.7222400304875250e-3, 2.1287910323983694e-4, 8.0254166262083311e-6),
        *(-3.0124601262441563e-6, -6.0203588868374818e-7, -8.1337566786610492e-10, 1.5482876443250462e-8),
        *(1.3963619492931970e-9, -3.4813476757393876e-10, -6.3814483749547840e-11, 8.1883979977805316e-12),
        *(2.4316512135206389e-12, -2.2914424482992303e-13, -9.1195623851726741e-14, 8.4043554121660411e-15),
        *(3.4788649447097970e-15, -3.9565576261122869e-16, -1.3315502018500942e-16, 2.1373825745387551e-17),
    ]
)


def normal_cdf(X):
    """How likely a standard normal number is smaller than X, precise to the dtype of X.

    X (...) -> (...)

    It is erfc(-X / √2) / 2, which numpy lacks.
    """
    z = np.minimum(np.abs(X) / 2**0.5, 40)  # beyond 27 the tail is 0, and a square may overflow
    t = 3.5 / (3.5 + z)
    series = _TAIL[np.abs(_TAIL) > np.finfo(X.dtype).eps / 8].astype(X.dtype)  # float32 needs half as many
    tail = 0.5 * t * chebval(2 * t - 1, series) * np.exp(-z * z)
    return np.where(X < 0, tail, 1 - tail)


def gelu(X):
    """Each number times how likely a standard normal one is smaller (Hendrycks and Gimpel 2016, section 2).

    X (...) -> (...)
    """
    return X * normal_cdf(X)


# Given: your functions may call it.
def relu(X):
    """Each number, or 0 where it is negative.

    X (...) -> (...)
    """
    return np.maximum(X, 0)


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


# 6. rms_norm · easy · 2 points
def rms_norm(X, scale, eps=1e-6):
    """Every vector divided by the root of its mean square, then scaled (Zhang and Sennrich 2019, eq. 4).

    X (..., d), scale (d), [eps float ()] -> (..., d)

    eps is added to the mean square. The mean stays in, and there is no shift.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 7. gelu_tanh · easy · 1 point
def gelu_tanh(X):
    """gelu approximated by a tanh, as GPT-2 has it (Hendrycks and Gimpel 2016, section 2).

    X (...) -> (...)
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 8. mlp · easy · 2 points
def mlp(X, W_in, b_in, W_out, b_out):
    """Two layers with a gelu between them, at each position alone (Vaswani et al. 2017, eq. 2; there a ReLU).

    X (..., d), W_in (d, h), b_in (h), W_out (h, d), b_out (d) -> (..., d)
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 9. logsumexp · rather easy · 2 points
def logsumexp(Z):
    """The logarithm of the sum of exponentials, a soft maximum (Blanchard, Higham and Higham 2021, eq. 1.1).

    Z (..., n) -> (...)

    A score of -inf adds nothing. A row of nothing but -inf gives -inf, the logarithm of 0.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 10. log_softmax · rather easy · 2 points
def log_softmax(Z):
    """The logarithm of softmax, exact where the probability itself is too small for a float.

    Z (..., n) -> (..., n)

    (Goodfellow, Bengio and Courville 2016, eq. 6.30.) A score of -inf has log-probability -inf.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 11. bpe_encode · rather easy · 2 points · builds on merge_pair · Python may loop over m
def bpe_encode(ids, merges):
    """Bytes as tokens: every merge is done where it can be, in the order in which they were learned.

    ids int (n), merges int (m, 2) -> int (k)

    Merge number i makes the id 256 + i. (Sennrich, Haddow and Birch 2016, section 3.2, on bytes.)
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 12. alibi_bias · rather easy · 2 points
def alibi_bias(T, H):
    """What each head takes off a score for every step between query and key (Press et al. 2022, section 3).

    T int (), H int () -> float (H, T, T)

    Head h of 1 … H takes off 2^(-8h/H) a step, to either side.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 13. split_heads · rather easy · 2 points
def split_heads(X, H):
    """Shares the width out among H heads, a stretch for each (Vaswani et al. 2017, section 3.2.2).

    X (..., T, d), H int () -> (..., H, T, dh)

    dh is d / H, and H divides d. If it does not, numpy raises ValueError by itself.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 14. merge_heads · rather easy · 2 points
def merge_heads(X):
    """Puts the heads side by side again: the inverse of split_heads (Vaswani et al. 2017, section 3.2.2).

    X (..., H, T, dh) -> (..., T, d)
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 15. layer_norm · rather easy · 3 points
def layer_norm(X, scale, shift=0.0, eps=1e-5):
    """Every vector brought to mean 0 and variance 1, then scaled and shifted (Ba, Kiros and Hinton 2016).

    X (..., d), scale (d), [shift (d)], [eps float ()] -> (..., d)

    eps is added to the variance, so that a vector of equal components gives shift, not nan.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 16. silu · rather easy · 2 points
def silu(X):
    """Each number times its logistic function, also called swish (Hendrycks and Gimpel 2016, section 2).

    X (...) -> (...)

    Far below 0, where it is nearly 0, few of its digits are right.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 17. swiglu · rather easy · 2 points · builds on silu
def swiglu(X, W_gate, W_in, W_out):
    """A feed-forward layer whose hidden numbers are let through by a silu (Shazeer 2020, eq. 6).

    X (..., d), W_gate (d, h), W_in (d, h), W_out (h, d) -> (..., d)
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 18. patches · rather easy · 2 points
def patches(images, p):
    """Images cut into squares of p by p pixels, each as one vector (Dosovitskiy et al. 2021, section 3.1).

    images (..., c, h, w), p int () -> (..., n, m)

    Squares come row after row. m is c p², the pixels of one colour after those of another. p divides h and w.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 19. relative_bias · rather easy · 2 points · builds on relative_buckets
def relative_bias(table, queries, keys, span=128, back_only=False):
    """What each head adds to a score for the distance from query to key (Raffel et al. 2020, section 2.1).

    table (n, H), queries int (Tq), keys int (Tk), [span int ()], [back_only bool ()] -> (H, Tq, Tk)

    queries and keys hold their positions. The table has a row for each bucket of relative_buckets.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 20. mean_pool · rather easy · 2 points
def mean_pool(X, mask):
    """The mean of the states of a text (Reimers and Gurevych 2019, section 3), brought to length 1.

    X (..., T, d), mask bool (..., T) -> (..., d)

    mask is True at the words and False at the padding. A text without words gives zeros.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 21. nearest · rather easy · 2 points
def nearest(Q, D, k):
    """Which k texts point most nearly where each query does, the nearest first.

    Q (..., d), D (n, d), k int () -> int (..., k)

    Rows of Q and D have length 1. Of several equally near, the first in D comes first. k is at most n.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 22. keep_top · rather easy · 2 points
def keep_top(Z, k):
    """The k largest scores as they are, and -inf for the rest (Fan, Lewis and Dauphin 2018).

    Z (..., V), k int () -> (..., V)

    Scores as large as the last of them stay too. If there are no more than k, all stay.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 23. next_probabilities · rather easy · 2 points · builds on softmax, keep_top, keep_nucleus
def next_probabilities(Z, temperature=1.0, k=None, p=None):
    """How likely each token is next, at a temperature, and among the top k or a nucleus only.

    Z (..., V), [temperature float ()], [k int ()], [p float ()] -> (..., V)

    At temperature 0 the largest score has probability 1.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 24. rotary_at · rather easy · 2 points
def rotary_at(X, t, base=10_000.0):
    """As rotary, from any positions on and with any slowest hand: what a cache of keys needs.

    X (..., T, d), t int (..., T), [base float ()] -> (..., T, d)

    Components 2i and 2i + 1 turn by t / base^(2i/d) radians (Su et al. 2021, eq. 34). d is even.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 25. cross_entropy · medium · 4 points · builds on log_softmax
def cross_entropy(Z, targets, ignore=-1):
    """The mean of -log softmax(Z) at the targets, over the targets that are not `ignore`.

    Z (..., n), targets int (...), [ignore int ()] -> ()

    In nats, with the dtype of Z. Where every target is ignored the result is 0.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 26. sample_categorical · medium · 3 points
def sample_categorical(P, u):
    """One class per row, drawn by inverting the cumulative distribution at u (Devroye 1986, section III.2).

    P (..., n), u (...) -> int (...)

    u is uniform in [0, 1) and picks the class in whose stretch it falls. A class of probability 0 is never
    drawn, and a row's sum may miss 1 by rounding.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 27. most_frequent_pair · medium · 3 points
def most_frequent_pair(ids):
    """The pair of neighbours that occurs most often, and how often.

    ids int (n) -> int (), int (), int ()

    (Sennrich, Haddow and Birch 2016, section 3.2.) Of several equally frequent it is the smallest. n ≥ 2.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 28. bpe_decode · medium · 3 points · Python may loop over m
def bpe_decode(ids, merges):
    """Tokens as bytes again: every merge is undone, the last one first.

    ids int (n), merges int (m, 2) -> int (k)
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 29. sinusoidal_positions · medium · 3 points
def sinusoidal_positions(T, d):
    """Every position as d/2 clock hands that turn at different speeds (Vaswani et al. 2017, section 3.5).

    T int (), d int () -> float (T, d)

    Components 2i and 2i + 1 are sine and cosine of position / 10000^(2i/d). d is even.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 30. rotary · medium · 4 points
def rotary(X):
    """Queries or keys turned by their positions, pair by pair of components (Su et al. 2021, eq. 34).

    X (..., T, d) -> (..., T, d)

    Components 2i and 2i + 1 turn by position / 10000^(2i/d) radians. d is even.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 31. attention · medium · 4 points · builds on softmax
def attention(Q, K, V, mask=None):
    """Scaled dot-product attention (Vaswani et al. 2017, eq. 1).

    Q (..., Tq, d), K (..., Tk, d), V (..., Tk, dv), [mask bool (..., Tq, Tk)] -> (..., Tq, dv)

    mask is True where a query may look. A query that may look nowhere gets zeros.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 32. cross_attention · medium · 3 points · builds on softmax, attention, split_heads, merge_heads
def cross_attention(X, C, W_Q, W_K, W_V, W_O, H, mask=None):
    """Queries from one text, keys and values from another (Vaswani et al. 2017, section 3.2.3).

    X (..., Tq, d), C (..., Tk, c), W_Q (d, d), W_K (c, d), W_V (c, d), W_O (d, d), H int (),
    [mask bool (..., Tq, Tk)] -> (..., Tq, d)

    X asks and C answers. mask is True where a position of X may look at one of C, the same for all heads.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 33. pre_ln_block · medium · 3 points · builds on softmax, attention, split_heads, merge_heads, multi_head_attention, layer_norm, mlp
def pre_ln_block(
    X, scale_1, shift_1, W_Q, W_K, W_V, W_O, scale_2, shift_2, W_in, b_in, W_out, b_out, H, mask=None
):
    """A block that reads the residual stream through a norm, and adds to it (Xiong et al. 2020, table 1).

    X (..., T, d), scale_1 (d), shift_1 (d), W_Q (d, d), W_K (d, d), W_V (d, d), W_O (d, d),
    scale_2 (d), shift_2 (d), W_in (d, h), b_in (h), W_out (h, d), b_out (d), H int (),
    [mask bool (..., T, T)] -> (..., T, d)
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 34. post_ln_block · medium · 2 points · builds on softmax, attention, split_heads, merge_heads, multi_head_attention, layer_norm, mlp
def post_ln_block(
    X, scale_1, shift_1, W_Q, W_K, W_V, W_O, scale_2, shift_2, W_in, b_in, W_out, b_out, H, mask=None
):
    """A block that norms the residual stream after each addition (Vaswani et al. 2017, section 3.1).

    X (..., T, d), scale_1 (d), shift_1 (d), W_Q (d, d), W_K (d, d), W_V (d, d), W_O (d, d),
    scale_2 (d), shift_2 (d), W_in (d, h), b_in (h), W_out (h, d), b_out (d), H int (),
    [mask bool (..., T, T)] -> (..., T, d)
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 35. relative_buckets · medium · 3 points
def relative_buckets(steps, n, span, back_only=False):
    """In which of n buckets a distance falls: near ones have their own, far ones share (Raffel et al. 2020).

    steps int (...), n int (), span int (), [back_only bool ()] -> int (...)

    steps lead from the query to the key, so they are negative backward. Half of the buckets are for steps
    forward, or none if only steps back occur; half of the rest hold one distance each. The others grow by a
    constant factor, and the last holds span and more. (Section 2.1; the formula is that of their code.)
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 36. penalise · medium · 3 points
def penalise(Z, ids, theta):
    """Scores of tokens that a text has already, made smaller (Keskar et al. 2019, section 4.1).

    Z (..., V), ids int (..., T), theta float () -> (..., V)

    A positive score is divided by theta, a negative one multiplied, however often the token occurs.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 37. merge_pair · hard · 4 points
def merge_pair(ids, left, right, new):
    """The sequence with one id in the place of each such pair, found from left to right.

    ids int (n), left int (), right int (), new int () -> int (m)

    Pairs share no id: of 7 7 7 the first two merge, and the third stays. n is at least 1.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 38. multi_head_attention · hard · 5 points · builds on softmax, attention, split_heads, merge_heads
def multi_head_attention(X, W_Q, W_K, W_V, W_O, H, mask=None):
    """H attentions at once, each over its own projections of X (Vaswani et al. 2017, section 3.2.2).

    X (..., T, d), W_Q (d, d), W_K (d, d), W_V (d, d), W_O (d, d), H int (), [mask bool (..., T, T)]
    -> (..., T, d)

    mask is True where a position may look, and is the same for all heads.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 39. grouped_query_attention · hard · 4 points · builds on softmax, attention, split_heads, merge_heads
def grouped_query_attention(X, W_Q, W_K, W_V, W_O, H, G, mask=None):
    """H heads in G groups, and one key and one value for each group (Ainslie et al. 2023, section 2.2).

    X (..., T, d), W_Q (d, d), W_K (d, k), W_V (d, k), W_O (d, d), H int (), G int (), [mask bool (..., T, T)]
    -> (..., T, d)

    k is G d / H, and neighbouring heads share. G = H is multi_head_attention, G = 1 is multi-query attention
    (Shazeer 2019). If G does not divide H, numpy raises ValueError by itself.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 40. decoder_block · hard · 4 points · builds on softmax, causal_mask, attention, split_heads, merge_heads, multi_head_attention, cross_attention, layer_norm
def decoder_block(
    X, C, W_Q, W_K, W_V, W_O, W_QC, W_KC, W_VC, W_OC, W_in, b_in, W_out, b_out, scale, shift, H, mask=None
):
    """A block that reads what was written so far, then asks another text (Vaswani et al. 2017, section 3.1).

    X (..., T, d), C (..., Tk, c), W_Q (d, d), W_K (d, d), W_V (d, d), W_O (d, d), W_QC (d, d), W_KC (c, d),
    W_VC (c, d), W_OC (d, d), W_in (d, h), b_in (h), W_out (h, d), b_out (d), scale (3, d), shift (3, d),
    H int (), [mask bool (..., T, Tk)] -> (..., T, d)

    X sees back only. mask is True where a position of X may look into C. Each of the three parts is followed
    by a norm, with a row of scale and of shift.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 41. disentangled_scores · hard · 4 points
def disentangled_scores(Q, K, K_R, Q_R, index):
    """Scores of content, and of relative positions with vectors of their own (He et al. 2021, eq. 4).

    Q (..., T, d), K (..., T, d), K_R (..., m, d), Q_R (..., m, d), index int (T, T) -> (..., T, T)

    index says which of m relative positions lies between a query and a key. There K_R answers what the query
    holds, and Q_R asks what the key holds. The sum of the three scores is divided by √(3d). (Eq. 4 looks the
    last of them up from key to query; their code, and so the published weights, from query to key.)
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 42. llama_block · hard · 5 points · builds on softmax, rotary, causal_mask, attention, split_heads, merge_heads, rms_norm, silu, swiglu
def llama_block(X, W_Q, W_K, W_V, W_O, W_gate, W_in, W_out, scale, H, G):
    """A block of LLaMA: RMS norms, rotary positions, gated feed-forward layers (Touvron et al. 2023, 2.2).

    X (..., T, d), W_Q (d, d), W_K (d, k), W_V (d, k), W_O (d, d), W_gate (d, h), W_in (d, h), W_out (h, d),
    scale (2, d), H int (), G int () -> (..., T, d)

    X sees back only. Keys and values are those of G groups of heads; the first LLaMA has G = H. scale has a
    row for the norm before attention, and one for that before the feed-forward layer.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 43. keep_nucleus · hard · 5 points · builds on softmax
def keep_nucleus(Z, p):
    """The fewest scores whose probabilities sum to p, -inf for the rest (Holtzman et al. 2020, section 3.1).

    Z (..., V), p float () -> (..., V)

    The largest stays, whatever p is. Of equal ones those with smaller numbers come first.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 44. cached_attention · hard · 5 points · builds on softmax, attention, split_heads, merge_heads
def cached_attention(X, K, V, W_Q, W_K, W_V, W_O):
    """Causal attention of new positions, which ask keys and values kept from those before, and their own.

    X (..., n, d), K (..., H, t, dh), V (..., H, t, dh), W_Q (d, d), W_K (d, d), W_V (d, d), W_O (d, d)
    -> (..., n, d), (..., H, T, dh), (..., H, T, dh)

    There come the output, all keys and all values. T is t + n: new position i stands behind t others. Piece
    by piece or at once, a text gets what multi_head_attention gives it (Vaswani et al. 2017, section 3.2.3).
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 45. beam_step · hard · 5 points · builds on log_softmax
def beam_step(found, ended, Z, stop):
    """The likeliest of all texts that are one token longer (Sutskever, Vinyals and Le 2014, section 3.2).

    found (..., W), ended bool (..., W), Z (..., W, V), stop int () -> int (..., W), int (..., W), (..., W)

    found are log-probabilities. A text that has ended goes on with `stop` only, and keeps its own. There come
    the parents among the W, the new tokens and the new log-probabilities, best first; of equal ones the
    earlier parent, then the smaller token.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 46. gpt · very hard · 8 points · builds on softmax, embed, unembed, causal_mask, attention, split_heads, merge_heads, layer_norm, gelu_tanh · Python may loop over L
def gpt(
    ids, W_E, W_P, W_QKV, b_QKV, W_O, b_O, W_in, b_in, W_out, b_out, scale, shift, last_scale, last_shift, H
):
    """The scores of the next token at every position, by a whole GPT-2 (Radford et al. 2019, section 2.3).

    ids int (..., T), W_E (V, d), W_P (context, d), W_QKV (L, d, 3d), b_QKV (L, 3d), W_O (L, d, d),
    b_O (L, d), W_in (L, d, h), b_in (L, h), W_out (L, h, d), b_out (L, d), scale (L, 2, d), shift (L, 2, d),
    last_scale (d), last_shift (d), H int () -> (..., T, V)

    The first axis is that of the layers. Columns of W_QKV are all queries, then all keys, then all values;
    scale and shift are those of the norm before attention, then before the feed-forward layer.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# 47. accept_drafts · very hard · 7 points · builds on sample_categorical
def accept_drafts(P, Q, drafted, u, v):
    """How many drafted tokens stay, and the one after them (Leviathan, Kalman and Matias 2023, algorithm 1).

    P (..., m, V), Q (..., n, V), drafted int (..., n), u (..., n), v (...) -> int (...), int (...)

    Token i was drawn from Q[i], and should have been from P[i]; m is n + 1. It stays with probability
    P / Q, if all before it do; after the last that stays comes one from what P has more than Q. u and v are
    uniform in [0, 1). The tokens then are distributed as if all had been drawn from P.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


if __name__ == "__main__":
    # The tests: they read qualifying_problems.npz, and need the folder headway_checks, both beside this file.
    from headway_checks.problems import report

    report(globals())
