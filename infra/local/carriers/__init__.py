"""The carriers' counters: a request is read off the wire, checked against the service's own model, and answered on the wire.

So boto3, unmodified, cannot tell the outside world of this machine from the real one.
"""
