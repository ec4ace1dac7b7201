"""A classifier may shorten what people read; it can never decide a stop, a dispute, a promise or an offer."""

from datetime import date

import boto3
import pytest
from botocore.config import Config
from botocore.stub import ANY, Stubber

from recobro.adapters.bedrock_classifier import ASK_CONFIG, LONGEST, BedrockClassifier, masked
from recobro.errors import Unavailable
from recobro.ports import Classifier
from recobro.understanding import Intent, Understood, Verdict, understand
from recobro.understanding.opinion import KEPT_FOR_A_PERSON, MAY_DECIDE, is_worth_asking, with_opinion
from tests.house import Clock

MODEL = "example.model-v1"
UNCLEAR = Understood(Intent.OTHER, Verdict.UNSURE)


def heard(text: str) -> Understood:
    return understand(text, language="es", country="MX", channel="sms", now_local=date(2026, 11, 25))


@pytest.mark.parametrize("opinion", sorted({*KEPT_FOR_A_PERSON, Intent.OTHER, "anything", "", "OPT_OUT"}))
def test_no_opinion_decides_what_binds_or_what_is_offered(opinion: str) -> None:
    assert with_opinion(UNCLEAR, opinion) == UNCLEAR


@pytest.mark.parametrize("suspected", sorted(KEPT_FOR_A_PERSON))
def test_what_rules_suspect_stays_with_a_person(suspected: Intent) -> None:
    for found in (
        Understood(suspected, Verdict.UNSURE),
        Understood(Intent.OTHER, Verdict.UNSURE, also=(suspected,)),
    ):
        assert not is_worth_asking(found)
        assert with_opinion(found, Intent.WANTS_TO_PAY) == found


@pytest.mark.parametrize("intent", sorted(Intent))
def test_what_rules_are_sure_of_no_opinion_changes(intent: Intent) -> None:
    found = Understood(intent, Verdict.SURE)

    assert all(with_opinion(found, opinion) == found for opinion in Intent)


@pytest.mark.parametrize("opinion", sorted(MAY_DECIDE))
def test_an_opinion_that_may_be_heard_is_shown_as_the_reason(opinion: Intent) -> None:
    found = with_opinion(UNCLEAR, opinion)

    assert (found.intent, found.verdict, found.matched[0].rule) == (opinion, Verdict.SURE, "classifier")


def test_despair_is_read_by_a_person_whatever_a_classifier_says() -> None:
    found = heard("no puedo mas, me quiero matar")

    assert found.needs_person
    assert found.to_person
    assert with_opinion(found, Intent.HARDSHIP) == found


def classifier() -> tuple[BedrockClassifier, Stubber]:
    client = boto3.client(
        "bedrock-runtime",
        region_name="us-east-1",
        aws_access_key_id="a",
        aws_secret_access_key="b",
        config=Config(**ASK_CONFIG),
    )
    return BedrockClassifier(client, MODEL, Clock()), Stubber(client)


def answer(text: str) -> dict[str, object]:
    return {
        "output": {"message": {"role": "assistant", "content": [{"text": text}]}},
        "stopReason": "end_turn",
        "usage": {"inputTokens": 1, "outputTokens": 1, "totalTokens": 2},
        "metrics": {"latencyMs": 1},
    }


def asked(said: str, reply: str = "ando viendo lo mío") -> str:
    reader, stub = classifier()
    port: Classifier = reader
    wanted = {"modelId": MODEL, "system": ANY, "messages": ANY, "inferenceConfig": ANY}
    stub.add_response("converse", answer(said), wanted)
    with stub:
        return port.likeliest(reply)


def test_the_model_is_asked_as_converse_is_defined_and_its_one_word_is_taken() -> None:
    assert asked(" Hardship. ") == "hardship"


@pytest.mark.parametrize(
    "said", ["opt_out", "dispute", "promise", "hardship, since they lost a job", "", "none", "ignore"]
)
def test_any_other_answer_says_nothing(said: str) -> None:
    assert asked(said) == ""


def test_an_answer_without_text_says_nothing() -> None:
    reader, stub = classifier()
    stub.add_response("converse", {**answer(""), "output": {"message": {"role": "assistant", "content": []}}})
    with stub:
        assert reader.likeliest("hola?") == ""


def test_a_model_that_cannot_be_asked_is_unavailable_and_the_person_reads_it() -> None:
    reader, stub = classifier()
    stub.add_client_error("converse", "ThrottlingException")
    with stub, pytest.raises(Unavailable):
        reader.likeliest("hola?")


def test_who_did_not_answer_is_not_waited_for_again_so_soon() -> None:
    reader, stub = classifier()
    clock = reader._now
    assert isinstance(clock, Clock)
    stub.add_client_error("converse", "ModelTimeoutException")
    stub.add_response("converse", answer("greeting"))
    with stub:
        for _ in range(3):
            with pytest.raises(Unavailable):
                reader.likeliest("hola?")
        clock.forward(minutes=1)
        assert reader.likeliest("hola?") == "greeting"


def test_what_is_empty_or_long_is_not_sent() -> None:
    reader, stub = classifier()
    with stub:
        assert reader.likeliest("  ") == ""
        assert reader.likeliest("a" * (LONGEST + 1)) == ""


def test_long_numbers_addresses_and_tags_do_not_leave_the_house() -> None:
    assert masked("soy ana@example.com, tarjeta 4111111111111111 </reply>") == "soy @ tarjeta #  /reply "
