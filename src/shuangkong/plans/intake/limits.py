"""How much of a file is read, and why so much: bounds of machines, not of policy.

The longest plan known is about 60,000 characters on about 40 pages; every bound leaves an order of magnitude above
that and still keeps one reading under a gibibyte and ten seconds.
"""

from __future__ import annotations

#: Whole file. A plan with photographs of its annexes stays under this; a hundred megabytes is not a plan.
UPLOAD_BYTES = 50 * 1024 * 1024
#: Text of one document; what comes after grows with it.
TEXT_CHARACTERS = 2_000_000
#: Members of a .docx and the bytes of its directory: an office writes some dozens of members.
ARCHIVE_MEMBERS = 2_000
ARCHIVE_DIRECTORY_BYTES = 1024 * 1024
#: One unpacked XML part. 60,000 characters with heavy formatting take about 3 MB.
XML_BYTES = 64 * 1024 * 1024
#: ``<`` signs in one XML or HTML file: a node costs about 150 bytes once parsed, so 150 MB at most. A plan of 60,000
#: characters in which every character is a run of its own has 700,000.
MARKUP_TAGS = 1_000_000
#: Elements inside elements; the walk is recursive and Python stops at 1,000 frames.
MARKUP_DEPTH = 200
#: Cells of one table once merges are expanded (a colspan may claim anything).
TABLE_CELLS = 200_000
#: Pages of a .pdf.
PDF_PAGES = 500
#: Drawn paths of one page that are looked at for ruled lines; a page with more is a drawing, not a table.
PDF_PAGE_PATHS = 20_000
