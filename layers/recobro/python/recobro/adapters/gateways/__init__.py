"""One file a payment gateway: how its webhook is verified and what payment it tells of."""

from importlib import import_module

from recobro.errors import NotFound
from recobro.ports import Gateway

GATEWAYS = {
    "standard": ("standard", "StandardWebhooks"),
    "mercado_pago": ("mercado_pago", "MercadoPago"),
    "stripe": ("stripe", "Stripe"),
    "conekta": ("conekta", "Conekta"),
    "wompi": ("wompi", "Wompi"),
    "payu": ("payu", "PayU"),
    "openpay": ("openpay", "Openpay"),
    "khipu": ("khipu", "Khipu"),
    "fintoc": ("fintoc", "Fintoc"),
    "dlocal": ("dlocal", "DLocal"),
    "kushki": ("kushki", "Kushki"),
    "adyen": ("adyen", "Adyen"),
    "bold": ("bold", "Bold"),
    "epayco": ("epayco", "EPayco"),
    "izipay": ("izipay", "Izipay"),
    "paypal": ("paypal", "PayPal"),
}
"""Name in the route → file and class; a new gateway is a copy of a neighbour and a line here."""

ONE_TAP = frozenset({"mercado_pago", "stripe", "conekta", "wompi", "openpay", "khipu"})
"""Those that make links and are not experimental: a message may lead to them. Written down, so that a channel imports none of them."""


def gateway_named(name: str) -> Gateway:
    """Raises NotFound for a gateway that Recobro does not speak."""
    if name not in GATEWAYS:
        raise NotFound("no such gateway")
    module, kind = GATEWAYS[name]
    gateway: Gateway = getattr(import_module(f"recobro.adapters.gateways.{module}"), kind)()
    return gateway
