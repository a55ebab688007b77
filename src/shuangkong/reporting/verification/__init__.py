"""核查: cases of verification and what becomes of them; the bodies that verify, their re-checks and sanctions.

A suspicion or a draw opens a case; a visit finds; the unit corrects, or the figure is confirmed, or it was fraud and
goes on as a case of enforcement (统计法：统计监督检查；核查机构管理).
"""
