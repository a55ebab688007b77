"""What the language has, and what its refusals call the constructs of Python that it does not have."""

from __future__ import annotations

import ast

from shuangkong.policyfile.expression.nodes import Function, Operator, Relation

FUNCTIONS: dict[str, Function] = {"min": "min", "max": "max", "abs": "abs", "sum": "sum"}
OPERATORS: dict[type[ast.AST], Operator] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
RELATIONS: dict[type[ast.AST], Relation] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}

_METHOD = ("请改用具名方法（method）", "Use a named method")
_PLAIN = ("请只写 + - * /、比较和 min max abs sum", "Write only + - * /, comparisons and min max abs sum")
_NAMES_ONLY = ("请直接写输入的名称", "Write the name of an input")
_ONE_BY_ONE = ("请逐项写出，如 sum(a, b, c)", "Write the items out, such as sum(a, b, c)")

#: construct → (Chinese, English, what to do in both); ``{word}`` is the piece of text.
CONSTRUCTS: dict[str, tuple[str, str, tuple[str, str]]] = {
    "Pow": ("乘方 **", "a power **", _METHOD),
    "BitXor": ("乘方 ^", "a power ^", _METHOD),
    "Mod": ("取余 %", "a remainder %", ("百分数请写 100 * a / b", "Write a percentage as 100 * a / b")),
    "FloorDiv": ("整除 //", "a floor division //", ("请用 /，取舍由修约规则决定", "Use /: rounding is the rule's")),
    "MatMult": ("矩阵乘 @", "a matrix product @", _METHOD),
    "LShift": ("移位 <<", "a shift <<", _PLAIN),
    "RShift": ("移位 >>", "a shift >>", _PLAIN),
    "BitAnd": ("按位运算 &", "a bit operation &", ("条件请用 and 连接", "Join conditions with and")),
    "BitOr": ("按位运算 |", "a bit operation |", ("条件请用 or 连接", "Join conditions with or")),
    "Invert": ("按位取反 ~", "a bit inversion ~", ("条件请用 not", "Deny a condition with not")),
    "UAdd": ("正号 +", "a plus sign", ("请删去", "Delete it")),
    "In": ("属于 in", "membership in", ("请逐个比较，用 or 连接", "Compare one by one and join with or")),
    "NotIn": ("不属于 not in", "membership not in", ("请逐个比较，用 and 连接", "Compare one by one, join with and")),
    "Is": ("同一 is", "identity is", ("请用 ==", "Use ==")),
    "IsNot": ("不同一 is not", "identity is not", ("请用 !=", "Use !=")),
    "chained": ("连续比较", "a chained comparison", ("请写成 a < b and b < c", "Write a < b and b < c")),
    "Call": ("函数“{word}”", "the call “{word}”", _METHOD),
    "arguments": (
        "“{word}”的写法",
        "the way “{word}” is used",
        (
            "abs 只接一项，min 和 max 至少两项，各项以逗号分开",
            "abs takes one item, min and max two or more, with commas",
        ),
    ),
    "Attribute": ("属性“{word}”", "the attribute “{word}”", _NAMES_ONLY),
    "Subscript": ("下标“{word}”", "the subscript “{word}”", _NAMES_ONLY),
    "text": ("文字 {word}", "text {word}", _NAMES_ONLY),
    "JoinedStr": ("文字 {word}", "text {word}", _NAMES_ONLY),
    "TemplateStr": ("文字 {word}", "text {word}", _NAMES_ONLY),
    "constant": ("常量“{word}”", "the constant “{word}”", ("请写数值或条件", "Write a number or a condition")),
    "Lambda": ("匿名函数 lambda", "a lambda", _METHOD),
    "List": ("列表“{word}”", "a list “{word}”", _ONE_BY_ONE),
    "Tuple": ("一组数“{word}”", "a tuple “{word}”", _ONE_BY_ONE),
    "Set": ("集合“{word}”", "a set “{word}”", _ONE_BY_ONE),
    "Dict": ("字典“{word}”", "a dictionary “{word}”", _ONE_BY_ONE),
    "ListComp": ("循环“{word}”", "a loop “{word}”", _METHOD),
    "SetComp": ("循环“{word}”", "a loop “{word}”", _METHOD),
    "DictComp": ("循环“{word}”", "a loop “{word}”", _METHOD),
    "GeneratorExp": ("循环“{word}”", "a loop “{word}”", _METHOD),
    "NamedExpr": ("赋值 :=", "an assignment :=", ("中间结果请另写一个指标", "Make the step an indicator of its own")),
    "Starred": ("展开 *", "an unpacking *", _ONE_BY_ONE),
    "Await": ("程序语句“await”", "the statement “await”", _METHOD),
    "Yield": ("程序语句“yield”", "the statement “yield”", _METHOD),
    "YieldFrom": ("程序语句“yield”", "the statement “yield”", _METHOD),
    "statement": ("程序语句“{word}”", "the statement “{word}”", _METHOD),
    "comment": ("注释 #", "a comment #", ("说明请写在 note 键下", "Write it under the key note")),
    "literal": (
        "数值写法“{word}”",
        "the number “{word}”",
        ("请写普通小数，如 1000、0.5，至多 40 位", "Write a plain decimal such as 1000 or 0.5, 40 digits at most"),
    ),
    "name": (
        "名称“{word}”",
        "the name “{word}”",
        ("名称用小写英文、数字和下划线，且不与函数同名", "Names are small letters, digits and _, and no function's"),
    ),
}
#: Longest piece of the text that a message repeats.
_SHOWN = 40


def construct(name: str, word: str = "") -> dict[str, str]:
    """What POL-037 is filled with for a construct; an unheard-of one is called by its name in Python's grammar."""
    shown = word if len(word) <= _SHOWN else f"{word[:_SHOWN]}…"
    zh, en, (advice, advice_en) = CONSTRUCTS.get(name, (name, name, _PLAIN))
    return {
        "what": zh.format(word=shown),
        "what_en": en.format(word=shown),
        "advice": advice,
        "advice_en": advice_en,
    }
