"""烟气计算: concentrations at standard state, dry, at reference oxygen; flows; amounts. Points and columns agree."""
