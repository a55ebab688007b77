"""拒收的理由: every way in which a file cannot become text, one row each; codes are never reused."""

from __future__ import annotations

from shuangkong.plans.document import DocumentRefused

_TO_DOCX = "请用 WPS 或 Word 打开，另存为 .docx 后重新上传"
_TO_DOCX_EN = "Open it in WPS or Word, save it as .docx and upload that"

#: code → (Chinese, English). ``{name}`` is the file; the other words are given by the door that refuses.
REFUSALS: dict[str, tuple[str, str]] = {
    "PLN-901": (
        "“{name}”太大：应不超过 {expected}，实为 {found}。请只上传方案正文（去掉图片或拆分附件）。",
        "“{name}” is too large: expected at most {expected}, found {found}. Upload the plan itself, without pictures.",
    ),
    "PLN-902": (
        "“{name}”里没有文字：应为方案全文，实为空白内容。请检查是否选错文件。",
        "“{name}” holds no text: expected the text of a plan, found nothing. Check that it is the right file.",
    ),
    "PLN-903": (
        "“{name}”不是可读的方案文件：应为 .docx、.pdf、.html 或 .txt，实为{found}。" + _TO_DOCX + "。",
        "“{name}” is not a readable plan: expected .docx, .pdf, .html or .txt, found {found_en}. " + _TO_DOCX_EN + ".",
    ),
    "PLN-904": (
        "“{name}”的文字编码损坏（{where}）：应为 UTF-8、GB18030 或 UTF-16，实为{found}。"
        "请重新取得文件，或另存为 UTF-8。",
        "“{name}” has damaged text ({where_en}): expected UTF-8, GB18030 or UTF-16, found {found_en}."
        " Fetch it again or save it as UTF-8.",
    ),
    "PLN-905": (
        "“{name}”是旧版二进制格式（.doc 或 .wps）：应为 .docx。" + _TO_DOCX + "（文件 → 另存为 → Word 文档 *.docx）。",
        "“{name}” is in the old binary format (.doc or .wps): expected .docx. " + _TO_DOCX_EN + " (File → Save as).",
    ),
    "PLN-906": (
        "“{name}”已加密：应为可直接打开的文件，实为需要密码。请取消密码后另存，再上传。",
        "“{name}” is encrypted: expected a file that opens without a password, found one that needs it."
        " Remove the password, save and upload again.",
    ),
    "PLN-907": (
        "“{name}”损坏或不完整（{where}）：应为完整的 {expected} 文件，实为无法解读的内容。请重新取得或重新导出该文件。",
        "“{name}” is broken or cut off ({where}): expected a whole {expected} file, found what makes no sense."
        " Fetch it or export it again.",
    ),
    "PLN-908": (
        "“{name}”的内部结构超出限度（{where}）：应不超过 {expected}，实为 {found}。可能是恶意构造；" + _TO_DOCX + "。",
        "“{name}” goes beyond what a document needs ({where}): expected at most {expected}, found {found}."
        " It may be hostile. " + _TO_DOCX_EN + ".",
    ),
    "PLN-909": (
        "“{name}”含有不安全的 XML（{where}）：应没有 DTD 和实体声明，实为{found}。" + _TO_DOCX + "。",
        "“{name}” holds unsafe XML ({where}): expected no DTD and no entities, found {found}. " + _TO_DOCX_EN + ".",
    ),
    "PLN-910": (
        "“{name}”缺少正文（{where}）：应为 Word 文档，实为{found}。" + _TO_DOCX + "。",
        "“{name}” has no main part ({where}): expected a Word document, found {found_en}. " + _TO_DOCX_EN + ".",
    ),
    "PLN-911": (
        "“{name}”是扫描件或没有文字层（{where}）：应有可复制的文字，实为{found}。"
        "请先做文字识别（OCR），或上传 .docx 原件。",
        "“{name}” is scanned or has no text layer ({where}): expected text that can be copied, found {found_en}."
        " Run OCR first or upload the .docx it came from.",
    ),
    "PLN-912": (
        "读取“{name}”用时过长：应在 {expected} 秒内，已停止。请检查文件是否完整，或" + _TO_DOCX[1:] + "。",
        "Reading “{name}” took too long: expected at most {expected} s; it was stopped."
        " Check the file. " + _TO_DOCX_EN + ".",
    ),
    "PLN-913": (
        "读取“{name}”占用内存过多：应不超过 {expected}，已停止。请检查文件是否完整，或" + _TO_DOCX[1:] + "。",
        "Reading “{name}” needs too much memory: expected at most {expected}; it was stopped."
        " Check the file. " + _TO_DOCX_EN + ".",
    ),
    "PLN-914": (
        "读取“{name}”时意外中断：应得到结果，实为{found}。请重试；仍不行请把文件和此提示交给管理员。",
        "Reading “{name}” stopped unexpectedly: expected a result, found {found}."
        " Try again; if it persists, give the file and this message to the administrator.",
    ),
    "PLN-915": (
        "“{name}”不像工作方案：应有带编号的章或条（一、（一）、1. 或第一条），实为{found}，全文没有找到编号。"
        "请检查是否选错文件；若正文是图片或附件，请上传含正文的文件。",
        "“{name}” does not look like a plan: expected numbered chapters or items (一、（一）, 1. or 第一条),"
        " found {found} and no number in the whole text. Check that it is the right file and holds the plan itself.",
    ),
    "PLN-916": (
        "“{name}”没有嵌入中文字体（{where}）：应能在本机找到中文字体，实为没有，直接读会漏字。"
        "请在服务器上安装一种中文字体（如 fonts-noto-cjk）后重试，或上传 .docx 原件。",
        "“{name}” does not carry its Chinese fonts ({where_en}): expected a Chinese font on this machine, found none;"
        " read like this it would lose characters. Install one on the server (such as fonts-noto-cjk) and try again,"
        " or upload the .docx it came from.",
    ),
}


def refused(code: str, name: str, **facts: object) -> DocumentRefused:
    """The error to raise. ``*_en`` words default to their Chinese or neutral twins.

    Raises:
        KeyError: the code is unknown, or a word of its sentence was not given (a fault of the door, seen by its test).
    """
    zh, en = REFUSALS[code]
    return DocumentRefused(code, zh.format(name=name, **facts), en.format(name=name, **facts))


def bytes_as_words(count: int) -> str:
    """12345678 → ``11.8 MB``."""
    return f"{count / 1024 / 1024:.1f} MB"
