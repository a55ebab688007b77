"""重污染天气应急响应: orders, measures of enterprises by level, what they cut, and whether it was done."""
