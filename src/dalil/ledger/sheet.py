"""The recovery sheet: the archive's key on paper, in groups that show a slip of the pen."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from dalil.errors import SheetMistyped

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CHECKS = ALPHABET + "*~$=U"
KEY_BYTES = 32
GROUP_DIGITS = 4
GROUPS = 13
BITS_A_DIGIT = 5
GROUPS_A_LINE = 5
_LOOK_ALIKES = str.maketrans("OIL", "011")

_TEXTS = {
    "en": """RECOVERY SHEET

Archive: {archive}
Keeper:  {keeper}

{code}

What this is: the key of the archive. Whoever has this sheet and a copy of the
archive can sign in its name and open the secrets of every item.
When it is needed: when a passphrase is lost. Run
    dalil person recover {path} --name NAME
and type the groups; at the desk, open “A passphrase is lost”. It makes a new signing
key for that person under a new passphrase. The old signing key stays lost; the log
shows the change to everybody.
What is lost without it: if every passphrase and this sheet are gone, the originals
can still be read and checked, but nobody can sign further acts, and no part can be
published with a proof. Nobody can reset this.
Keep it on paper, locked away, never beside the archive, never as a photograph.
The last character of each group checks the four before it.
""",
    "ar": """ورقة الاستعادة

الأرشيف: {archive}
الأمين: {keeper}

{code}

ما هذه: مفتاح الأرشيف. من يملك هذه الورقة ونسخة من الأرشيف يستطيع أن يوقّع باسمه وأن يفتح
أسرار كل مادة.
متى تلزم: عند فقدان عبارة المرور. نفّذ
    dalil person recover {path} --name NAME
واكتب المجموعات، أو افتح في المكتب صفحة «ضاعت عبارة مرور». يُنشأ لذلك الشخص مفتاح توقيع جديد
تحت عبارة مرور جديدة. يبقى المفتاح القديم مفقودًا، ويُظهر السجل هذا التغيير للجميع.
ما يضيع بدونها: إذا ضاعت كل عبارات المرور وهذه الورقة، تبقى الأصول قابلة للقراءة والفحص، لكن لا
أحد يستطيع أن يوقّع أفعالًا جديدة، ولا أن يُنشر جزء مع برهانه. لا يستطيع أحد أن يعيد تعيينها.
احفظها ورقًا في مكان مقفل، لا بجانب الأرشيف، ولا صورةً.
الحرف الأخير من كل مجموعة يفحص الأحرف الأربعة قبله.
""",
}


@dataclass(frozen=True, slots=True)
class RecoverySheet:
    """What is printed once, when the archive is made."""

    archive: str
    keeper: str
    path: str
    code: str = field(repr=False)

    def text(self, lang: str) -> str:
        """Return the page in ``en`` or ``ar``."""
        groups = self.code.split(" ")
        rows = [groups[i : i + GROUPS_A_LINE] for i in range(0, GROUPS, GROUPS_A_LINE)]
        code = "\n".join("    " + "  ".join(row) for row in rows)
        return _TEXTS[lang].format(
            archive=self.archive, keeper=self.keeper, path=self.path, code=code
        )


def code_of(key: bytes) -> str:
    """Return 32 bytes as 13 groups of 4 Crockford base32 digits and a check character."""
    spare = GROUPS * GROUP_DIGITS * BITS_A_DIGIT - KEY_BYTES * 8
    value = int.from_bytes(key, "big") << spare
    groups = []
    for number in range(GROUPS):
        bits = GROUP_DIGITS * BITS_A_DIGIT
        part = value >> (bits * (GROUPS - 1 - number)) & ((1 << bits) - 1)
        groups.append(_digits(part) + _check(number, part))
    return " ".join(groups)


def key_of(untrusted: str) -> bytes:
    """Return the 32 bytes of a typed code; small letters, O, I, L and any spacing are fine.

    Raises:
        SheetMistyped: a group is wrong, which one is said.

    """
    typed = re.sub(r"[\s-]+", "", untrusted.upper()).translate(_LOOK_ALIKES)
    size = GROUP_DIGITS + 1
    if len(typed) != GROUPS * size:
        raise SheetMistyped(f"the sheet has {GROUPS * size} characters, here are {len(typed)}")
    value = 0
    for number in range(GROUPS):
        group = typed[number * size : (number + 1) * size]
        try:
            part = _value(group[:-1])
        except ValueError:
            raise SheetMistyped(f"group {number + 1} of the sheet has a wrong character") from None
        if _check(number, part) != group[-1]:
            raise SheetMistyped(f"group {number + 1} of the sheet is mistyped")
        value = value << GROUP_DIGITS * BITS_A_DIGIT | part
    spare = GROUPS * GROUP_DIGITS * BITS_A_DIGIT - KEY_BYTES * 8
    if value & ((1 << spare) - 1):
        raise SheetMistyped(f"group {GROUPS} of the sheet is mistyped")
    return (value >> spare).to_bytes(KEY_BYTES, "big")


def _digits(part: int) -> str:
    return "".join(ALPHABET[part >> (BITS_A_DIGIT * i) & 31] for i in reversed(range(GROUP_DIGITS)))


def _value(digits: str) -> int:
    value = 0
    for digit in digits:
        value = value << BITS_A_DIGIT | ALPHABET.index(digit)
    return value


def _check(number: int, part: int) -> str:
    # The number of the group goes in, so that two groups swapped do not pass.
    return CHECKS[((number << GROUP_DIGITS * BITS_A_DIGIT) + part) % len(CHECKS)]
