"""`policy completion`: the script that makes a shell complete commands, options and names."""

from __future__ import annotations

import click

from policy.cli.group import policy
from policy.cli.terminal import write


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion script for SHELL.

    With it the shell completes commands, options, and the names of specs and rules.

    \b
    Examples:
      policy completion bash >> ~/.bashrc
      policy completion zsh >> ~/.zshrc
      policy completion fish > ~/.config/fish/completions/policy.fish
    """
    from click.shell_completion import BashComplete, FishComplete, ZshComplete

    by_name = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}
    write(by_name[shell](policy, {}, "policy", "_POLICY_COMPLETE").source() + "\n")
