"""数据接口: the site's data for programmes of other departments: JSON under /api/v1/, described in OpenAPI."""
