"""目标: targets, trajectories, progress (目标分解、进度). 国发 five-year plans: 目标责任制."""
