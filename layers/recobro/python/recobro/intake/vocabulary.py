"""What creditors' words for a status, a role or a channel mean here; a word that we don't know is asked about, not guessed."""

from collections.abc import Mapping
from typing import TypeVar

from recobro.domain.channel import Channel
from recobro.domain.debt import DebtStatus, Role
from recobro.intake.outcome import BadCell
from recobro.intake.words import plain

T = TypeVar("T")


def _table(rows: Mapping[T, str]) -> dict[str, T]:
    return {plain(word): value for value, words in rows.items() for word in words.split("|")}


STATUSES = _table({
    DebtStatus.ACTIVE: "active|activa|activo|vigente|vigentes|al corriente|corriente|al dia|en mora|mora|vencida|vencido|morosa"
    "|moroso|atrasada|atrasado|abierta|abierto|open|pendiente|pendente|em aberto|aberto|em atraso|atraso|normal|preventiva"
    "|temprana|tardia|administrativa|extrajudicial|asignada|asignado|por cobrar|overdue|current|past due|ativo|ativa",
    DebtStatus.PAID: "paid|pagada|pagado|paga|pago|liquidada|liquidado|saldada|saldado|cancelada|cancelado|cerrada|cerrado"
    "|closed|quitada|quitado|finiquitada|finiquitado|settled",
    DebtStatus.DISPUTED: "disputed|en disputa|disputa|disputada|em disputa|en aclaracion|aclaracion|reclamo|en reclamo|reclamada"
    "|contestada|objetada",
    DebtStatus.RECALLED: "recalled|recall|retirada|retirado|devuelta|devuelto|desasignada|desasignado|retornada|recolhida",
    DebtStatus.SOLD: "sold|vendida|vendido|cedida|cedido",
    DebtStatus.JUDICIAL: "judicial|demandada|demandado|juridico|juridica|en juicio|embargo|embargada|ajuizada|ajuizado|litigio",
    DebtStatus.INSOLVENT: "insolvent|insolvencia|insolvente|concurso|concurso mercantil|quiebra|reorganizacion|ley 1116"
    "|liquidacion judicial|falencia|recuperacao judicial|bankrupt|bankruptcy",
    DebtStatus.WRITTEN_OFF: "written_off|written off|castigada|castigado|castigo|quebranto|incobrable|condonada|condonado|charge off"
    "|charged off|baixada|prejuizo",
})  # fmt: skip
"""A charged-off debt ("castigada") stays out of our hands until the mapping says that the creditor collects it."""

ROLES = _table({
    Role.PRINCIPAL: "principal|titular|deudor|deudora|deudor principal|acreditado|acreditada|cliente|devedor|devedora|tomador"
    "|borrower|debtor|primary",
    Role.CODEBTOR: "codebtor|co debtor|codeudor|codeudora|co deudor|coacreditado|co acreditado|obligado solidario|deudor solidario"
    "|obligada solidaria|cotitular|coobrigado|devedor solidario|co borrower|joint",
    Role.GUARANTOR: "guarantor|aval|avalista|fiador|fiadora|garante",
})  # fmt: skip

THIRD_PARTIES = frozenset(
    _table(
        {
            "third party": "referencia|referencia personal|referencia familiar|conyuge|esposo|esposa|familiar|pariente|hijo"
            "|hija|padre|madre|hermano|hermana|vecino|jefe|patron|empleador|trabajo|beneficiario|reference|spouse|relative"
            "|employer|contato de referencia|parente"
        }
    )
)
"""Nobody who owes: references are never contact points (PRACTICE: Obligors)."""

KINDS = _table({
    "person": "person|persona|fisica|persona fisica|natural|persona natural|pf|pfae|pn|fisica con actividad empresarial|individual"
    "|pessoa fisica|consumidor",
    "company": "company|empresa|moral|persona moral|juridica|persona juridica|pm|pj|sociedad|pessoa juridica|business|entidad",
})  # fmt: skip

LAWS = _table({
    "consumer": "consumer|consumo|consumidor",
    "commercial": "commercial|comercial|mercantil|empresarial",
})  # fmt: skip

CHANNELS = _table({
    Channel.SMS: "sms|mensaje de texto|mensajes de texto|texto|mensaje|mensajes|torpedo|text",
    Channel.EMAIL: "email|e mail|mail|correo|correo electronico|correos",
    Channel.WHATSAPP: "whatsapp|whats app|wa|wsp|wpp|whats|zap",
    Channel.VOICE: "voice|llamada|llamadas|llamada telefonica|telefono|telefonica|voz|call|phone|ligacao|telefone",
    Channel.VOICE_AUTO: "voice_auto|llamada automatica|llamadas automaticas|voz automatica|ivr|robocall|llamada grabada"
    "|ligacao automatica|mensaje de voz",
    Channel.PUSH: "push|notificacion push|notificacion|notificaciones|app|aplicacion",
    Channel.LETTER: "letter|carta|correo postal|correspondencia|correo certificado",
    Channel.VISIT: "visit|visita|visita domiciliaria|domicilio",
})  # fmt: skip
"""A call by a person and one that a machine speaks are two channels: who allowed "llamadas" allowed people."""

PROVENANCES = _table({
    "creditor": "creditor|acreedor|entidad|banco|empresa|originador|credor",
    "debtor": "debtor|deudor|cliente|titular|contrato|solicitud|solicitud de credito|el cliente|devedor|contrato de credito",
    "debtor_authorised": "debtor_authorised|debtor authorized|autorizado|autorizado por el deudor|autorizado por el cliente"
    "|autorizado por titular|autorizado pelo devedor",
    "guarantor": "guarantor|aval|fiador|avalista",
    "joint_obligor": "joint_obligor|codeudor|obligado solidario|coacreditado",
    "skip_trace": "skip_trace|skip trace|skip tracing|localizacion|busqueda|investigacion|enriquecimiento|rastreo|enriquecimento",
    "reference": "reference|referencia|referencia personal|familiar|tercero",
    "credit_bureau_lookup": "credit_bureau_lookup|buro|buro de credito|central de riesgo|datacredito|cifin|transunion|serasa|dicom",
    "prior_collector": "prior_collector|agencia anterior|despacho anterior|agencia previa",
    "tracing_verified": "tracing_verified",
    "unknown": "unknown|desconocido|desconocida|desconhecido",
})  # fmt: skip

LANGUAGES = _table({
    "es": "es|espanol|spanish|castellano|espanhol|es mx|es co",
    "pt": "pt|portugues|portuguese|pt br",
    "en": "en|ingles|english|en us",
})  # fmt: skip

CONTACT_ROLES = _table({
    "payables": "payables|cuentas por pagar|cxp|pagos|tesoreria y pagos|contas a pagar|accounts payable|proveedores",
    "treasury": "treasury|tesoreria|finanzas|tesouraria|financeiro",
    "owner": "owner|dueno|propietario|representante legal|socio|gerente general|director general",
})  # fmt: skip

OUTCOMES = _table({
    "busy": "busy|ocupado|linea ocupada|ocupada",
    "not_in_service": "not_in_service|not in service|fuera de servicio|numero inexistente|no existe|suspendido",
    "invalid_number": "invalid_number|invalid number|numero invalido|numero equivocado formato",
    "no_answer": "no_answer|no answer|no contesta|no contesto|sin respuesta|nao atende",
    "voicemail": "voicemail|buzon|buzon de voz|contestadora|caixa postal",
    "third_party": "third_party|third party|tercero|contesta tercero|familiar|recado con tercero",
    "wrong_party": "wrong_party|wrong party|equivocado|numero equivocado|no lo conocen|wrong number",
    "right_party": "right_party|right party|titular|contacto con titular|contacto efectivo|contacto directo|conversation"
    "|conversacion|hablo con titular",
    "promise": "promise|promesa|promesa de pago|compromiso|compromiso de pago",
    "refused": "refused|negativa|se niega|renuente|no quiere pagar",
    "hard_bounce": "hard_bounce|hard bounce|rebote|rebote duro|correo inexistente",
    "soft_bounce": "soft_bounce|soft bounce|rebote suave|buzon lleno",
    "undelivered": "undelivered|no entregado|no entregada|fallido|nao entregue",
    "delivered": "delivered|entregado|entregada|leido|leida|read",
})  # fmt: skip
"""What became of a contact, in the words that the laws count by; any other word is kept as it is and counts at its strictest."""

CONTACTED_BY = _table({
    "creditor": "creditor|acreedor|entidad|banco|empresa|originador|credor",
    "other_agency": "other_agency|agencia|agencia anterior|despacho|despacho anterior|otra agencia|former agency|agency",
    "debtor": "debtor|deudor|cliente|titular|entrante|inbound|devedor",
})  # fmt: skip

LEGAL_EVENTS = _table({
    "served_in_suit": "served_in_suit|served in suit|demanda notificada|notificado de demanda|emplazado|notificada|citado a juicio",
    "insolvency_started": "insolvency_started|insolvencia|insolvente|concurso|quiebra|reorganizacion|ley 1116|bankruptcy|falencia",
    "deceased": "deceased|fallecido|fallecida|muerto|muerta|difunto|difunta|falecido|falecida|finado|finada",
    "data_objection": "data_objection|data objection|oposicion de datos|derechos arco|arco|habeas data",
    "lawyer_known": "lawyer_known|lawyer known|abogado|representado por abogado",
    "attorney_known": "attorney_known|attorney known",
    "cease_written": "cease_written|cease written|cese por escrito",
    "employer_prohibits": "employer_prohibits|employer prohibits|empleador prohibe",
})  # fmt: skip
"""In the words of the packs. A word that none knows stops everything: nobody would report it if it did not matter."""

EVERY = frozenset({"todos", "todas", "todo", "all", "cualquiera", "si", "s", "x", "1", "yes", "sim", "*"})
NONE = frozenset({"ninguno", "ninguna", "no", "none", "nenhum", "n", "0", "nao", "false"})


def meaning(table: Mapping[str, T], text: str, what: str, code: str) -> T:
    """The value a word stands for. Raises BadCell that lists what could be meant."""
    found = table.get(plain(text))
    if found is None:
        known = ", ".join(sorted({str(getattr(value, "value", value)) for value in table.values()}))
        fix = f"map it under [values] to one of: {known}"
        raise BadCell(code, f"is no {what} that we know", fix, value=text)
    return found
