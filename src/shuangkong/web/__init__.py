"""页面: pages, forms, API; thin over records and the pure rooms."""
