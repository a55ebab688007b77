"""The tiny language: what it reads, and what it refuses by name and position. Nothing makes it fall over."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shuangkong.policyfile.expression import ExpressionRefused, nodes, parse
from shuangkong.policyfile.expression.constructs import CONSTRUCTS
from shuangkong.policyfile.expression.parsing import DEEPEST, LONGEST
from shuangkong.policyfile.node import Place

#: (text, code, character from 1 or None, what the Chinese message names)
REFUSED = [
    ("a ** 2", "POL-037", 1, "乘方 **"),
    ("b + a ^ 2", "POL-037", 1, "乘方 ^"),
    ("a % b", "POL-037", 1, "取余"),
    ("a // b", "POL-037", 1, "整除"),
    ("a @ b", "POL-037", 1, "矩阵乘"),
    ("a + log(b)", "POL-037", 5, "log(b)"),
    ("__import__(a)", "POL-037", 1, "__import__(a)"),
    ("a.value", "POL-037", 1, "属性“a.value”"),
    ("a[0]", "POL-037", 1, "下标“a[0]”"),
    ("a + 'x'", "POL-037", 5, "文字 'x'"),
    ('a + f"{b}"', "POL-037", 5, "文字"),
    ("[a, b]", "POL-037", 1, "列表"),
    ("(a, b)", "POL-037", 1, "一组数"),
    ("{a, b}", "POL-037", 1, "集合"),
    ("{a: b}", "POL-037", 1, "字典"),
    ("sum(a for b in c)", "POL-037", 4, "循环"),
    ("[a for b in c]", "POL-037", 1, "循环"),
    ("for a in b: c", "POL-037", 1, "程序语句“for”"),
    ("while a: b", "POL-037", 1, "程序语句“while”"),
    ("import os", "POL-037", 1, "程序语句“import”"),
    ("lambda: a", "POL-037", 1, "lambda"),
    ("(a := b)", "POL-037", 2, "赋值"),
    ("sum(*a)", "POL-037", 5, "展开"),
    ("+a", "POL-037", 1, "正号"),
    ("~a", "POL-037", 1, "按位取反"),
    ("a & b", "POL-037", 1, "按位运算 &"),
    ("a if b in c else d", "POL-037", 6, "属于 in"),
    ("a if b is c else d", "POL-037", 6, "同一 is"),
    ("a if 0 < b < c else d", "POL-037", 6, "连续比较"),
    ("a + True", "POL-037", 5, "常量“True”"),
    ("a + 1e3", "POL-037", 5, "数值写法“1e3”"),
    ("a + 0x1F", "POL-037", 5, "数值写法“0x1F”"),
    ("a + 1_000", "POL-037", 5, "数值写法“1_000”"),
    ("a + .5", "POL-037", 5, "数值写法“.5”"),
    ("a + 5.", "POL-037", 5, "数值写法“5.”"),
    ("a + 05", "POL-037", 5, "数值写法“05”"),
    ("a + 2j", "POL-037", 5, "数值写法“2j”"),
    ("a + " + "9" * 41, "POL-037", 5, "数值写法"),
    ("a + Gdp", "POL-037", 5, "名称“Gdp”"),
    ("a + min", "POL-037", 5, "名称“min”"),
    ("min(a)", "POL-037", 1, "“min”的写法"),
    ("abs(a, b)", "POL-037", 1, "“abs”的写法"),
    ("max(a, b, key=c)", "POL-037", 1, "的写法"),
    ("a / b  # 说明", "POL-037", 8, "注释"),
    ("a ＋ b", "POL-036", 3, "“＋”"),
    ("（a + b）", "POL-036", 1, "“（”"),
    ("能耗 / b", "POL-036", 1, "“能”"),
    ("a +", "POL-035", None, "读不懂"),
    ("", "POL-035", None, "读不懂"),
    ("   ", "POL-035", None, "读不懂"),
    ("a + (b", "POL-035", None, "读不懂"),
    ("a) + (b", "POL-035", None, "读不懂"),
    ("a b", "POL-035", None, "读不懂"),
    ("a; b", "POL-035", None, "读不懂"),
    ("a if b > 0", "POL-035", None, "读不懂"),
    ("a + (b > c)", "POL-039", 6, "应为数值，实为“b > c”"),
    ("a if b else c", "POL-039", 6, "应为条件"),
    ("a if b > 0 and c else d", "POL-039", 16, "应为条件"),
    ("a if (b > c) == 0 else d", "POL-039", 7, "应为数值"),
    ("(a > b) if c > 0 else d", "POL-039", 2, "应为数值"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "column", "named"), REFUSED)
def test_all_but_arithmetic_is_refused_by_name_and_position(
    text: str, code: str, column: int | None, named: str
) -> None:
    with pytest.raises(ExpressionRefused) as refused:
        parse(text)
    finding = refused.value.finding(Place("policy/x.yaml", 7))
    assert finding.code == code
    assert finding.place == "policy/x.yaml:7"
    assert named in finding.message.zh
    # Where Python's grammar stops reading is Python's to say, and its versions differ.
    found = column or refused.value.at + 1
    assert 1 <= found <= len(text) + 1
    assert f"第 {found} 个字符" in finding.message.zh
    assert f"{found}" in finding.message.en


def test_every_refusal_says_what_to_do_in_both_languages() -> None:
    for zh, en, (advice, advice_en) in CONSTRUCTS.values():
        assert all((zh, en, advice, advice_en))


def test_an_expression_is_read_into_parts() -> None:
    expression = parse("25 if done >= due else\n 25 * max(0, done) / due")
    assert expression.names == ("done", "due")
    assert not expression.is_condition
    match expression.root:
        case nodes.Choice(condition=nodes.Comparison(relation=">="), then=nodes.Literal(value=marks)):
            assert marks == Decimal(25)
        case other:
            pytest.fail(f"{other}")


def test_a_literal_is_the_decimal_that_is_written() -> None:
    root = parse("0.1000000000000000000000000000000000001").root
    assert isinstance(root, nodes.Literal)
    assert str(root.value) == "0.1000000000000000000000000000000000001"


def test_a_condition_is_told_from_a_number() -> None:
    assert parse("abs(a - b) <= 0.3 * b").is_condition
    assert parse("not (a > 1 or b > 1) and c > 1").is_condition
    assert not parse("a - b").is_condition


def test_product_goes_before_sum_and_brackets_before_both() -> None:
    assert parse("a + b * c").root != parse("(a + b) * c").root
    root = parse("a - b - c").root
    assert isinstance(root, nodes.Arithmetic)
    assert isinstance(root.left, nodes.Arithmetic)


#: Texts that other readers fall over.
GREEDY = [
    "(" * LONGEST,
    "(" * 900 + "a" + ")" * 900,
    "-" * (LONGEST - 1) + "a",
    "not " * 400 + "a",
    "a+" * 900 + "a",
    "a if b>c else " * 140 + "a",
    "abs(" * 150 + "a" + ")" * 150,
    "[" * 1000,
    "9" * LONGEST,
    "a" * 10_000,
    "1+" * 5_000 + "1",
    "(" * 10_000,
    "lambda:" * 250 + "a",
    "a\x00b",
    "a\\\nb",
]


@pytest.mark.parametrize("text", GREEDY, ids=range(len(GREEDY)))
def test_greedy_text_is_refused_within_bounds(text: str) -> None:
    with pytest.raises(ExpressionRefused):
        parse(text)


def test_as_deep_as_allowed_is_read() -> None:
    parse("-" * (DEEPEST - 1) + "a")
    with pytest.raises(ExpressionRefused, match="POL-038"):
        parse("-" * DEEPEST + "a")
    parse("sum(" + ", ".join(f"a{number}" for number in range(200)) + ")")


@given(st.text(alphabet="ab12.+-*/()<>=! ,ifelsnotadr\n", max_size=60) | st.text(max_size=40))
@example("1if a>b else 2")
@example("a\r\n+b")
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        expression = parse(text)
    except ExpressionRefused as refused:
        refused.finding(Place("policy/x.yaml", 1))
    else:
        assert parse(expression.text) == expression
