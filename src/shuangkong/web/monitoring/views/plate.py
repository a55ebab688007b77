"""设备铭牌: a plate to print and stick on a device: its number, and a code that leads to its page."""

from __future__ import annotations

import base64
from io import BytesIO

import qrcode
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET
from qrcode.image.svg import SvgPathImage

from shuangkong.records.monitoring.models import Connection, Device
from shuangkong.records.people.access import Where
from shuangkong.records.people.roles import Action
from shuangkong.web.site.access import needs, reached
from shuangkong.web.site.page import page


@require_GET
@needs(Action.MONITORING_READ)
def plate(request: HttpRequest, device_id: int) -> HttpResponse:
    """The code leads to the row of the device on this site; who may not see it is told so there."""
    device = Device.objects.select_related("region", "enterprise").filter(pk=device_id).first()
    if device is None:
        raise Http404(device_id)
    body = device.enterprise.body_id if device.enterprise else None
    where = Where(device.region.path, frozenset({body}) if body is not None else frozenset())
    reached(request, where, Action.MONITORING_READ)
    address = request.build_absolute_uri(reverse("monitoring:register_row", args=("devices", device.pk)))
    connected = Connection.objects.select_related("outlet").filter(device=device, ends_at=None).first()
    context = {"device": device, "address": address, "drawn": _drawn(address), "outlet": connected and connected.outlet}
    return page(request, "monitoring/plate.html", context)


def _drawn(address: str) -> str:
    """The address as a QR code: an SVG in a data: address."""
    drawn = BytesIO()
    qrcode.make(address, image_factory=SvgPathImage, box_size=12).save(drawn)
    return f"data:image/svg+xml;base64,{base64.b64encode(drawn.getvalue()).decode()}"
