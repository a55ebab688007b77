"""Operations of one subject: each with its action, its answer, and the faults that every call may meet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ninja import Router, Schema

from shuangkong.records.people.roles import Action
from shuangkong.web.api.faults import Fault
from shuangkong.web.api.identity import needs

#: What any operation may answer besides what was asked for.
_FAULTS: dict[int, Any] = dict.fromkeys((400, 401, 403, 404, 405, 413, 422), Fault)

type Declared = Callable[[Callable[..., Any]], Callable[..., Any]]


class Made(Schema):
    """The number of what was made."""

    id: int


class Done(Schema):
    """It is recorded."""

    done: bool = True


class Room(Router):
    """A subject. ``action`` None: whoever may come in at all."""

    def reads(self, path: str, action: Action | None, answer: Any) -> Declared:
        """An operation that changes nothing."""
        return self.get(path, auth=needs(action), response={200: answer} | _FAULTS, openapi_extra=_said(action))

    def does(self, path: str, action: Action, answer: Any) -> Declared:
        """An operation that records something; its row stands in the journal."""
        return self.post(path, auth=needs(action), response={200: answer} | _FAULTS, openapi_extra=_said(action))

    def takes_in(self, path: str, action: Action, answer: Any, media: tuple[str, ...]) -> Declared:
        """An operation whose body is a file of one of some media; it reads it from the request itself."""
        content = {each: {"schema": {"type": "string", "format": "binary"}} for each in media}
        extra = _said(action) | {"requestBody": {"required": True, "content": content}}
        return self.post(path, auth=needs(action), response={200: answer} | _FAULTS, openapi_extra=extra)

    def hands_out(self, path: str, action: Action, media: str) -> Declared:
        """An operation that answers with a file of a medium."""
        content = {media: {"schema": {"type": "string", "format": "binary"}}}
        extra = _said(action) | {"responses": {200: {"description": "OK", "content": content}}}
        return self.get(path, auth=needs(action), response={200: None} | _FAULTS, openapi_extra=extra)


def _said(action: Action | None) -> dict[str, Any]:
    return {"x-action": action.value} if action else {}
