"""Where trajectories execute: the embedded world, recordings, and workers around third-party environments."""
