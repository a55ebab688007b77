"""人员: pages for coming in, for one's own account, and for those who say who may do what."""
