"""Secrets, generated as AWS would, and parameters."""

import json
import string
from hashlib import sha256
from typing import Any

from infra.local.realise import Resource, Site, realises
from infra.local.template import Address

PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
"""https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html"""


@realises(
    "AWS::SecretsManager::Secret",
    "Name GenerateSecretString SecretString KmsKeyId",
    {"Description": "nobody reads it here", "Tags": "tags are not kept"},
)
def secret(site: Site, resource: Resource) -> Address:
    name = resource.name("Name", 200)
    generated = resource.get("GenerateSecretString")
    text = resource.get("SecretString", "") if generated is None else _generated(site, generated)
    arn = site.service("secretsmanager").create_secret(Name=name, SecretString=text)["ARN"]
    # AWS ends a secret's ARN with six random characters; here they are the same on every start.
    site.inventory.secrets[name] = arn
    if "KmsKeyId" in resource.properties:
        site.inventory.keys[arn] = str(resource.get("KmsKeyId"))
    return Address(arn, {"Id": arn})


def _generated(site: Site, wanted: dict[str, Any]) -> str:
    alphabet = string.ascii_letters
    for flag, characters in (("Numbers", string.digits), ("Punctuation", PUNCTUATION)):
        if not wanted.get(f"Exclude{flag}", False):
            alphabet += characters
    if wanted.get("IncludeSpace", False):
        alphabet += " "
    for left_out in str(wanted.get("ExcludeCharacters", "")):
        alphabet = alphabet.replace(left_out, "")
    password = "".join(site.random.choice(alphabet) for _ in range(int(wanted.get("PasswordLength", 32))))
    if "GenerateStringKey" not in wanted:
        return password
    return json.dumps(
        {**json.loads(wanted.get("SecretStringTemplate", "{}")), wanted["GenerateStringKey"]: password}
    )


@realises(
    "AWS::SSM::Parameter",
    "Name Type Value",
    {"Description": "nobody reads it here", "Tags": "tags are not kept", "Tier": "costs nothing here"},
)
def parameter(site: Site, resource: Resource) -> Address:
    name = resource.name("Name", 200)
    value = str(resource.need("Value"))
    site.service("ssm").put_parameter(Name=name, Type=resource.need("Type"), Value=value)
    return Address(
        name, {"Type": resource.need("Type"), "Value": value, "Id": sha256(name.encode()).hexdigest()[:12]}
    )
