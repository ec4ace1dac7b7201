"""The law runs on the debtor's clock: where somebody lives gives the zone, and where that is unsure, every zone it may be."""

import importlib.resources
from functools import cache, lru_cache

from recobro.intake.words import plain

_MEXICO = """
AGU Aguascalientes|Ags=Mexico_City
BCN Baja California|BC=Tijuana
BCS Baja California Sur=Mazatlan
CAM Campeche|Camp=Merida
CHP Chiapas|Chis=Mexico_City
CHH Chihuahua|Chih=Chihuahua,Ciudad_Juarez,Ojinaga
CMX Ciudad de Mexico|CDMX|DF|Distrito Federal|Mexico DF|Mexico Distrito Federal=Mexico_City
COA Coahuila|Coahuila de Zaragoza|Coah=Monterrey,Matamoros
COL Colima=Mexico_City
DUR Durango|Dgo=Monterrey
GUA Guanajuato|Gto=Mexico_City
GRO Guerrero=Mexico_City
HID Hidalgo|Hgo=Mexico_City
JAL Jalisco=Mexico_City
MEX Estado de Mexico|Edomex|Edo de Mexico|Edo Mex|Mexico=Mexico_City
MIC Michoacan|Michoacan de Ocampo|Mich=Mexico_City
MOR Morelos=Mexico_City
NAY Nayarit=Mazatlan,Bahia_Banderas
NLE Nuevo Leon|NL=Monterrey,Matamoros
OAX Oaxaca=Mexico_City
PUE Puebla=Mexico_City
QUE Queretaro|Queretaro de Arteaga|Qro=Mexico_City
ROO Quintana Roo|Q Roo|Qroo|QR=Cancun
SLP San Luis Potosi=Mexico_City
SIN Sinaloa=Mazatlan
SON Sonora=Hermosillo
TAB Tabasco=Mexico_City
TAM Tamaulipas|Tamps=Monterrey,Matamoros
TLA Tlaxcala|Tlax=Mexico_City
VER Veracruz|Veracruz de Ignacio de la Llave=Mexico_City
YUC Yucatan=Merida
ZAC Zacatecas=Mexico_City
"""
"""ISO 3166-2 code, names, IANA zones (Ley de los Husos Horarios of 28 October 2022; border towns keep a zone of their own)."""

_COLOMBIA = """
AMA Amazonas
ANT Antioquia
ARA Arauca
ATL Atlantico
BOL Bolivar
BOY Boyaca
CAL Caldas
CAQ Caqueta
CAS Casanare
CAU Cauca
CES Cesar
CHO Choco
COR Cordoba
CUN Cundinamarca
DC Bogota|Bogota DC|Distrito Capital|Bogota Distrito Capital
GUA Guainia
GUV Guaviare
HUI Huila
LAG La Guajira|Guajira
MAG Magdalena
MET Meta
NAR Narino
NSA Norte de Santander
PUT Putumayo
QUI Quindio
RIS Risaralda
SAP San Andres|San Andres y Providencia|San Andres Providencia y Santa Catalina
SAN Santander
SUC Sucre
TOL Tolima
VAC Valle|Valle del Cauca
VAU Vaupes
VID Vichada
"""

_BRAZIL = """
AC Acre=Rio_Branco,Eirunepe
AL Alagoas=Maceio
AM Amazonas=Manaus,Eirunepe
AP Amapa=Belem
BA Bahia=Bahia
CE Ceara=Fortaleza
DF Distrito Federal|Brasilia=Sao_Paulo
ES Espirito Santo=Sao_Paulo
GO Goias=Sao_Paulo
MA Maranhao=Fortaleza
MG Minas Gerais=Sao_Paulo
MS Mato Grosso do Sul=Campo_Grande
MT Mato Grosso=Cuiaba
PA Para=Belem,Santarem
PB Paraiba=Fortaleza
PE Pernambuco=Recife,Noronha
PI Piaui=Fortaleza
PR Parana=Sao_Paulo
RJ Rio de Janeiro=Sao_Paulo
RN Rio Grande do Norte=Fortaleza
RO Rondonia=Porto_Velho
RR Roraima=Boa_Vista
RS Rio Grande do Sul=Sao_Paulo
SC Santa Catarina=Sao_Paulo
SE Sergipe=Maceio
SP Sao Paulo=Sao_Paulo
TO Tocantins=Araguaina
"""

_CHILE = """
AI Aysen|Aysen del General Carlos Ibanez del Campo=Coyhaique
AN Antofagasta=Santiago
AP Arica y Parinacota|Arica=Santiago
AR Araucania|La Araucania=Santiago
AT Atacama=Santiago
BI Biobio|Bio Bio|Del Biobio=Santiago
CO Coquimbo=Santiago
LI Libertador General Bernardo O Higgins|O Higgins|Ohiggins=Santiago
LL Los Lagos=Santiago
LR Los Rios=Santiago
MA Magallanes|Magallanes y de la Antartica Chilena=Punta_Arenas
ML Maule=Santiago
NB Nuble=Santiago
RM Metropolitana|Region Metropolitana|Metropolitana de Santiago|Santiago|Region Metropolitana de Santiago=Santiago
TA Tarapaca=Santiago
VS Valparaiso=Santiago,Pacific/Easter
"""

_COUNTRIES = {
    "MX": "mexico|mex|estados unidos mexicanos", "CO": "colombia|col", "BR": "brasil|brazil|bra", "CL": "chile|chl",
    "PE": "peru|per", "AR": "argentina|arg", "EC": "ecuador|ecu", "UY": "uruguay|ury", "PY": "paraguay|pry",
    "BO": "bolivia|bol", "VE": "venezuela|ven", "CR": "costa rica|cri", "PA": "panama|pan", "GT": "guatemala|gtm",
    "SV": "el salvador|slv", "HN": "honduras|hnd", "NI": "nicaragua|nic", "DO": "republica dominicana|dominicana|dom",
    "ES": "espana|spain|esp", "US": "estados unidos|usa|eua|eeuu|united states", "TW": "taiwan|twn", "PT": "portugal|prt",
    "GB": "reino unido|united kingdom|uk",
}  # fmt: skip

_FIXED = {"CO": ("America/Bogota",), "PE": ("America/Lima",), "AR": ("America/Argentina/Buenos_Aires",)}
"""One clock in the whole country (Argentina's provinces differ in name only since 2009)."""


def country_of(text: str) -> str:
    """ISO 3166-1 code of a country as people write it; "" when it is none we know."""
    code = text.strip().upper()
    if len(code) == 2 and code.isalpha() and code in _zones_by_country():
        return code
    return _country_names().get(plain(text), "")


def place_of(country: str, text: str) -> tuple[str, tuple[str, ...]]:
    """Subdivision code without its country ("JAL") and IANA zones; ("", …) when `text` names none that is known there.

    Zones: several when the place has several or is unknown; empty when the country is.
    """
    known = _subdivisions(country)
    code, zones = known.get(plain(text.removeprefix(f"{country}-")), ("", ()))
    if not code and not known:
        bare = text.strip().upper().removeprefix(f"{country}-")
        code = bare if 1 <= len(bare) <= 3 and bare.isalnum() and bare.isascii() else ""
    return code, zones or zones_of(country)


@lru_cache(maxsize=256)
def zones_of(country: str) -> tuple[str, ...]:
    """Every zone of a country."""
    return _FIXED.get(country) or _zones_by_country().get(country, ())


@cache
def has_clocks_by_place(country: str) -> bool:
    """Whether we know which of the country's zones each of its places has."""
    return any(zones for _, zones in _subdivisions(country).values())


@cache
def _subdivisions(country: str) -> dict[str, tuple[str, tuple[str, ...]]]:
    table = {"MX": _MEXICO, "CO": _COLOMBIA, "BR": _BRAZIL, "CL": _CHILE}.get(country, "")
    known: dict[str, tuple[str, tuple[str, ...]]] = {}
    for line in table.strip().splitlines():
        names, _, zones = line.partition("=")
        code, _, names = names.partition(" ")
        full = tuple(z if "/" in z else f"America/{z}" for z in zones.split(",") if z)
        for name in (code, *names.split("|")):
            known.setdefault(plain(name), (code, full))
    return known


@cache
def _country_names() -> dict[str, str]:
    names: dict[str, str] = {}
    for code, words in _COUNTRIES.items():
        names.update(dict.fromkeys(words.split("|"), code))
    return names


@cache
def _zones_by_country() -> dict[str, tuple[str, ...]]:
    """zone.tab of the tz database."""
    table = importlib.resources.files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    found: dict[str, tuple[str, ...]] = {}
    for line in table.splitlines():
        if line and not line.startswith("#"):
            code, _, zone = line.split("\t")[:3]
            found[code] = (*found.get(code, ()), zone)
    return found
