"""An opt-out is never missed for its spelling, and a promise to pay is never mistaken for one."""

import pytest

from recobro.domain.masking import masked
from recobro.domain.opt_out import is_carriers_word, is_opt_out


@pytest.mark.parametrize(
    "words",
    ["STOP", "baja", "Baja.", "¡BAJA!", "no me escriban", "ya no me manden mensajes por favor no me molesten",
     "dejen de llamarme", "quiero darme de baja", "parem de me ligar", "stop texting me", "no molestar", "Hola, baja por favor, gracias"],
)  # fmt: skip
def test_no_means_no(words: str) -> None:
    assert is_opt_out(words)


@pytest.mark.parametrize(
    "words",
    ["quiero cancelar mi deuda el viernes", "¿para cuándo?", "le doy alto valor a pagar", "la tarifa baja me sirve",
     "pago la baja cuota", "ya pagué", "no puedo pagar ahora", "hola", ""],
)  # fmt: skip
def test_ordinary_words_are_not_an_opt_out(words: str) -> None:
    assert not is_opt_out(words)


@pytest.mark.parametrize(
    "words", ["CANCEL", "cancel.", "OPT-OUT", "Opt out", "OPTOUT", "END", "quit", "Revoke", "UNSUBSCRIBE"]
)
@pytest.mark.parametrize("channel", ["sms", "whatsapp", "email"])
def test_a_word_at_which_carriers_stop_delivering_is_a_no_by_every_channel(words: str, channel: str) -> None:
    assert is_carriers_word(words, channel)


def test_two_letters_that_carriers_stop_at_are_a_no_only_where_a_carrier_listens() -> None:
    assert is_carriers_word("TD", "sms")
    assert is_carriers_word("td", "sms")
    assert not is_carriers_word("td", "whatsapp")  # "tudo", all of it


@pytest.mark.parametrize(
    "words",
    ["cancelar", "quiero cancel", "pago con TD", "the end", "week end", "td bien", "cancela el viernes", ""],
)
def test_a_carriers_word_within_a_message_is_a_word_like_any_other(words: str) -> None:
    assert not is_carriers_word(words, "sms")


def test_a_card_number_is_not_kept() -> None:
    assert masked("mi tarjeta 4111 1111 1111 1111 vence pronto") == "mi tarjeta [card] vence pronto"


def test_a_card_behind_another_number_is_hidden_as_well() -> None:
    assert masked("ref 9 4111 1111 1111 1111 vence") == "ref 9 [card] vence"
    assert masked("3782 822463 10005 y 7") == "[card] y 7"


def test_a_reference_that_is_no_card_is_kept() -> None:
    assert masked("referencia 1234 5678 9012 3456") == "referencia 1234 5678 9012 3456"


def test_a_security_code_is_not_kept() -> None:
    assert masked("mi clave es 9988") == "mi clave es [hidden]"


def test_letters_that_reverse_the_text_are_taken_out() -> None:
    assert masked("pagu\u202eé") == "pagué"
