"""传输率、有效率、公布率、覆盖率: shares with the numerators and denominators that they are of."""
