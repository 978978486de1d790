"""Write docs/refusals.md from the classes of dalil.errors."""

import inspect
from pathlib import Path

from dalil import errors

PAGE = Path(__file__).resolve().parents[1] / "docs" / "refusals.md"
HEAD = """# What Dalil refuses, and what to do then

Written from `src/dalil/errors.py` by `tools/refusals.py`. Each line that the program prints when it
refuses says three things: what happened, what is safe, and what to do next. Exit code 1 means
broken or refused, 2 that the command was not understood, 3 that it cannot tell.
"""


def classes() -> list[type[errors.Refusal]]:
    """Return every kind of refusal, in the order in which they are written."""
    own = [value for value in vars(errors).values() if inspect.isclass(value)]
    return [value for value in own if issubclass(value, errors.Refusal)]


def page() -> str:
    """Return the page as it should be."""
    parts = [HEAD]
    for refusal in classes():
        happened = inspect.cleandoc(refusal.__doc__ or "")
        parts.append(
            f"\n## {refusal.__name__}\n\n{happened}\n\n"
            f"- Safe: {refusal.safe}\n- Next: {refusal.next_step}\n"
            f"- Exit code: {refusal.exit_code}\n"
        )
    return "".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
