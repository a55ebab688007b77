"""核心名词: the nouns that several rooms speak of. Knows no room, no framework, no clock."""
