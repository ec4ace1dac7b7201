"""Keys of the client's own: what they encrypt stays readable here, what they sign is signed; who may use them is enforced."""

from hashlib import sha256

from infra.local.realise import Idle, Resource, Site, realises, stands_idle
from infra.local.template import Address

_REASON = "nothing here is encrypted at rest; the permissions on it are enforced"


SIGNS = "SIGN_VERIFY"


@realises(
    "AWS::KMS::Key",
    "KeySpec KeyUsage",
    {
        "Description": "nobody reads it here",
        "Enabled": "no key is switched off here",
        "EnableKeyRotation": "nothing here is encrypted at rest",
        "KeyPolicy": "roles alone say here who may use a key",
        "MultiRegion": "there is one Region here",
        "PendingWindowInDays": "no key is deleted here",
        "Tags": "tags are not kept",
    },
)
def key(site: Site, resource: Resource) -> Address | Idle:
    """A key that signs is one of the emulated service; a deployment that is kept keeps its private half."""
    if resource.get("KeyUsage", "ENCRYPT_DECRYPT") != SIGNS:
        return Idle(_key(site, resource), _REASON)
    spec = str(resource.need("KeySpec"))
    made = site.service("kms").create_key(KeyUsage=SIGNS, KeySpec=spec)["KeyMetadata"]
    site.inventory.signing_keys[f"{resource.stack}/{resource.logical_id}/{spec}"] = made["KeyId"]
    return Address(made["KeyId"], {"Arn": made["Arn"], "KeyId": made["KeyId"]})


def _key(site: Site, resource: Resource) -> Address:
    mark = sha256(f"{resource.stack}/{resource.logical_id}".encode()).hexdigest()
    key_id = f"{mark[:8]}-{mark[8:12]}-{mark[12:16]}-{mark[16:20]}-{mark[20:32]}"
    return Address(key_id, {"Arn": site.arn("kms", f"key/{key_id}"), "KeyId": key_id})


def _alias(site: Site, resource: Resource) -> Address:
    name = str(resource.get("AliasName", resource.logical_id))
    return Address(name, {"AliasArn": site.arn("kms", name)})


stands_idle("AWS::KMS::Alias", _REASON, _alias)
