"""Operating: what keeps the warehouse alive and looks after it."""
