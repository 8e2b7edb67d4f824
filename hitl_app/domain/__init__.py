"""What things are: tasks, trajectories, inspections, proposals, decisions. Frozen, pure standard library."""
