"""批量交换: tables of tasks, owners, progress, bodies and appointments in, whole or in part; tables out."""
