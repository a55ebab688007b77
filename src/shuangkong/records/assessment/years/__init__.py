"""考核年度: assessments of objects by their superiors, from the launch to the archive."""
