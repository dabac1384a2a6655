"""A progress bar on stderr for commands that work through many files."""

from __future__ import annotations

from typing import Self


class ProgressBar:
    """Shown where stderr is a terminal, from `with` on; complaints are printed wherever it goes.

    Args:
        doing: one word for what is done.
        total: how many files.
    """

    def __init__(self, doing: str, *, total: int) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        self._screen = Console(stderr=True, highlight=False, soft_wrap=True)
        columns = (TextColumn(doing), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._bar = Progress(
            *columns,
            TextColumn("{task.description}"),
            console=self._screen,
            transient=True,
            disable=not self._screen.is_terminal,
        )
        self._task = self._bar.add_task("", total=total)

    def __enter__(self) -> Self:
        """Show it, which says that something is being done before the first file is."""
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Take it away, whatever happened."""
        self._bar.stop()

    def advance(self, name: str, *, complaint: str | None = None) -> None:
        """One more is done."""
        self._bar.update(self._task, advance=1, description=name)
        if complaint is not None:
            self._screen.print(" ".join(complaint.split()), markup=False)
