"""逐版公布的文稿: what is prepared, signed off by another, published and then only replaced by a next edition."""
