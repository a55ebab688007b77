"""重点减排工程: assignment, monthly dispatch, proof of running, recognised tonnes (调度管理)."""
