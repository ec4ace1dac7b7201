"""The pool that vouches for the agency's people in the tests, as the template would have it."""

from infra.local.inventory import Application, UserPool

OURS = "https://pagos.example.com"
APPLICATION = "1h57kf5cpq17m0eml12EXAMPLE"
POOL = "us-east-1_EXAMPLE01"


def pool() -> UserPool:
    """With a group for each that the console knows, and one application."""
    allowed = Application(
        APPLICATION,
        (f"{OURS}/console/back",),
        (f"{OURS}/console/out",),
        ("openid",),
        token_seconds=1_800,
        renewal_seconds=36_000,
        revokes=True,
    )
    return UserPool(
        POOL,
        f"arn:aws:cognito-idp:us-east-1:111122223333:userpool/{POOL}",
        f"https://cognito-idp.us-east-1.amazonaws.com/{POOL}",
        "https://recobro-sample.auth.us-east-1.amazoncognito.com",
        ["supervisor", "agent"],
        {APPLICATION: allowed},
    )
