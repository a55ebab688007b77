"""公布的历史: levels, changes and promises that were published, and whether the rules reproduce them."""
