"""A creditor's file dropped into a house, and its queue worked through: what the import tests share."""

import csv
import io
import json
from typing import Any

from recobro.house import House
from recobro.usecases.import_partition import import_partition
from recobro.usecases.import_portfolio import import_portfolio

HEAD = "acreedor,contrato,RFC,nombre,telefono,correo,saldo,moneda,fecha_vencimiento,pais,canales_autorizados"
ANA = "muebles,C-1,PEGA850101AB1,Ana Prueba,5550100001,ana@example.com,1500.50,MXN,04/03/2026,MX,"
LUZ = "muebles,C-2,GOML900202AB9,Luz Ejemplo,5550100002,,820,MXN,10/03/2026,MX,"


def drop(
    home: House, *rows: str, name: str = "cartera.csv", feed: str = "delta", head: str = HEAD
) -> dict[str, Any]:
    """Drop a file and work through its queue; returns what the import says of itself at the end."""
    body = "\n".join((head, *rows)) + "\n"
    metadata = {"feed": feed, "as-of": home.now().date().isoformat()}
    home.client("s3").put_object(Bucket="files", Key=f"inbox/{name}", Body=body.encode(), Metadata=metadata)
    done = import_portfolio(home, f"inbox/{name}")
    work(home)
    about = home.imports.about(done["import"])
    assert about is not None
    return about


def work(home: House) -> None:
    sqs, url = home.client("sqs"), home.settings.partitions_queue
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for one in messages:
            import_partition(home, json.loads(one["Body"]))
            sqs.delete_message(QueueUrl=url, ReceiptHandle=one["ReceiptHandle"])


def rejects(home: House, about: dict[str, Any]) -> list[dict[str, str]]:
    text = home.files.read(about["rejects_file"]).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def debtor_of(home: House, contract: str) -> str:
    found = home.lookups.debtors(home.keys.debt(f"muebles/{contract}"))
    assert len(found) == 1
    return found[0]
