"""What is measured: ``python -m bench`` measures all and writes RESULTS.md, ``python -m bench reader`` one part."""
