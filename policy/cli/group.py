"""The command `policy`: its commands by name, each imported when it is wanted.

`policy --help` prints the short helps that stand here and imports no command.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Any

import click
from click.shell_completion import CompletionItem

from policy import __version__
from policy.model.diagnostics import did_you_mean

COMMANDS: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "check": ("policy.cli.check", "check", "Judge centres' data by the rules."),
        "audit": ("policy.cli.audit", "audit", "Judge many centres, and query the results."),
        "explain": ("policy.cli.explain", "explain", "Tell what a rule asks, or why it found so."),
        "test": ("policy.cli.test", "test", "Run the examples that stand in specs."),
        "mutate": ("policy.cli.mutate", "mutate", "List mistakes that no example would notice."),
        "fmt": ("policy.cli.fmt", "fmt", "Lay specs out in the one agreed way."),
        "ledger": ("policy.cli.ledger", "ledger", "Tell which rule decides each clause."),
        "specs": ("policy.cli.specs", "specs", "List specs with their editions and rules."),
        "schema": ("policy.cli.schema", "schema", "Print the JSON Schema of centres' data."),
        "plugins": ("policy.cli.plugins", "plugins", "List plugins and what they bring."),
        "completion": ("policy.cli.completion", "completion", "Print completion for a shell."),
    }
)
"""Name -> module, attribute, short help, in the order in which a newcomer needs them."""

EXIT_CODES = """\b
Exit codes:
  0    nothing at or above the threshold
  1    findings
  2    the run cannot be trusted: usage, a spec, data or a plugin
  3    a mistake in policy itself
  130  interrupted"""


class LazyGroup(click.Group):
    """A group that knows its commands by name and short help only."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module that holds the command."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute, short_help = COMMANDS[cmd_name]
        command = getattr(import_module(module), attribute)
        if not isinstance(command, click.Command):
            raise TypeError(f"{module}.{attribute} is not a command")
        command.short_help = short_help
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say which one was probably meant."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            hint = did_you_mean(name, COMMANDS)
            ctx.fail(f"there is no command `{name}`" + (f"; {hint}" if hint else ""))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing one."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, help) for name, (_, _, help) in COMMANDS.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Offer the commands without importing one."""
        found = [
            CompletionItem(name, help=help)
            for name, (_, _, help) in COMMANDS.items()
            if name.startswith(incomplete)
        ]
        return found + click.Command.shell_complete(self, ctx, incomplete)


SETTINGS: dict[str, Any] = {"help_option_names": ["-h", "--help"], "max_content_width": 80}


@click.group(cls=LazyGroup, context_settings=SETTINGS, epilog=EXIT_CODES)
@click.version_option(__version__, prog_name="policy", message="%(prog)s %(version)s")
def policy() -> None:
    """Check the quality assurance of BTEC qualifications against written rules.

    Rules stand in specs, each with the clauses of the guide it encodes. A centre's data is one
    document for each academic year.

    \b
    Examples:
      policy check college.json              judge a document by all specs
      policy check data/ --as-at 2026-05-15  judge a folder for a given day
      policy explain RULE                    what a rule asks, and of whom
      policy specs                           what specs there are

    Each command has examples of its own: policy COMMAND --help.
    """
