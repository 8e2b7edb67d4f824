"""The refinement loop and its rules: inspect, blame, evolve, accept, verify, gates."""
