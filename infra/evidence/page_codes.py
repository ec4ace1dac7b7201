"""What the record's codes mean, in the words of whoever reads the page: "delivered" is nothing to a regulator in Bogotá."""

from collections.abc import Mapping

from infra.evidence.page_words import LANGUAGES
from recobro.pages import words_desk_en, words_desk_es, words_desk_pt

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
        "portal": ("página de la persona", "página da pessoa", "the person's page"),
        "*": ("todos los canales", "todos os canais", "every channel"),
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
        "addressed": ("por su nombre", "pelo nome", "by name"),
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
    "heard": {
        "paid": ("se cobró", "recebeu-se", "taken"),
        "reversed": ("se revirtió", "estornou-se", "taken back"),
        "returned": ("se devolvió", "devolveu-se", "given back"),
        "pending": ("en camino", "a caminho", "under way"),
        "unconfirmed": ("sin confirmar", "sem confirmação", "not confirmed"),
        "failed": ("no se hizo", "não se fez", "not made"),
        "expired": ("venció sin pagarse", "venceu sem pagamento", "ran out unpaid"),
        "unrecognised": ("no se entendió", "não se entendeu", "not understood"),
        "misplaced": ("no era de esta deuda", "não era desta dívida", "not of this debt"),
    },
    "days": {
        "mon_fri": ("lunes a viernes", "segunda a sexta", "Monday to Friday"),
        "sat": ("sábado", "sábado", "Saturday"),
        "sun": ("domingo", "domingo", "Sunday"),
    },
    "authority": {
        "automatic": ("la política del acreedor", "a política do credor", "the creditor's policy"),
        "supervisor": ("quien supervisa", "quem supervisiona", "a supervisor"),
        "creditor": ("el acreedor", "o credor", "the creditor"),
    },
    "line": {
        "mobile": ("móvil", "celular", "mobile"),
        "home": ("casa", "casa", "home"),
        "work": ("trabajo", "trabalho", "work"),
        "shared": ("compartida", "compartilhada", "shared"),
    },
    "event": {
        "served_in_suit": ("demanda notificada", "citação em processo", "served in a suit"),
        "insolvency_started": ("concurso o insolvencia", "insolvência", "insolvency"),
        "deceased": ("fallecimiento", "falecimento", "a death"),
        "data_objection": ("oposición al uso de sus datos", "oposição ao uso dos seus dados", "objection to the use of data"),
        "lawyer_known": ("la representa un abogado", "é representada por advogado", "a lawyer speaks for them"),
        "attorney_known": ("la representa un abogado", "é representada por advogado", "a lawyer speaks for them"),
        "cease_written": ("pidió por escrito que cese el contacto", "pediu por escrito que cesse o contato", "asked in writing to cease"),
        "employer_prohibits": ("su empleador no lo permite", "o empregador não permite", "the employer forbids it"),
    },
    "reason": {
        "hard_bounce": ("la dirección no existe", "o endereço não existe", "the address does not exist"),
        "shared": ("la tiene otra persona también", "outra pessoa também a tem", "another person has it too"),
        "erased": ("datos borrados", "dados apagados", "data erased"),
        "overtaken": ("hay un enlace más nuevo", "há um link mais novo", "a newer link stands"),
        "another": ("hay otro enlace", "há outro link", "another link stands"),
        "paid": ("ya se pagó", "já se pagou", "paid"),
        "final_review": ("revisión final", "revisão final", "final review"),
        "person": ("lo pidió la persona", "a pessoa pediu", "the person asked"),
        "creditor": ("lo informó el acreedor", "informado pelo credor", "the creditor told us"),
        "chargeback": ("contracargo", "contestação do pagamento no cartão", "chargeback"),
        "charged_back": ("contracargo", "contestação do pagamento no cartão", "charged back"),
        "refunded": ("se reembolsó", "reembolsou-se", "refunded"),
        "returned": ("se devolvió", "devolveu-se", "given back"),
        "misplaced": ("no era de esta deuda", "não era desta dívida", "not of this debt"),
        "payment_returned": ("pago devuelto", "pagamento devolvido", "a payment came back"),
        "overpaid": ("pagó de más", "pagou a mais", "paid too much"),
        "release_letter": ("carta de liquidación", "carta de quitação", "release letter"),
        "words_refused": ("sus palabras no podían decirse", "as palavras não podiam ser ditas", "the words may not be said"),
    },
    "outcome": {
        "sent": ("se envió", "enviou-se", "sent"),
        "delivered": ("se entregó", "entregou-se", "delivered"),
        "undelivered": ("no se entregó", "não se entregou", "not delivered"),
        "read": ("se leyó", "leu-se", "read"),
        "expired": ("venció sin entregarse", "venceu sem entrega", "ran out undelivered"),
        "completed": ("se escuchó", "foi ouvida", "heard to its end"),
        "lease_ended": ("nadie supo cómo terminó", "ninguém soube como terminou", "nobody knew how it ended"),
        "busy": ("ocupado", "ocupado", "busy"),
        "no_answer": ("no contestó", "não atendeu", "no answer"),
        "voicemail": ("buzón de voz", "caixa postal", "voicemail"),
        "not_in_service": ("fuera de servicio", "fora de serviço", "not in service"),
        "invalid_number": ("número no válido", "número inválido", "not a valid number"),
        "hard_bounce": ("la dirección no existe", "o endereço não existe", "the address does not exist"),
        "soft_bounce": ("rechazado por ahora", "recusado por enquanto", "refused for now"),
        "conversation": ("hubo conversación", "houve conversa", "a conversation"),
        "right_party": ("se habló con la persona", "falou-se com a pessoa", "talked with the person"),
        "third_party": ("contestó otra persona", "outra pessoa atendeu", "somebody else answered"),
        "wrong_party": ("no era la persona", "não era a pessoa", "not the person"),
        "promise": ("prometió pagar", "prometeu pagar", "promised to pay"),
        "refused": ("se negó a pagar", "recusou-se a pagar", "refused to pay"),
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


_DESK = (words_desk_es.WORDS, words_desk_pt.WORDS, words_desk_en.WORDS)
"""What agents read of the same codes."""
_OF_THE_DESK = {
    "reason": ("reason_", "hold_"),
    "why": ("reason_", "hold_"),
    "disposition": ("result_",),
}
_SAME_AS = {"blocked": "channel", "authorised": "channel", "why": "reason"}
"""Fields whose codes are another's."""


def code_name(name: str, code: str, language: str) -> str:
    """A code of the record in that language; those that have no word are shown as they were recorded."""
    place = LANGUAGES.index(language[:2]) if language[:2] in LANGUAGES else 0
    said = _CODES.get(_SAME_AS.get(name, name), {}).get(code) or _CODES[""].get(code)
    if said is not None:
        return said[place]
    agents = (_DESK[place].get(before + code) for before in _OF_THE_DESK.get(name, ()))
    spoken = next((one for one in agents if one is not None), "")
    return spoken[:1].lower() + spoken[1:] or code
