"""公文: official papers as .docx in the form of GB/T 9704—2012, the same file for the same words of the same day."""
