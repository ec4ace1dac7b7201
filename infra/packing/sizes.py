"""How large each function is once unpacked on Lambda: its own folder and the two layers, whose limit is 250 MB together."""

import json
from pathlib import Path


def sizes(assembly: Path) -> dict[str, int]:
    """Bytes, unzipped, of each layer and function of a synthesised client, by the name a reader knows."""
    (template_file,) = assembly.glob("*-compute.template.json")
    template = json.loads(template_file.read_text(encoding="utf-8"))
    assets = json.loads(
        template_file.with_name(template_file.name.replace("template", "assets")).read_text()
    )["files"]
    measured: dict[str, int] = {}
    for resource in template["Resources"].values():
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::Lambda::LayerVersion":
            name, content = "layer: " + properties["Description"].partition(": ")[2], properties["Content"]
        elif resource["Type"] == "AWS::Lambda::Function":
            name, content = (
                properties["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"],
                properties["Code"],
            )
        else:
            continue
        asset = assets[content["S3Key"].removesuffix(".zip")]["source"]["path"]
        measured[name] = _bytes(assembly / asset)
    return measured


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
