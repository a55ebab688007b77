"""能力—责任—潜力评分: who can, who caused and who still may do more carries more; likewise whose environment is worse.

Every criterion is scaled to 0–1 over the receivers (min–max), weighted, and summed to a score c. A share is the equal
one moved by ``1 ± spread·(c − c̄)``. After the composite index of capacity, responsibility and potential by which Yi,
Zou, Guo, Wang and Wei (Energy Policy 39, 2011) share out the carbon intensity target among provinces. Entropy weights
after Shannon's entropy (1948), as is usual in Chinese evaluation practice (熵权法): ``e = −Σ p ln p ÷ ln n``,
``w = (1 − e) ÷ Σ(1 − e)`` with p the share of a receiver in the scaled figures: what tells receivers apart weighs more.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Context, Decimal

from shuangkong.core.finding import Message
from shuangkong.core.trace import Step
from shuangkong.targets.decomposition.balance import ONE, ZERO, Balance
from shuangkong.targets.decomposition.law import Law
from shuangkong.targets.decomposition.methods.allotment import Allotment, in_proportion, size
from shuangkong.targets.decomposition.rule import Rule, Weighting
from shuangkong.targets.decomposition.task import Receiver

_SCORE = Message("综合得分", "Score")
_TILT = Message("按得分调整的份额", "Share moved by the score")
#: Digits of an entropy weight and of the logarithms behind it: far beyond what any figure bears out.
_LOGARITHMS = Context(prec=20)
_WEIGHT_PLACES = Decimal("1e-12")


def by_score(balance: Balance, rule: Rule) -> Allotment:
    """``sᵢ = sizeᵢ·(1 ± spread·(cᵢ − c̄))``: plus for reductions, minus for caps."""
    free = [each for each in balance.task.receivers if each.lock is None]
    scaled = [_scaled([each.criteria[one.id] for each in free], one.more) for one in rule.criteria]
    weights = criterion_weights(rule, scaled)
    scores = [sum((w * z[at] for w, z in zip(weights, scaled, strict=True)), ZERO) for at in range(len(free))]
    mean = sum(scores, ZERO) / len(scores) if scores else ZERO
    spread = rule.spread if balance.is_burden else -rule.spread
    rank = iter(range(len(free)))
    claims: list[Decimal | None] = []
    reasons: list[tuple[Step, ...]] = []
    for position, each in enumerate(balance.task.receivers):
        if each.lock is not None:
            claims.append(None)
            reasons.append(())
            continue
        at, weighs = next(rank), size(balance, position, each)
        claim = weighs * (ONE + spread * (scores[at] - mean))
        claims.append(claim)
        reasons.append(_reasons(rule, weights, [z[at] for z in scaled], (scores[at], mean, spread, weighs, claim)))
    return in_proportion(balance, claims, reasons)


def _reasons(
    rule: Rule, weights: Sequence[Decimal], scaled: Sequence[Decimal], found: tuple[Decimal, ...]
) -> tuple[Step, ...]:
    score, mean, spread, weighs, claim = found
    shown = tuple(
        pair
        for one, weight, z in zip(rule.criteria, weights, scaled, strict=True)
        for pair in ((f"w（{one.name.zh}）", weight), (f"z（{one.name.zh}）", z))
    )
    moved = (("E", weighs), ("k", spread), ("c", score), ("c̄", mean))
    return (
        Step(_SCORE, "c = Σ w·z", shown, score, "", rule.clause),
        Step(_TILT, "s = E·[1 + k·(c − c̄)]", moved, claim, "", rule.clause),
    )


def needs(balance: Balance, _: Rule) -> tuple[str, ...]:
    return ("base",) if balance.law is Law.ADDED else ()


def lacking_criteria(receivers: Sequence[Receiver], rule: Rule) -> list[tuple[Receiver, str]]:
    """Receivers to be scored, and which criterion they have no figure of."""
    free = (each for each in receivers if each.lock is None)
    return [(each, one.id) for each in free for one in rule.criteria if one.id not in each.criteria]


def criterion_weights(rule: Rule, scaled: Sequence[Sequence[Decimal]]) -> list[Decimal]:
    """The weights of the criteria, 1 together, stated or by entropy; all zero where nothing tells receivers apart."""
    if rule.weighting is Weighting.STATED:
        weights = [one.weight or ZERO for one in rule.criteria]
    else:
        weights = [ONE - entropy(figures) for figures in scaled]
    total = sum(weights, ZERO)
    return [(weight / total).quantize(_WEIGHT_PLACES) if total else ZERO for weight in weights]


def entropy(scaled: Sequence[Decimal]) -> Decimal:
    """Shannon's entropy of the shares, divided by its greatest value: 1 where all are alike; 0·ln 0 counts as 0."""
    total = sum(scaled, ZERO)
    if not total or len(scaled) == 1:
        return ONE
    shares = [each / total for each in scaled if each]
    return -sum((share * _LOGARITHMS.ln(share) for share in shares), ZERO) / _LOGARITHMS.ln(Decimal(len(scaled)))


def _scaled(figures: Sequence[Decimal], more: bool) -> list[Decimal]:
    """Min–max; all zero where they do not differ."""
    if not figures:
        return []
    low, high = min(figures), max(figures)
    if low == high:
        return [ZERO] * len(figures)
    return [(each - low if more else high - each) / (high - low) for each in figures]
