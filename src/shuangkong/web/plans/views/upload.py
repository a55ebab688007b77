"""读入文件: drop a document; it is read behind the fence, and review begins."""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shuangkong.core.finding import Message
from shuangkong.plans.document import DocumentRefused
from shuangkong.records.people.access import Forbidden
from shuangkong.records.people.roles import Action
from shuangkong.records.plans import store
from shuangkong.records.plans.attaching import Attachment
from shuangkong.records.plans.rows import PlanRow
from shuangkong.web.plans.studied import study
from shuangkong.web.site.access import acting_of, needs, seen
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link
from shuangkong.web.site.words import spoken


@require_http_methods(["GET", "POST"])
@needs(Action.PLAN_UPLOAD)
def upload(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return _form(request)
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        return _refused(request, "", _("没有收到文件。请选择一份 .docx、.pdf、.txt 或 .html 文件，再点“读入”。"))
    try:
        row = _read(request, file)
    except DocumentRefused as refusal:
        return _refused(request, refusal.code, spoken(Message(refusal.zh, refusal.en)))
    except Forbidden as refusal:
        return _refused(request, refusal.code, spoken(refusal.message))
    return _go(request, link(request, "plans:review", row.id, place="", period=""))


def _read(request: HttpRequest, file: UploadedFile[Any]) -> PlanRow:
    """The plan of this file: the one already read, else a new draft."""
    name, data = file.name or _("未命名"), file.read()
    known = store.file_plans(hashlib.sha256(data).hexdigest(), seen(request, Action.PLAN_READ))
    if known:
        messages.info(request, _("这个文件已经读入过，下面是已有的结果。"))
        return known[0]
    studied, by = study(name, data), acting_of(request)
    attached = store.attach_document(data, studied.document, studied.reading.head, by)
    if attached is not None:
        _tell_of(request, attached)
        if not attached.misplaced:
            return attached.plan
    return store.save_reading(data, studied.document, studied.reading, studied.findings, by)


def _tell_of(request: HttpRequest, attached: Attachment) -> None:
    """Whether the document of a plan that is here as facts could be kept with it, and why not."""
    counts = {"title": attached.plan.title, "compared": attached.compared, "misplaced": attached.misplaced}
    if not attached.misplaced:
        told = _(
            "原文已存到已有的方案“%(title)s”：%(compared)d 处标题和单位的位置都对得上。审阅、任务和目标页现在显示原句。"
        )
        messages.success(request, told % counts)
        return
    told = _(
        "已有文号、标题相同的方案“%(title)s”，但 %(compared)d 处标题和单位里有 %(misplaced)d 处位置对不上："
        "这是另一个版本或另一种文件格式。已作为另一份方案读入，原有方案不变。"
    )
    messages.warning(request, told % counts)


def limits() -> dict[str, int]:
    """What the upload form says of sizes, wherever it stands."""
    return {"limit": settings.UPLOAD_LIMIT_BYTES, "limit_mb": settings.UPLOAD_LIMIT_BYTES // 1024**2}


def _form(request: HttpRequest, code: str = "", refusal: str = "") -> HttpResponse:
    context = {
        "code": code,
        "refusal": refusal,
        **limits(),
    }
    return page(request, "plans/upload.html", context, status=422 if refusal else 200)


def _refused(request: HttpRequest, code: str, refusal: str) -> HttpResponse:
    if _is_script(request):
        return JsonResponse({"code": code, "refusal": refusal}, status=422)
    return _form(request, code, refusal)


def _go(request: HttpRequest, address: str) -> HttpResponse:
    if _is_script(request):
        return JsonResponse({"next": address})
    return HttpResponse(status=303, headers={"Location": address})


def _is_script(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "") == "application/json"
