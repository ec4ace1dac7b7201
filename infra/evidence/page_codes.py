"""What the record's codes mean, in the words of whoever reads the page: "delivered" is nothing to a regulator in Bogotá."""

from collections.abc import Mapping

from infra.evidence.page_words import LANGUAGES

_CODES: Mapping[str, Mapping[str, tuple[str, str, str]]] = {
    "": {
        "True": ("sí", "sim", "yes"),
        "False": ("no", "não", "no"),
    },
    "channel": {
        "voice": ("llamada de una persona", "ligação de uma pessoa", "call by a person"),
        "voice_auto": ("llamada automática", "ligação automática", "automated call"),
        "voicemail": ("mensaje de voz", "mensagem de voz", "voice message"),
        "sms": ("SMS", "SMS", "SMS"),
        "whatsapp": ("WhatsApp", "WhatsApp", "WhatsApp"),
        "push": ("aviso en la app", "aviso no aplicativo", "notice in the app"),
        "email": ("correo electrónico", "e-mail", "e-mail"),
        "letter": ("carta", "carta", "letter"),
        "visit": ("visita", "visita", "visit"),
        "social_dm": ("mensaje privado en una red social", "mensagem privada em rede social", "private message on a social network"),
        "social_public": ("publicación en una red social", "publicação em rede social", "public post on a social network"),
    },
    "kind": {
        "reminder_pre_due": ("recordatorio antes del vencimiento", "lembrete antes do vencimento", "reminder before the due date"),
        "collection": ("cobranza", "cobrança", "collection"),
        "duty_notice": ("aviso obligatorio", "aviso obrigatório", "notice required by law"),
        "payment_receipt": ("constancia de pago", "comprovante de pagamento", "receipt of a payment"),
        "agreement_copy": ("copia de lo acordado", "cópia do combinado", "copy of what was agreed"),
        "reply_to_inbound": ("respuesta a lo que escribió", "resposta ao que escreveu", "answer to what was written"),
        "info_requested": ("información que pidió", "informação que pediu", "information that was asked for"),
        "optout_confirmation": ("confirmación de que no se le escribirá", "confirmação de que não lhe escreveremos", "that we stopped"),
        "consented_callback": ("llamada que pidió", "ligação que pediu", "call that was asked for"),
        "phone": ("teléfono", "telefone", "telephone"),
        "email": ("correo electrónico", "e-mail", "e-mail"),
        "device": ("app en un dispositivo", "aplicativo num dispositivo", "app on a device"),
        "address": ("domicilio", "endereço", "address"),
    },
    "status": {
        "claimed": ("registrado antes de enviar", "registrado antes do envio", "recorded before sending"),
        "unknown": ("no se sabe si salió", "não se sabe se saiu", "not known whether it left"),
        "sent": ("se envió", "enviou-se", "sent"),
        "delivered": ("se entregó", "entregou-se", "delivered"),
        "read": ("se leyó", "leu-se", "read"),
        "answered": ("tuvo respuesta", "teve resposta", "answered"),
        "failed": ("no llegó", "não chegou", "did not arrive"),
        "released": ("no salió", "não saiu", "did not leave"),
        "active": ("vigente", "vigente", "active"),
        "paid": ("sin saldo por pagar", "sem saldo a pagar", "paid"),
        "disputed": ("en disputa", "em disputa", "disputed"),
        "recalled": ("retirada por el acreedor", "retirada pelo credor", "recalled by the creditor"),
        "sold": ("vendida", "vendida", "sold"),
        "judicial": ("en juicio", "em juízo", "in court"),
        "insolvent": ("en concurso", "em insolvência", "in insolvency"),
        "written_off": ("castigada por el acreedor", "baixada pelo credor", "written off"),
        "open": ("pendiente", "pendente", "open"),
        "kept": ("se cumplió", "cumpriu-se", "kept"),
        "broken": ("no se cumplió", "não se cumpriu", "not kept"),
        "void": ("sin efecto", "sem efeito", "void"),
        "withdrawn": ("se retiró", "retirou-se", "withdrawn"),
        "requested": ("se pidió", "pediu-se", "asked for"),
        "received": ("se recibió", "recebeu-se", "received"),
    },
    "state": {
        "active": ("en uso", "em uso", "in use"),
        "suppressed": ("cerrado: no se escribe ahí", "fechado: não se escreve aí", "closed: nothing is sent there"),
        "bad": ("no existe o es de otra persona", "não existe ou é de outra pessoa", "does not exist, or is somebody else's"),
    },
    "level": {
        "neutral": ("sin revelar nada", "sem revelar nada", "nothing revealed"),
        "addressed": ("a su nombre", "em seu nome", "by name"),
        "identified": ("con identidad comprobada", "com identidade verificada", "identity checked"),
    },
    "provenance": {
        "creditor": ("el acreedor", "o credor", "the creditor"),
        "debtor": ("la persona misma", "a própria pessoa", "the person"),
        "debtor_authorised": ("autorización de la persona", "autorização da pessoa", "the person's authorisation"),
        "guarantor": ("el aval o fiador", "o fiador ou avalista", "the guarantor"),
        "joint_obligor": ("quien debe con ella", "quem deve com ela", "who owes it with them"),
        "skip_trace": ("una búsqueda", "uma busca", "a search"),
        "reference": ("una referencia personal", "uma referência pessoal", "a personal reference"),
        "credit_bureau_lookup": ("un buró de crédito", "um birô de crédito", "a credit bureau"),
        "prior_collector": ("una agencia anterior", "uma agência anterior", "a former agency"),
        "tracing_verified": ("una búsqueda verificada", "uma busca verificada", "a verified search"),
        "unknown": ("no se sabe", "não se sabe", "not known"),
    },
    "reason": {
        "dispute": ("no reconoce la deuda", "não reconhece a dívida", "disputes the debt"),
        "hardship": ("dificultad para pagar", "dificuldade para pagar", "hardship"),
        "deceased": ("fallecimiento", "falecimento", "a death"),
        "insolvency": ("concurso o insolvencia", "insolvência", "insolvency"),
        "wrong_person": ("no es la persona", "não é a pessoa", "not this person"),
        "already_paid": ("dice que ya pagó", "diz que já pagou", "says that it is paid"),
        "complaint": ("queja", "reclamação", "complaint"),
        "opt_out": ("pidió no ser contactada", "pediu para não ser contatada", "asked us to stop"),
        "pause": ("pidió una pausa", "pediu uma pausa", "asked for a pause"),
        "asked_for_person": ("pidió hablar con una persona", "pediu para falar com uma pessoa", "asked for a person"),
        "payment_pending": ("pago en camino", "pagamento a caminho", "a payment under way"),
        "payment_reversed": ("pago devuelto", "pagamento estornado", "a payment came back"),
    },
    "role": {
        "principal": ("titular", "titular", "principal debtor"),
        "codebtor": ("codeudora", "codevedora", "co-debtor"),
        "guarantor": ("aval o fiadora", "fiadora ou avalista", "guarantor"),
    },
    "whose": {
        "own": ("de esta persona", "desta pessoa", "this person's"),
        "another": ("de otra persona", "de outra pessoa", "another person's"),
        "doubt": ("no se sabe", "não se sabe", "nobody knows"),
    },
    "about": {
        "recipient": ("a quién", "a quem", "to whom"),
        "channel": ("canal", "canal", "channel"),
        "consent": ("autorización", "autorização", "authorisation"),
        "stage": ("etapa del cobro", "etapa da cobrança", "stage of collection"),
        "gaps": ("tiempo entre contactos", "tempo entre contatos", "time between contacts"),
        "stop events": ("motivos para no contactar", "motivos para não contatar", "reasons to stop"),
        "provenance": ("procedencia de la dirección", "procedência do endereço", "where the address comes from"),
        "hours": ("horario", "horário", "hours"),
        "caps": ("número de contactos", "número de contatos", "number of contacts"),
    },
}  # fmt: skip
"""By the field in which a code stands (an empty name: in any): the code → Spanish, Portuguese, English."""


def code_name(name: str, code: str, language: str) -> str:
    """A code of the record in that language; those that have no word are shown as they were recorded."""
    place = LANGUAGES.index(language[:2]) if language[:2] in LANGUAGES else 0
    said = _CODES.get(name, {}).get(code) or _CODES[""].get(code)
    return said[place] if said is not None else code
