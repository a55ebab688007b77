"""用能上传的质量: how complete and how consistent the figures are that key energy users upload."""
