"""What a portfolio can tell us, and the headers under which creditors tell it in Spanish, Portuguese and English."""

from dataclasses import dataclass
from functools import cache

from recobro.intake.words import plain


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a column can hold. gathers: several columns may feed it (amounts are added, lists joined).

    headers: in order of preference.
    """

    name: str
    headers: tuple[str, ...] = ()
    gathers: bool = False
    is_personal: bool = False


def _field(name: str, headers: str, *, gathers: bool = False, personal: bool = False) -> Field:
    return Field(name, tuple(plain(one) for one in headers.split("|")), gathers, personal)


FIELDS: dict[str, Field] = {
    one.name: one
    for one in (
        _field("debt_ref", "debt ref|debt reference|referencia de la deuda|numero de contrato|no contrato|no de contrato|num contrato"
            "|contrato|numero de credito|no credito|no de credito|num credito|credito|id credito|numero de obligacion|no obligacion"
            "|obligacion|numero de prestamo|prestamo|numero de factura|no factura|factura|folio factura|folio|numero de cuenta"
            "|no cuenta|cuenta|numero de operacion|operacion|pagare|numero do contrato|n do contrato|titulo|numero do titulo"
            "|nota fiscal|duplicata|referencia|contract|contract number|loan id|loan number|account number|invoice|invoice number"
            "|reference"),
        _field("creditor", "acreedor|creditor|credor|marca|brand|empresa acreedora|entidad acreedora|cedente"),
        _field("role", "rol|role|papel|calidad|tipo de deudor|tipo deudor|tipo de obligado|participacion|tipo de participante"
            "|vinculo|tipo de vinculo"),
        _field("national_id", "national id|tax id|documento|numero de documento|no documento|num documento|nro documento"
            "|numero documento|identificacion|numero de identificacion|no identificacion|numero identificacion|id nacional"
            "|id fiscal|documento de identidad|cedula|cpf cnpj|cnpj cpf|rfc curp|documento identidad", personal=True),
        _field("id_type", "id type|tipo de documento|tipo documento|tipo doc|tipo de identificacion|tipo identificacion|tipo id"
            "|tipo de documento de identidad"),
        _field("id.rfc", "rfc|r f c", personal=True),
        _field("id.curp", "curp", personal=True),
        _field("id.cc", "cedula de ciudadania|cedula ciudadania|cc", personal=True),
        _field("id.nit", "nit|n i t", personal=True),
        _field("id.rut", "rut|run", personal=True),
        _field("id.dni", "dni", personal=True),
        _field("id.ruc", "ruc", personal=True),
        _field("id.cpf", "cpf", personal=True),
        _field("id.cnpj", "cnpj", personal=True),
        _field("id.cuit", "cuit|cuil|cuit cuil", personal=True),
        _field("id.ci", "cedula de identidad|ci", personal=True),
        _field("customer", "numero de cliente|no cliente|no de cliente|num cliente|nro cliente|numero cliente|id cliente|cliente id"
            "|codigo de cliente|codigo cliente|clave cliente|clave de cliente|numero de socio|no socio|matricula|customer"
            "|customer number|customer id|client id|codigo do cliente|numero do cliente", personal=True),
        _field("name", "nombre completo|nombre o razon social|nombre razon social|razon social|nombre del cliente|nombre cliente"
            "|nombre del deudor|nombre deudor|nombre del titular|nombre titular|nombre|cliente|deudor|titular|nome completo"
            "|nome do cliente|nome do devedor|nome|razao social|devedor|full name|customer name|debtor name|name|debtor",
            personal=True),
        _field("given_name", "nombres|primer nombre|nombre de pila|nombre s|given name|first name|primeiro nome|prenome", personal=True),
        _field("surname", "apellidos|apellido|apellido paterno|primer apellido|paterno|sobrenome|surname|last name", personal=True),
        _field("second_surname", "apellido materno|segundo apellido|materno", personal=True),
        _field("kind", "tipo de persona|tipo persona|persona|tipo de pessoa|tipo pessoa|person type|kind"),
        _field("law", "regimen|ley aplicable|uso del credito|law"),
        _field("country", "pais|country|pais de residencia"),
        _field("subdivision", "entidad federativa|departamento|provincia|region|state|uf|estado residencia|estado de residencia"),
        _field("time_zone", "zona horaria|huso horario|time zone|timezone|fuso horario"),
        _field("language", "idioma|lengua|language|lingua"),
        _field("currency", "moneda|divisa|currency|moeda|tipo de moneda"),
        _field("total", "saldo total|deuda total|total adeudado|adeudo total|monto total adeudado|saldo actual|saldo deudor|saldo"
            "|total a pagar|monto adeudado|adeudo|importe adeudado|monto total|monto|importe total|importe|valor total|valor adeudado"
            "|valor|saldo vencido|monto vencido|saldo devedor|valor em aberto|valor devido|valor total devido|balance|outstanding"
            "|amount due|total due|amount|total", gathers=True),
        _field("principal", "capital|saldo capital|saldo de capital|capital insoluto|saldo insoluto|principal|capital adeudado"
            "|valor principal", gathers=True),
        _field("interest", "intereses|interes|saldo intereses|intereses moratorios|interes moratorio|juros|interest", gathers=True),
        _field("fees", "comisiones|gastos|gastos de cobranza|gastos cobranza|honorarios|recargos|cargos|otros cargos|multa|fees"
            "|encargos", gathers=True),
        _field("taxes", "iva|impuestos|impuesto|impostos|taxes|tax", gathers=True),
        _field("credit", "notas de credito|nota de credito|saldo a favor|credito a favor|creditos por aplicar|credit notes|credit note"
            "|unapplied credit|notas de credito pendientes", gathers=True),
        _field("due_on", "fecha de vencimiento|fecha vencimiento|vencimiento|fecha venc|fec vencimiento|fecha limite de pago"
            "|fecha limite pago|fecha limite|fecha de pago|fecha pago|vence|data de vencimento|data vencimento|vencimento|due date"
            "|due on"),
        _field("days_past_due", "dias de mora|dias mora|dias en mora|dias vencidos|dias de atraso|dias atraso|mora|atraso"
            "|dias em atraso|dpd|days past due"),
        _field("calculated_on", "fecha de corte|fecha corte|fecha de calculo|fecha calculo|fecha de saldo|fecha saldo|data base"
            "|data de corte|balance date|calculated on|as of"),
        _field("instalment", "cuota|numero de cuota|no cuota|num cuota|nro cuota|mensualidad|numero de mensualidad|numero de pago"
            "|parcela|numero da parcela|instalment|installment|instalment number|installment number"),
        _field("product", "producto|tipo de producto|linea de credito|tipo de credito|linea|modalidad|produto|product"),
        _field("tags", "etiquetas|etiqueta|segmento|campana|tags|tag", gathers=True),
        _field("status", "estatus|status|situacion|estado de la deuda|estado deuda|estado del credito|estado credito|estado cartera"
            "|situacao|debt status"),
        _field("limitation_on", "fecha de prescripcion|fecha prescripcion|prescripcion|data de prescricao|limitation date|limitation on"),
        _field("report_on", "fecha de reporte a centrales|fecha reporte a centrales|fecha de reporte negativo|fecha reporte negativo"
            "|fecha de reporte a buro|bureau report date|report on"),
        _field("legal_event", "evento legal|novedad legal|situacion legal|novedad juridica|legal event"),
        _field("household", "hogar|id hogar|numero de hogar|nucleo familiar|household|household id", personal=True),
        _field("acknowledged_on", "fecha ultimo pago|fecha de ultimo pago|fecha del ultimo pago|ultimo reconocimiento"
            "|data do ultimo pagamento|last payment date|acknowledged on"),
        _field("assigned_on", "fecha de asignacion|fecha asignacion|asignada desde|asignado desde|data de atribuicao|assigned on"
            "|assigned from"),
        _field("assigned_until", "fecha fin de asignacion|fecha fin asignacion|asignada hasta|asignado hasta|fecha de retiro"
            "|fecha retiro|assigned until"),
        _field("orders", "orden de compra|ordenes de compra|oc|numero de pedido|pedido|numero de guia|guia|ordem de compra"
            "|purchase order|po|po number|tracking number", gathers=True),
        _field("phone", "telefono|tel|telefonos|numero de telefono|telefono contacto|telefono de contacto|fone|telefone|phone"
            "|phone number", gathers=True, personal=True),
        _field("phone.mobile", "celular|movil|telefono celular|telefono movil|tel celular|tel movil|numero celular|cel|whatsapp"
            "|telefone celular|mobile|mobile phone|cell|cell phone", gathers=True, personal=True),
        _field("phone.home", "telefono casa|telefono de casa|tel casa|telefono particular|telefono fijo|telefono domicilio"
            "|telefone residencial|home phone", gathers=True, personal=True),
        _field("phone.work", "telefono trabajo|telefono del trabajo|telefono oficina|tel oficina|tel trabajo|telefono empleo"
            "|telefone comercial|work phone", gathers=True, personal=True),
        _field("email", "correo|correo electronico|correos|email|e mail|mail|correo e|emails", gathers=True, personal=True),
        _field("device", "dispositivo|token push|token dispositivo|token de dispositivo|device token|device", gathers=True, personal=True),
        _field("address", "direccion|domicilio|direccion completa|calle|calle y numero|colonia|municipio|alcaldia|ciudad"
            "|codigo postal|cp|endereco|bairro|cidade|cep|address|street|city|zip", gathers=True, personal=True),
        _field("provenance", "procedencia|procedencia del contacto|origen del contacto|origen del dato|origen contacto|proveniencia"
            "|provenance"),
        _field("authorised", "canales autorizados|canales autorizacion|autorizacion canales|canales permitidos|canais autorizados"
            "|authorised channels|authorized channels|authorised"),
        _field("authorised_on", "fecha de autorizacion|fecha autorizacion|data de autorizacao|data autorizacao|authorised on"
            "|authorized on"),
        _field("evidence", "evidencia de autorizacion|evidencia autorizacion|evidencia|soporte autorizacion|prueba de autorizacion"
            "|evidence"),
        _field("refused", "canales revocados|canales no autorizados|no contactar|no contactar por|canais recusados|opt out|refused"),
        _field("contact_name", "nombre de contacto|nombre del contacto|nombre contacto|persona de contacto|contacto|contato"
            "|contact name|contact", personal=True),
        _field("contact_role", "rol del contacto|rol contacto|puesto|puesto del contacto|area del contacto|cargo del contacto"
            "|contact role"),
        _field("contacted_at", "ultimo contacto|fecha ultimo contacto|fecha de ultimo contacto|fecha ultima gestion|contacted at"),
        _field("contacted_channel", "canal ultimo contacto|canal de ultimo contacto|canal ultima gestion|contacted channel"),
        _field("contacted_by", "ultimo contacto por|contactado por|contacted by"),
        _field("contacted_outcome", "resultado ultimo contacto|resultado ultima gestion|contacted outcome"),
        _field("attributes.sex", "sexo|genero|sex|gender"),
        _field("attributes.age", "edad|idade|age"),
        _field("attributes.education", "escolaridad|nivel educativo|educacion|escolaridade|education"),
        _field("attributes.marriage", "estado civil|marital status|marriage"),
        _field("attributes.economic_level", "nivel socioeconomico|nse|estrato|economic level"),
    )
}  # fmt: skip

AMBIGUOUS = {"estado": ("status", "subdivision")}
"""Mexico's "Estado" is where people live, Colombia's and Chile's is how a debt stands: the cells decide."""

IDS = tuple(name for name in FIELDS if name.startswith("id."))
COMPONENTS = ("principal", "interest", "fees", "taxes")
AMOUNTS = ("total", *COMPONENTS, "credit")
POINTS = ("phone", "phone.mobile", "phone.home", "phone.work", "phone.shared", "email", "device", "address")

FIELDS["phone.shared"] = Field("phone.shared", (), gathers=True, is_personal=True)


def is_field(name: str) -> bool:
    """Whether a mapping may name it: a known field, or `attributes.` and a word of its own."""
    return name in FIELDS or (
        name.startswith("attributes.") and name.removeprefix("attributes.").isidentifier()
    )


def gathers(name: str) -> bool:
    """Whether several columns may feed the field."""
    known = FIELDS.get(name)
    return known is not None and known.gathers


def is_personal(name: str) -> bool:
    """Whether its cells identify a person, so that a reject shows them masked."""
    known = FIELDS.get(name)
    return known is not None and known.is_personal


_NUMBER = frozenset({"no", "n", "nro", "num", "nr", "numero"})
_JOINTS = frozenset({"de", "del", "do", "da", "dos", "das", "la", "el", "los", "las", "of", "the"})


def _bare(header: str) -> str:
    """A header without what doesn't tell one from another: "N.º de Crédito", "No. crédito" → "numero credito"."""
    words = plain(header)
    words = f"no {words[4:]}" if words.startswith("n o ") else words  # "N.º"
    kept = [word for word in words.split() if word not in _JOINTS]
    if len(kept) > 1 and kept[0] in _NUMBER:
        kept[0] = "numero"
    return " ".join(kept)


@cache
def _by_header() -> dict[str, tuple[str, int]]:
    known: dict[str, tuple[str, int]] = {}
    for one in FIELDS.values():
        for rank, header in enumerate((one.name, *one.headers)):
            known.setdefault(_bare(header), (one.name, rank))
    return known


def recognised(header: str) -> tuple[str, int] | None:
    """The field a header names and its rank among that field's headers (0 best); a number at its end is left off."""
    words = _bare(header)
    known = _by_header()
    found = known.get(words)
    if found is None:
        bare = words.rstrip("0123456789 ")
        found = known.get(bare) if bare else None
        if found is not None and not gathers(found[0]):
            return None
    return found
