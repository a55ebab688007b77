"""名录: regions and responsible bodies over time (GB/T 2260 行政区划代码; 责任单位)."""
