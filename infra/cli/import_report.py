"""What came of a file, for the person who sent it: how many were taken, why the rest was not, and who can be reached."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infra.cli.screen import Screen
from recobro.house import House

if TYPE_CHECKING:
    from infra.cli.importing import Paper

REACHABLE = "reachable"


def answered(about: dict[str, Any], rejects: Path | None) -> dict[str, Any]:
    """The import for machines: its item, contactability by channel, and where the rejects are."""
    return {**about, "contactable": by_channel(about), "rejects": rejects}


def by_channel(about: dict[str, Any]) -> dict[str, dict[str, int]]:
    """channel → "reachable" or a rule → people."""
    found: dict[str, dict[str, int]] = {}
    for told, count in about.get("reach", {}).items():
        channel, _, answer = told.partition(" ")
        found.setdefault(channel, {})[answer] = count
    return found


def show(about: dict[str, Any], rejects: Path | None, screen: Screen) -> None:
    """Taken, handed back, reachable."""
    screen.say(f"Import {about['import']} of {about['file']}: {about['state'].replace('_', ' ')}.", "bold")
    if about["state"] == "refused":
        screen.say(about.get("reason", ""))
        return
    screen.say(
        f"{about.get('accepted', 0)} rows taken: {about.get('debtors', 0)} people, of whom {about.get('saved', 0)} "
        f"changed and {about.get('unchanged', 0)} did not."
    )
    if "missing" in about:
        screen.say(
            f"{about['missing']} of {about['active']} debts are no longer named; {about.get('recalled', 0)} recalled."
        )
    if about["state"] == "to_confirm":
        screen.say(
            f"That is more than one in twenty: nothing is recalled until somebody says that it is meant:\n"
            f"  recobro import --confirm {about['import']}",
            "bold yellow",
        )
    screen.say()
    handed_back = Counter(about.get("rejected", {})) + Counter(about.get("conflicts", {}))
    rows = [(code, str(count)) for code, count in handed_back.most_common()]
    screen.table("Handed back, by reason", ("reason", "rows or cells"), rows, right=("rows or cells",))
    if rejects is not None:
        screen.say(f"Row, field, reason and fix of each: {rejects}\n")
    reach = [
        (
            channel,
            str(answers.get(REACHABLE, 0)),
            ", ".join(
                f"{count} {rule}"
                for rule, count in sorted(answers.items(), key=lambda one: -one[1])
                if rule != REACHABLE
            ),
        )
        for channel, answers in by_channel(about).items()
    ]
    screen.table("Who can be reached", ("channel", "people", "why not the others"), reach, right=("people",))


def show_known(house: House, screen: Screen) -> int:
    """Every import so far, the newest balances last."""
    found = [about for one in house.imports.known() if (about := house.imports.about(one)) is not None]
    found.sort(key=lambda one: (one["as_of"], one["file"]))
    if screen.as_json:
        screen.answer({"imports": found})
        return 0
    columns = ("as of", "import", "file", "feed", "state", "taken", "handed back")
    rows = [
        (
            one["as_of"],
            one["import"],
            one["file"].removeprefix("inbox/"),
            one["feed"],
            one["state"].replace("_", " "),
            str(one.get("accepted", "")),
            str(sum(one.get("rejected", {}).values()) + sum(one.get("conflicts", {}).values())),
        )
        for one in found
    ]
    screen.table("Imports", columns, rows, empty="Nothing was imported yet.", right=columns[-2:])
    return 0


def show_guess(mapping: str, screen: Screen) -> None:
    """The mapping that was guessed, as the file that would give it, to be kept and corrected."""
    screen.say(
        "No columns were given; these were guessed (keep it as M.toml and correct what is wrong):", "bold"
    )
    for line in mapping.splitlines():
        screen.say(f"  {line}")
    screen.say()


def show_paper(found: "Paper", screen: Screen) -> int:
    """What a dry run found; 0 when something would be taken."""
    if screen.as_json:
        screen.answer(
            {
                "file": found.file,
                "accepted": found.accepted,
                "debtors": len(found.debtors),
                "rejected": found.rejected,
                "first": found.first,
                "mapping": found.mapping,
                "mapping_was_guessed": found.is_guessed,
            }
        )
        return 0 if found.accepted else 1
    screen.say(
        f"{found.file}: {found.accepted} rows would be taken, {len(found.debtors)} people. Nothing was imported.",
        "bold",
    )
    screen.say()
    if found.is_guessed:
        show_guess(found.mapping, screen)
    rows = [(code, str(count)) for code, count in found.rejected.most_common()]
    screen.table("Would be handed back", ("reason", "rows or cells"), rows, right=("rows or cells",))
    first = [(str(one["row"]), one["field"], one["reason"], one["fix"]) for one in found.first]
    screen.table("The first of them", ("row", "field", "reason", "fix"), first)
    return 0 if found.accepted else 1
