"""What the law wants said, and the variables that say it: proved from the template, never taken on its author's word alone."""

from recobro.domain.rendering import channel_name, used
from recobro.domain.template import Part
from recobro.law.content import LINK

CARRIED_BY: dict[str, tuple[frozenset[str], ...]] = {
    "creditor_name": (frozenset({"creditor_name"}), frozenset({"creditor_legal_name"}), frozenset({"who"})),
    "agency_name": (frozenset({"agency_name"}), frozenset({"agency_legal_name"}), frozenset({"who"})),
    "agent_name": (frozenset({"agent_name"}),),
    "responsible_persons": (frozenset({"agent_name"}),),
    "agency_address_phone": (frozenset({"agency_address", "agency_phone"}),),
    "contract_ref": (frozenset({"items"}), frozenset({"list"}), frozenset({"refs"})),
    "debt_ref": (frozenset({"items"}), frozenset({"list"}), frozenset({"refs"})),
    "amount": (frozenset({"amount"}),),
    "amount_date": (frozenset({"amount_date"}), frozenset({"breakdown"})),
    "amount_breakdown": (frozenset({"breakdown"}),),
    "settlement_conditions": (frozenset({"pay_ways"}), frozenset({"pay_ways_brief", "link"})),
    "creditor_complaint_unit": (frozenset({"complaint_unit"}),),
    "pay_only_to_creditor": (frozenset({"pay_only_to"}),),
    "channels_offered": (frozenset({"channels_offered"}),),
    "reply_or_optout_path": (
        frozenset({"opt_out"}),
        frozenset({"unsubscribe"}),
        frozenset({"agency_phone"}),
        frozenset({"agency_phone_spoken"}),
    ),
    "terms": (frozenset({"plan_list", "plan_total"}),),
    "discount_or_waiver": (frozenset({"plan_discount"}),),
    "allocation_principal_interest_fees": (frozenset({"plan_allocation"}),),
    "creditor_account_ref": (frozenset({"plan_refs"}),),
    "balance_breakdown": (frozenset({"plan_breakdown"}),),
    LINK: (frozenset({"link"}),),
}
"""Item → the sets of variables any of which carries it."""

OPENS_THE_PAGE = frozenset({"push"})
"""A push is a link: tapping it opens the page, where everything stands and everything can be answered."""


def provided(part_name: str, part: Part, filled: frozenset[str] | None = None) -> frozenset[str]:
    """The items that a part carries: by its variables, and by its words where no variable could (`provides`).

    filled: the variables that have words in one message; an empty one carries nothing. None: as if all had.
    """
    variables = set(used(part_name, part))
    if filled is not None:
        variables &= filled
    carried = {item for item, ways in CARRIED_BY.items() if any(way <= variables for way in ways)}
    if channel_name(part_name) in OPENS_THE_PAGE:
        carried |= {LINK, "reply_or_optout_path"}
    spoken = {item for item in part.provides if item not in CARRIED_BY or item == "reply_or_optout_path"}
    return frozenset(carried | spoken)
