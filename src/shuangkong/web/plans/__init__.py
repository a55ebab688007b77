"""方案: pages on plan documents: list, plan, measure, body, upload, review, audit."""
