"""部门统计的说法: fields, kinds of department and factors in the language of the page."""

from __future__ import annotations

from django.utils.translation import gettext as _


def field_word(name: str) -> str:
    words = {
        "energy": _("能源"),
        "carbon": _("碳排放"),
        "water": _("用水"),
        "sewage": _("污水、污泥"),
        "waste": _("生活垃圾"),
        "circular": _("回收能、可再生能源、循环利用"),
        "agriculture": _("农业"),
        "buildings": _("建筑"),
        "transport": _("交通运输"),
        "public_institutions": _("公共机构"),
        "solvents": _("溶剂"),
        "economy": _("经济结构"),
        "industry": _("工业"),
    }
    return words[name]


def supplier_word(owner: str) -> str:
    """The kind of department that supplies an indicator; as the policy file says where it names another."""
    words = {
        "交通运输": _("交通运输"),
        "住房城乡建设": _("住房城乡建设"),
        "农业农村": _("农业农村"),
        "发展改革": _("发展改革"),
        "商务": _("商务"),
        "工业和信息化": _("工业和信息化"),
        "市场监管": _("市场监管"),
        "机关事务": _("机关事务"),
        "林业": _("林业"),
        "水利": _("水利"),
        "生态环境": _("生态环境"),
        "科技": _("科技"),
        "统计": _("统计"),
        "能源": _("能源"),
    }
    return words.get(owner, owner)


def factor_word(name: str) -> str:
    words = {"coal": _("煤品"), "oil": _("油品"), "gas": _("天然气"), "grid": _("电网")}
    return words[name]
