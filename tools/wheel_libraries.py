"""Puts the browser libraries that pyproject.toml lists into a wheel; hatchling refuses one that is not there."""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class WheelLibraries(BuildHookInterface):  # type: ignore[type-arg]
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """An editable install uses the working tree: it needs none, and comes before npm has brought them."""
        if version == "standard":
            build_data["force_include"] |= self.config["libraries"]
