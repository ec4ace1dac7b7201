"""What starts functions: queues, streams, schedules, events, topics and HTTP routes, each as AWS documents it."""
