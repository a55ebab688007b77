"""用能单位上传的页面: the platform's side of the upload, and who uploads what how well."""
