"""重污染天气应急 (weather): lists of measures (应急减排清单), orders, daily emissions; all of it only grows."""
