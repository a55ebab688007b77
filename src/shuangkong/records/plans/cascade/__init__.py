"""上下级衔接: which plan follows, replaces or amends which; what they owe each other; who answers for it."""
