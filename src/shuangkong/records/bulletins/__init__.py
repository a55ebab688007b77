"""公报 (bulletins): what was published of the indicators of a place's areas, frozen as it was published."""
