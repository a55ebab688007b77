"""Pages for what went wrong: what happened, and what to do next."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from shuangkong.core.dated import NotInForce
from shuangkong.protocols.nhjc.messages import Wrong, answer
from shuangkong.records.refusal import Refused
from shuangkong.web.site.words import spoken

_UPLINK = "/uplink/"
#: Methods that change nothing.
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
#: What changes the same, done once or twice: drafts and versions of returns.
ONCE = frozenset(
    {"reporting:sign", "reporting:draft", "reporting:upload", "reporting:many_load", "reporting:many_sign"}
)


def _page(request: HttpRequest, status: int, heading: str, advice: str) -> HttpResponse:
    context = {"status": status, "heading": heading, "advice": advice}
    return render(request, "site/error.html", context, status=status)


@login_not_required
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 400, _("请求看不懂"), _("地址或表单里有一处格式不对。请返回上一页，检查后再试。"))


@login_not_required
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 403, _("不能这样做"), _("您没有这项权限。请用有权限的账户登录，或请管理员办理。"))


@login_not_required
def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page(
        request, 403, _("表单已过期"), _("页面打开太久，或浏览器没有保存登录信息。请返回上一页，刷新后重新提交。")
    )


@login_not_required
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 404, _("没有这个页面"), _("地址可能写错了，或所指的内容不存在。请从左侧目录重新进入。"))


@login_not_required
def too_large(request: HttpRequest) -> HttpResponse:
    limit = settings.UPLOAD_LIMIT_BYTES // 1024**2
    advice = _("单个文件不能超过 %(limit)d MB。请去掉图片，或另存为 .docx、.txt 后再试。") % {"limit": limit}
    return _page(request, 413, _("文件太大"), advice)


@login_not_required
def unkept_sign(request: HttpRequest) -> HttpResponse:
    """Access ends of units are answered in the words of their interface."""
    if request.path_info.startswith(_UPLINK):
        return JsonResponse(answer([Wrong("$", "没有空字符的文字 text without U+0000", "U+0000")]), status=400)
    advice = _("SIT-101 送来的文字里有不可见的空字符（U+0000），系统不能保存。请返回上一页，重新输入那一栏，再提交。")
    return _page(request, 422, _("请求看不懂"), advice)


def unfit(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """What a page did not tell itself."""
    return _page(request, 422, _("没有办成"), f"{refusal.code} {spoken(refusal.message)}")


def not_laid_down(request: HttpRequest, lack: NotInForce) -> HttpResponse:
    """Of a page for a time in which a rule that it goes by is not in force."""
    advice = _(
        "SIT-102 %(day)s 没有生效的规定（%(rule)s），这一页算不出来。请改看别的时间；那时应有规定的，请管理员补充。"
    ) % {"day": lack.day, "rule": lack.parameter}
    return _page(request, 422, _("那时没有规定"), advice)


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    """Of what would change something nobody knows whether it did: the line to the database may have broken while it
    was being kept, or a first part of it stands."""
    advice = _("页面没有打开，数据没有改动。请稍后再试；仍然出错时，请把时间和地址告诉管理员。")
    if request.method not in SAFE:
        advice = _(
            "不能确定刚才的操作有没有记下。请先打开该项看它现在的状态，确实没有记下的再办：已经记下的再办一次，可能"
            "成为两次。仍然出错时，请把时间和地址告诉管理员。"
        )
        if request.resolver_match and request.resolver_match.view_name in ONCE:
            advice = _(
                "不能确定刚才的操作有没有记下。请打开该项看它现在的状态；没有记下的再办一次，同样的报表报两次仍是"
                "一份。仍然出错时，请把时间和地址告诉管理员。"
            )
    return _page(request, 500, _("系统出错了"), advice)
