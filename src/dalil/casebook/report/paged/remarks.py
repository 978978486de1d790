"""What a reader of a case should look at: its remarks, without the claims themselves."""

from __future__ import annotations

from dataclasses import dataclass

from dalil.casebook.casebook import Casebook
from dalil.casebook.index.view import View
from dalil.casebook.report.case_report import report_case
from dalil.casebook.report.page import Remark


@dataclass(frozen=True, slots=True)
class Remarks:
    """Sources that contradict themselves, copies that differ, names that meet, marks in texts."""

    self_conflicts: tuple[Remark, ...]
    versions: tuple[Remark, ...]
    names: tuple[Remark, ...]
    marks: tuple[Remark, ...]


def remarks_on(casebook: Casebook, case: str, view: View) -> Remarks:
    """Return the remarks on a case, which is weighed whole for it.

    Raises:
        NoSuchThing: nothing of such a case may be seen.

    """
    report = report_case(casebook, case, view)
    return Remarks(report.self_conflicts, report.versions, report.names, report.warnings)
