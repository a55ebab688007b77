"""人员: who may log in. Roles and organisations are added to Person when they come."""
