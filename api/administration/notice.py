"""A privacy notice and a record of processing (GDPR 13 and 30), made of the same lists that the program goes by."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from api.accounts.links import LINK_LASTS
from api.administration.holdings import CATEGORIES, HOLDINGS
from api.administration.retaining import RULES
from api.core.config import Settings
from api.core.texts import translator
from api.messages.operations import KEPT as MESSAGES_KEPT

KEPT: dict[str, str] = {
    "delete": "deleted",
    "clear": "emptied of words",
    "keep": "kept without a name",
    "unname": "kept",
}


def notice(settings: Settings, retention: Mapping[str, int], lang: str) -> str:
    """What a centre publishes and files, as Markdown; what only the centre knows stands in square brackets.

    Args:
        settings: Centre, address and where mail comes from are read off them.
        retention: By rule, how many days the centre chose.
        lang: fr, nl or en.
    """
    say = translator(lang)
    host = urlsplit(settings.url).hostname or settings.url
    lines = [
        f"# {say('Privacy notice')}",
        "",
        say("{centre} runs this site ({host}) to train people and to prove it.").format(
            centre=settings.centre, host=host
        ),
        say("Controller: [name, address]. Data protection officer: [name, address]."),
        say("Legal ground: [contract of training; legal duty towards funders; legitimate interest in safe work]."),
        say("Nobody outside the centre gets data, but: [host, mail service, funders, employers who send workers]."),
        say("No page loads anything from elsewhere. One cookie keeps you signed in, one knows your device: both are "
            "strictly necessary."),
        say("You read, take along and correct what is held of you on the pages My data and My account, and ask the "
            "centre to erase it. Complaints: [the data protection authority of your country]."),
        "",
        f"## {say('What is held, and what erasing does')}",
        "",
        f"| {say('What')} | {say('Tables')} | {say('When erased')} |",
        "| --- | --- | --- |",
    ]  # fmt: skip
    fates_said = {
        "delete": say("deleted"),
        "clear": say("emptied of words"),
        "keep": say("kept without a name"),
        "unname": say("kept"),
    }
    for category in CATEGORIES:
        held = {name: holding for name, holding in HOLDINGS.items() if holding.category == category}
        tables = ", ".join(dict.fromkeys(name.partition(".")[0] for name in held))
        fates = ", ".join(dict.fromkeys(fates_said[holding.erased] for holding in held.values()))
        lines.append(f"| {category} | {tables} | {fates} |")
    lines += ["", f"## {say('How long')}", "", f"| {say('What')} | {say('Days')} |", "| --- | --- |"]
    pruned = {"messages": MESSAGES_KEPT.days, "newcomers": LINK_LASTS["invitation"].days}
    kept = {**pruned, **{rule.name: retention.get(rule.name, rule.days) for rule in RULES}}
    lines += [f"| {name} | {days} |" for name, days in kept.items()]
    proof = say("evidence of training, attendance, signatures, documents")
    lines += [
        f"| {proof} | {say('[as your funders ask: ten years]')} |",
        "",
        say("`airlock privacy retain` shows what has been kept as long as it may, and with `--yes` deletes it."),
    ]
    return "\n".join(lines)
