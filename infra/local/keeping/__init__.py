"""Yesterday's portfolio is there today: what the tables, buckets, queues and secrets hold outlives the process."""
