"""公文: official papers filled from the records, each with its row in the journal, and the pages that make them."""
