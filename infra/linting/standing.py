"""Every finding of Checkov and Bandit that stands, one row each with its reason; a row without a finding fails the tests too."""

OWN_KEYS = (
    "encrypted by a key of AWS's own: a key of ours costs by the month, idle or not (infra/decisions/0006)"
)

CHECKOV: dict[str, tuple[str, str]] = {
    "CKV_AWS_26": ("AWS::SNS::Topic", OWN_KEYS),
    "CKV_AWS_27": ("AWS::SQS::Queue", OWN_KEYS),
    "CKV_AWS_119": ("AWS::DynamoDB::Table", OWN_KEYS),
    "CKV_AWS_149": ("AWS::SecretsManager::Secret", OWN_KEYS),
    "CKV_AWS_158": ("AWS::Logs::LogGroup", f"{OWN_KEYS}; logs hold ids and no personal data"),
    "CKV_AWS_173": ("AWS::Lambda::Function", f"{OWN_KEYS}; variables hold names of resources, no secret"),
    "CKV_AWS_115": (
        "AWS::Lambda::Function",
        "a day-old account may reserve no concurrency at all; queues cap how many copies run, the API is throttled",
    ),
    "CKV_AWS_116": (
        "AWS::Lambda::Function",
        "it would see asynchronous calls only: queues and stream have their own, the next sweep makes a failed one good",
    ),
    "CKV_AWS_117": (
        "AWS::Lambda::Function",
        "nothing it talks to has a private address; a network of our own would cost by the hour and start slower",
    ),
    "CKV_AWS_18": (
        "AWS::S3::Bucket.AccessLogs",
        "it is where access is logged to: it would log its own logging",
    ),
    "CKV_AWS_21": ("AWS::S3::Bucket.AccessLogs", "S3 alone writes there, and never the same name twice"),
}
"""Check → what it may stand on (a type, or a type and how the logical id begins), reason."""

BANDIT: dict[tuple[str, str], str] = {
    ("B107", "layers/recobro/python/recobro/adapters/gateways/asking.py"): "the default is no key at all",
    (
        "B405",
        "layers/recobro/python/recobro/adapters/portfolio/xlsx.py",
    ): "only its ParseError is taken, to be caught",
    ("B102", "infra/simulation/runtime.py"): "runs our own handlers, each copy in a module of its own",
    ("B102", "infra/races/scene.py"): "runs our own handlers, each raced process in a module of its own",
    ("B101", "infra/simulation"): "tells the type checker what the caller saw to",
    ("B105", "infra/local/process.py"): "what boto3 asks for on a machine that has no account",
    ("B105", "infra/local/managed_login.py"): "what kind of token it is, as every token says",
    ("B105", "infra/simulation/system.py"): "the key of a gateway that exists in simulated months only",
    (
        "B105",
        "layers/recobro/python/recobro/understanding/folding.py",
    ): "the signs that may stand in a sum of money",
    ("B106", "infra/stack"): "an empty JSON object, which AWS fills",
    ("B406", "infra/local/carriers/writing.py"): "escapes what is written; nothing is read",
    ("B311", "infra"): "invented worlds are seeded on purpose; nothing secret is drawn in them",
    ("B404", "infra"): "runs the project's own build tools",
    ("B603", "infra"): "a list of words, never a shell's line",
}
"""(test, file or folder) → reason."""
