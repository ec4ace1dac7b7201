"""What is shipped to Lambda: built from the repository and the locked requirements, without Docker, small enough to start
fast.
"""
