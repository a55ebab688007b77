"""重点用能单位名单: who stands in which list (百家、千家、万家) from when until when, as the lists were published."""
