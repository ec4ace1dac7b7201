"""The page's own words, in the language that the client's regulator reads; codes of the record stand beside them as they are."""

from collections.abc import Mapping

LANGUAGES = ("es", "pt", "en")

_WORDS: Mapping[str, tuple[str, str, str]] = {
    "title": ("Expediente de contactos", "Registro de contatos", "Record of contacts"),
    "lead": (
        "Todo lo que el sistema de la agencia registró sobre esta persona, en el orden en que ocurrió.",
        "Tudo o que o sistema da agência registrou sobre esta pessoa, na ordem em que ocorreu.",
        "Everything that the agency's system recorded about this person, in the order in which it happened.",
    ),
    "person": ("Persona", "Pessoa", "Person"),
    "agency": ("Agencia", "Agência", "Agency"),
    "written": ("Emitido", "Emitido", "Written"),
    "zone": ("Hora local de", "Hora local de", "Local time of"),
    "facts": ("Hechos registrados", "Fatos registrados", "Facts recorded"),
    "head": ("Último eslabón", "Último elo", "Head of the chain"),
    "key": ("Huella de la clave que firma", "Impressão da chave que assina", "Fingerprint of the signing key"),
    "unsigned": (
        "SIN FIRMA: este archivo concuerda consigo mismo, y nada prueba quién lo escribió.",
        "SEM ASSINATURA: este arquivo concorda consigo mesmo, e nada prova quem o escreveu.",
        "NOT SIGNED: this archive agrees with itself, and nothing proves who wrote it.",
    ),
    "verify": (
        "Para comprobarlo sin internet y sin nuestro programa:",
        "Para conferir sem internet e sem o nosso programa:",
        "To verify it without a network and without our software:",
    ),
    "missing": ("Lo que ya no se conserva", "O que já não se conserva", "What is no longer kept"),
    "contacts": ("Contactos que hicimos", "Contatos que fizemos", "Contacts that we made"),
    "received": ("Lo que la persona escribió", "O que a pessoa escreveu", "What the person wrote"),
    "consents": (
        "Puntos de contacto, autorizaciones y oposiciones",
        "Pontos de contato, autorizações e oposições",
        "Contact points, authorisations and objections",
    ),
    "payments": ("Deudas, promesas y pagos", "Dívidas, promessas e pagamentos", "Debts, promises and payments"),
    "notes": ("Tareas, notas y pausas", "Tarefas, notas e pausas", "Tasks, notes and holds"),
    "receipts": ("Acuses de los operadores", "Recibos das operadoras", "Carriers' receipts"),
    "none": ("Ninguno.", "Nenhum.", "None."),
    "nothing_said": ("Sin palabras registradas.", "Sem palavras registradas.", "No words recorded."),
    "same": (
        "La decisión se repite hoy, idéntica, a partir de los hechos y reglas de ese día.",
        "A decisão se repete hoje, idêntica, a partir dos fatos e regras daquele dia.",
        "Made again today from the facts and rules of that day, the decision is the same.",
    ),
    "differs": (
        "La decisión NO se repite igual; las diferencias están en verdicts.jsonl.",
        "A decisão NÃO se repete igual; as diferenças estão em verdicts.jsonl.",
        "Made again, the decision is NOT the same; verdicts.jsonl lists the differences.",
    ),
    "person_made": (
        "Contacto hecho por una persona.",
        "Contato feito por uma pessoa.",
        "A person made this contact.",
    ),
    "rules": (
        "reglas consultadas; todas lo permitían",
        "regras consultadas; todas o permitiam",
        "rules asked; all of them allowed it",
    ),
    "law": ("Ley", "Lei", "Law"),
    "about": ("Sobre", "Sobre", "About"),
    "article": ("Artículo", "Artigo", "Article"),
    "passed": ("Canales preferentes no usados", "Canais preferidos não usados", "Better channels not taken"),
    "when": ("Cuándo", "Quando", "When"),
    "what": ("Qué", "O quê", "What"),
    "details": ("Detalle", "Detalhe", "Details"),
    "attempt_claimed": ("Contacto", "Contato", "Contact"),
    "attempt_progressed": ("Avance", "Andamento", "Progress"),
    "contact_reported": ("Contacto hecho por otros", "Contato feito por outros", "Contact made by others"),
    "notice_given": ("Primer aviso entregado", "Primeiro aviso entregue", "First notice given"),
    "message_received": ("Mensaje recibido", "Mensagem recebida", "Message received"),
    "point_recorded": ("Punto de contacto", "Ponto de contato", "Contact point"),
    "point_state_changed": ("Punto cambia de estado", "Ponto muda de estado", "Point changes"),
    "point_channel_blocked": ("Canal cerrado en un punto", "Canal fechado num ponto", "Channel closed at a point"),
    "channel_stopped": ("Pidió no ser contactada", "Pediu para não ser contatada", "Asked us to stop"),
    "waiver_granted": ("Autorización", "Autorização", "Allowed"),
    "waiver_ended": ("Autorización retirada", "Autorização retirada", "No longer allowed"),
    "call_back_agreed": ("Pidió que la llamen", "Pediu que liguem", "Asked to be called"),
    "legal_event_happened": ("Hecho legal", "Fato legal", "Legal event"),
    "task_opened": ("Tarea abierta", "Tarefa aberta", "Task opened"),
    "task_taken": ("Tarea tomada", "Tarefa assumida", "Task taken"),
    "task_closed": ("Tarea cerrada", "Tarefa encerrada", "Task closed"),
    "hold_placed": ("Pausa", "Pausa", "Hold placed"),
    "hold_lifted": ("Fin de la pausa", "Fim da pausa", "Hold lifted"),
    "payment_posted": ("Pago", "Pagamento", "Payment"),
    "payment_reversed": ("Pago devuelto", "Pagamento estornado", "Payment reversed"),
    "promise_made": ("Promesa de pago", "Promessa de pagamento", "Promise to pay"),
    "promise_judged": ("Promesa evaluada", "Promessa avaliada", "Promise judged"),
    "debt_recorded": ("Deuda informada por el acreedor", "Dívida informada pelo credor", "Debt as the creditor states it"),
    "debt_status_changed": ("Deuda cambia de estado", "Dívida muda de estado", "Debt changes"),
}  # fmt: skip


_FIELDS: Mapping[str, tuple[str, str, str]] = {
    "channel": ("canal", "canal", "channel"),
    "point": ("punto", "ponto", "point"),
    "id": ("clave", "chave", "id"),
    "kind": ("clase", "tipo", "kind"),
    "provenance": ("procede de", "procede de", "comes from"),
    "level": ("nivel", "nível", "level"),
    "state": ("estado", "estado", "state"),
    "status": ("estado", "estado", "status"),
    "reason": ("motivo", "motivo", "reason"),
    "why": ("motivo", "motivo", "why"),
    "creditor": ("acreedor", "credor", "creditor"),
    "currency": ("moneda", "moeda", "currency"),
    "principal": ("capital", "principal", "principal"),
    "interest": ("intereses", "juros", "interest"),
    "fees": ("gastos", "encargos", "fees"),
    "taxes": ("impuestos", "impostos", "taxes"),
    "amount": ("importe", "valor", "amount"),
    "paid": ("pagado", "pago", "paid"),
    "ref": ("referencia", "referência", "reference"),
    "debt": ("deuda", "dívida", "debt"),
    "debts": ("deudas", "dívidas", "debts"),
    "due_on": ("vence", "vence", "due"),
    "due_at": ("para", "até", "by"),
    "calculated_on": ("calculado el", "calculado em", "calculated on"),
    "told_at": ("nos lo dijeron", "disseram-nos", "told us"),
    "opened_at": ("abierta", "aberta", "opened"),
    "placed_at": ("puesta", "colocada", "placed"),
    "review_at": ("se revisa", "revê-se", "review"),
    "evidence": ("prueba", "prova", "evidence"),
    "attempt": ("contacto", "contato", "contact"),
    "intent": ("intención o pago", "intenção ou pagamento", "intent or payment"),
    "content": ("huella de las palabras", "impressão das palavras", "digest of the words"),
    "note": ("huella de la nota", "impressão da nota", "digest of the note"),
    "disposition": ("resultado", "resultado", "outcome"),
    "outcome": ("resultado", "resultado", "outcome"),
    "provider_id": ("número del operador", "número da operadora", "carrier's number"),
    "cost": ("costo, millonésimas de USD", "custo, milionésimos de USD", "cost, millionths of USD"),
    "priority": ("prioridad", "prioridade", "priority"),
    "task": ("tarea", "tarefa", "task"),
    "owner": ("a cargo de", "a cargo de", "owner"),
    "by": ("por", "por", "by"),
    "promise": ("promesa", "promessa", "promise"),
}


def field_name(name: str, language: str) -> str:
    """A field of the record in that language; fields that have no word keep their own name."""
    place = LANGUAGES.index(language[:2]) if language[:2] in LANGUAGES else 0
    return _FIELDS[name][place] if name in _FIELDS else name.replace("_", " ")


def words(language: str) -> Mapping[str, str]:
    """In that language, or in Spanish."""
    place = LANGUAGES.index(language[:2]) if language[:2] in LANGUAGES else 0
    return {name: said[place] for name, said in _WORDS.items()}
