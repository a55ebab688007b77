"""From where a request came."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

from shuangkong.records.people.sign_ins import Whence

_AGENT_SIGNS = 200
#: What one subscriber has: who may take any address of a network counts as one.
_NETWORK_BITS = 64


def whence_of(request: HttpRequest) -> Whence:
    """The address that the front server saw, where there is one; else that of the connection."""
    told = request.META.get("REMOTE_ADDR", "")
    if settings.SECURE_PROXY_SSL_HEADER:
        # Only what the front server added itself, at the end, is true: the rest is whatever the user sent.
        told = request.META.get("HTTP_X_FORWARDED_FOR", told).rpartition(",")[2].strip()
    return Whence(_address(told), request.META.get("HTTP_USER_AGENT", "")[:_AGENT_SIGNS])


def _address(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        return ""


def network_of(address: str) -> str:
    """What tries are counted by: the address, of IPv6 its network."""
    if address and isinstance(ip_address(address), IPv6Address):
        return str(ip_network(f"{address}/{_NETWORK_BITS}", strict=False))
    return address
