"""What an operator writes beside an order outlives the person it is about: in the chain, and in the register of who was erased."""

from recobro.domain.about_whom import names_of, words_of
from recobro.domain.debtor import Debtor
from recobro.domain.naming import Naming
from recobro.errors import InvalidInput
from recobro.intake.at_home import at_home

ENOUGH = 2
"""Words of somebody's name that call them; one may be any word ("prueba"), or somebody else's."""


def naming_of(debtor: Debtor) -> Naming:
    """What an input may name the person by: id, addresses, identity number. A name alone may be somebody else's."""
    number = debtor.personal.national_id.rpartition(":")[2]
    addresses = tuple(debtor.personal.points.values())
    homely = (form for one in addresses if one.startswith("+") for form in at_home(one))
    return Naming((debtor.id, *addresses, *homely, number))


def refuse_what_names(debtor: Debtor, field: str, text: str) -> None:
    """Raises InvalidInput where a text that stays for good names the person: by address, number or name."""
    if naming_of(debtor).is_in(text) or len(names_of(debtor) & words_of(text)) >= ENOUGH:
        fix = 'name the letter, not the person ("letter of 9 March, file 12")'
        raise InvalidInput(field, "names the person, and stays when they are forgotten", fix)
