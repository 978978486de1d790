"""Every way in which Dalil refuses.

The docstring of a class says what happened; ``safe`` says what is not lost; ``next_step`` says what
to do. ``exit_code`` follows DESIGN: 1 broken or refused, 2 usage, 3 cannot tell.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Told:
    """A refusal in one language: what happened, to what, what is safe, what to do next."""

    happened: str
    about: str
    safe: str
    next_step: str


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an accident
    """Dalil refused."""

    safe: ClassVar[str] = "Nothing was changed."
    next_step: ClassVar[str] = "Read the message above, then try again."
    exit_code: ClassVar[int] = 1

    def __init__(self, about: str = "") -> None:
        """Say to what it happened: ``about`` is the item, file or field, never a secret."""
        self.about = about
        super().__init__(about)

    @property
    def happened(self) -> str:
        """The first line of the class's docstring."""
        return (type(self).__doc__ or "").split("\n", 1)[0]

    def told(self, lang: str) -> Told:
        """Say it in ``lang`` (en, ar)."""
        ours = _arabic().get(type(self).__name__, {}) if lang == "ar" else {}
        return Told(
            ours.get("happened", self.happened),
            self.about,
            ours.get("safe", self.safe),
            ours.get("next_step", self.next_step),
        )

    def __str__(self) -> str:
        """One line: what happened, to what."""
        return f"{self.happened} {self.about}".strip()


@cache
def _arabic() -> dict[str, dict[str, str]]:
    text = (resources.files("dalil") / "refusals.json").read_text("utf-8")
    said: dict[str, dict[str, str]] = json.loads(text)
    return said


class UsageRefused(Refusal):
    """The command cannot be carried out as it was given."""

    next_step = "Look at --help of the verb, which shows an example."
    exit_code = 2


class CannotTell(Refusal):
    """There is not enough here to say whether it is intact."""

    next_step = "Bring what is missing and check again."
    exit_code = 3


class Malformed(Refusal):
    """These bytes are not in the form that the format page demands."""

    next_step = "Ask whoever gave you this file for it again; keep this one as it is."


class Unsupported(Refusal):
    """This is a format version or an algorithm that this release does not know."""

    next_step = "Use a newer release; nothing here was judged."
    exit_code = 3


class ProofBroken(Refusal):
    """A proof does not hold."""

    next_step = "Keep both files, do not repair anything, and tell whoever gave them to you."


class SignatureBroken(ProofBroken):
    """A signature does not hold."""


class Altered(ProofBroken):
    """A file is not what was recorded."""

    next_step = "Keep the file as it is; bring a good copy back with `dalil copy --back`."


class Missing(ProofBroken):
    """Something that was recorded is not here."""

    next_step = "Look for it in another copy of the archive."


class LogBroken(ProofBroken):
    """The log contradicts the acts or an older checkpoint."""


class NotAnArchive(Refusal):
    """There is no Dalil archive here."""

    next_step = "Name the folder that `dalil init` made."
    exit_code = 2


class ArchiveExists(Refusal):
    """There is something in this place already."""

    next_step = "Name a folder that is new or empty."
    exit_code = 2


class ArchiveBusy(Refusal):
    """Another command is writing to this archive."""

    next_step = "Wait until it ends, then give the same command again."


class NoSuchThing(Refusal):
    """Nothing of that name is in the archive."""

    next_step = "Look it up with `dalil list`."
    exit_code = 2


class LockedOut(Refusal):
    """The passphrase does not open this key."""

    next_step = "Give it in DALIL_PASSPHRASE or with --passphrase-file, or use the recovery sheet."


class SheetMistyped(LockedOut):
    """What was typed from the recovery sheet does not open this archive."""

    next_step = "Compare it with the sheet, group by group; small letters and spaces do not matter."


class NotAllowed(Refusal):
    """This person may not do this."""

    next_step = "Ask a keeper of the archive."


class SourceUnreadable(Refusal):
    """The source could not be read to its end."""

    safe = "The source was not written to, and nothing half-read was kept."
    next_step = "Copy the medium with a rescue tool, then take in the copy with its map."


class SourceChanged(Refusal):
    """The file changed while it was being read."""

    safe = "The source was not written to, and nothing half-read was kept."
    next_step = "Wait until nothing writes to it, then give the same command again."


class NoSpace(Refusal):
    """The disk is full."""

    safe = "All that was finished before is kept; nothing half-written counts."
    next_step = "Make room, then give the same command again: it goes on where it stopped."


class DiskFault(Refusal):
    """The system could not read or write a file."""

    safe = "All that was finished before is kept; nothing half-written counts."
    next_step = "Look at the disk and at who may read and write there, then try again."


class MediaUnreadable(Refusal):
    """FFmpeg cannot read this as footage."""

    safe = "The file is kept whole and sealed by its bytes."
    next_step = "Nothing has to be done; say in the description what it is."


class MediaTooLarge(MediaUnreadable):
    """This footage asks for more time or memory than is allowed."""


class WorkerDied(MediaUnreadable):
    """The process that read this footage ended before its work was done."""


class UnsafeContainer(Refusal):
    """This container cannot be expanded safely."""

    safe = "The container itself is kept whole and sealed."
    next_step = "Expand it by hand on a machine apart, and take in the folder."


class DisclosureIncomplete(Refusal):
    """Something that every part must state was not said."""

    next_step = "Add what is named above; a part leaves the house only with it."


class FamilyNotAnswered(Refusal):
    """This shows somebody whose family has not answered whether it may be shown."""

    safe = "Nothing was published, and nothing was signed."
    next_step = (
        "Let somebody who may speak with the family ask, and record the answer (`dalil victims "
        "tell`), or that a family was sought and not found."
    )


class CannotCutHere(Refusal):
    """This stretch cannot be cut without showing more than was asked, or breaking the proof."""

    next_step = "Use `dalil redact`, which publishes by tiles."


class TimeTokenRefused(Refusal):
    """The time authority's answer does not stamp this checkpoint."""

    safe = "The raw answer was kept, and the log is as it was."
    next_step = "Ask the authority again, or another one."


class RecordRefused(Refusal):
    """This cannot be written down as it is."""

    safe = "Nothing of it was recorded."
    next_step = "Correct what is named above and give it again."


class ImportRefused(Refusal):
    """This file cannot be brought in as it is; every place that is wrong is named."""

    safe = "Nothing of it was recorded; what was in the casebook before is unchanged."
    next_step = "Correct the rows that are named, or the field map, and give the same command."


class RevisedMeanwhile(Refusal):
    """Somebody else revised this record in the meantime."""

    safe = "Both revisions are safe: theirs is recorded, and yours was not written over it."
    next_step = "Look at the newer revision, then say again what should change."


class AgainstLeftOut(Refusal):
    """What speaks against a claim cannot be left behind."""

    safe = "Nothing was built."
    next_step = "Take what is named along, or leave the claim out too."
