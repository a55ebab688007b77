"""联网直报: windows, who owes which form, returns with every version, what was explained, judged and approved."""
