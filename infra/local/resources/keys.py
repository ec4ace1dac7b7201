"""Keys of the client's own: what they encrypt stays readable here, who may use them is enforced."""

from hashlib import sha256

from infra.local.realise import Resource, Site, stands_idle
from infra.local.template import Address

_REASON = "nothing here is encrypted at rest; the permissions on it are enforced"


def _key(site: Site, resource: Resource) -> Address:
    mark = sha256(f"{resource.stack}/{resource.logical_id}".encode()).hexdigest()
    key_id = f"{mark[:8]}-{mark[8:12]}-{mark[12:16]}-{mark[16:20]}-{mark[20:32]}"
    return Address(key_id, {"Arn": site.arn("kms", f"key/{key_id}"), "KeyId": key_id})


def _alias(site: Site, resource: Resource) -> Address:
    name = str(resource.get("AliasName", resource.logical_id))
    return Address(name, {"AliasArn": site.arn("kms", name)})


stands_idle("AWS::KMS::Key", _REASON, _key)
stands_idle("AWS::KMS::Alias", _REASON, _alias)
