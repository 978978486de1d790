"""Lists of people who never were, with what happens to names on the way into lists.

Families of three generations, brothers and sisters, twins, namesakes; then each list takes some
of them and damages what it takes. Everything is drawn from a seed.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date

from dalil.match.persons.row import PersonRow

MEN = {
    "محمد": "Mohammed Muhammad Mohamad", "أحمد": "Ahmad Ahmed", "علي": "Ali Aly",
    "حسن": "Hasan Hassan", "حسين": "Hussein Husain", "عمر": "Omar Umar", "خالد": "Khaled Khalid",
    "إبراهيم": "Ibrahim Ebrahim", "يوسف": "Yousef Yusuf", "محمود": "Mahmoud Mahmud",
    "مصطفى": "Mustafa Moustafa", "عبد الله": "Abdullah Abdallah", "سليم": "Salim Saleem",
    "عبد الرحمن": "Abdulrahman Abdel-Rahman", "طارق": "Tariq Tarek", "زياد": "Ziad Ziyad",
    "فادي": "Fadi Fady", "سامر": "Samer Samir", "رامي": "Rami Ramy", "هاني": "Hani Hany",
    "ماهر": "Maher Mahir", "ياسر": "Yasser Yasir", "نور الدين": "Nouraddin Nour-al-Din",
    "بلال": "Bilal Belal", "أنس": "Anas", "مالك": "Malek Malik", "كريم": "Karim Kareem",
    "جمال": "Jamal Gamal", "غسان": "Ghassan", "قاسم": "Qasim Kasem", "شادي": "Shadi Shady",
    "عماد": "Imad Emad", "وائل": "Wael Wail", "إسماعيل": "Ismail Ismael", "رشيد": "Rashid Rasheed",
    "صلاح الدين": "Salahaddin Salah-al-Din", "عبد القادر": "Abdulqader Abdel-Kader",
    "توفيق": "Tawfiq Toufik", "خضر": "Khodr Khidr", "زكريا": "Zakaria Zakariya",
}  # fmt: skip
WOMEN = {
    "فاطمة": "Fatima Fatma", "مريم": "Maryam Mariam", "زينب": "Zainab Zeinab", "سارة": "Sara Sarah",
    "نور": "Nour Noor", "هدى": "Huda Hoda", "رنا": "Rana", "ليلى": "Layla Leila",
    "سلمى": "Salma", "إيمان": "Iman Eman", "أسماء": "Asma Asmaa", "خديجة": "Khadija Khadijah",
    "عائشة": "Aisha Aysha", "منى": "Mona Muna", "رحاب": "Rehab Rihab", "دعاء": "Doaa Duaa",
    "سمية": "Sumaya Soumaya", "آمنة": "Amina Aminah", "بتول": "Batoul Batool", "جنى": "Jana Janna",
    "ميساء": "Maysaa Maisa", "وفاء": "Wafaa Wafa", "لينا": "Lina Leena", "هبة": "Hiba Heba",
}  # fmt: skip
_FAMILIES = (
    "حداد نجار خياط بيطار قصاب دباغ حلاق صباغ سقا عطار لحام خباز طحان نحاس صائغ زيات فران حايك"
    " حلبي حمصي شامي درعاوي ديري مصري مغربي بغدادي بصري موصلي يافاوي عكاوي كردي تركماني شركسي"
    " خطيب شيخ قاضي مفتي إمام حكيم كاتب معلم شاعر بحري جبلي ساحلي غزالي صقر نمر ذيب سبع غراب"
    " زيتون عنب توت ورد ريحان زعتر قمح شعير بركات نعيم سرور فرحات عساف جراح طويل قصير أشقر أسمر"
)
_LATIN = dict(zip("ابتجحدرزسطعفقكلمنهويىةصض", "abtjhdrzstafqklmnhwiiasd", strict=True)) | {
    "ث": "th",
    "خ": "kh",
    "ذ": "dh",
    "ش": "sh",
    "غ": "gh",
    "أ": "a",
    "إ": "i",
    "ئ": "e",
}


@dataclass(frozen=True)
class Person:
    """Somebody: a given name and the names after it, in Arabic and in Latin letters."""

    n: int
    given: str
    lineage: tuple[str, str, str]
    sex: str
    born: date

    @property
    def arabic(self) -> list[str]:
        return [self.given, *self.lineage]


def people(draw: random.Random, families: int) -> list[Person]:
    """Draw families, each with a father's and uncles' children."""
    found: list[Person] = []
    for _ in range(families):
        family, grandfather = _family_name(draw), _common(draw, list(MEN))
        for _ in range(draw.choice((1, 1, 2))):
            father = _common(draw, list(MEN))
            born = date(draw.randint(1940, 2010), 1, 1).toordinal() + draw.randint(0, 364)
            for _ in range(draw.choice((1, 1, 2, 3, 5))):
                sex = draw.choice(("female", "male", "male"))
                given = _common(draw, [*(WOMEN if sex == "female" else MEN)])
                if any(each.given == given for each in found[-5:]):
                    continue
                lineage = (father, grandfather, family)
                found.append(Person(len(found), given, lineage, sex, date.fromordinal(born)))
                born += 0 if draw.random() < 0.02 else draw.randint(300, 1500)
    return found


def _common(draw: random.Random, names: list[str]) -> str:
    """Draw a name; the first ones are borne by many."""
    return names[min(int(draw.expovariate(4 / len(names))), len(names) - 1)]


def _family_name(draw: random.Random) -> str:
    word = draw.choice(_FAMILIES.split())
    return draw.choice(
        (word, f"ال{word}", f"أبو {word}", f"أبو ال{word}", f"{word}{draw.choice('ةيان')}")
    )


_ALIKE = ["بتثني", "جحخ", "دذ", "رزو", "سش", "صض", "طظ", "عغ", "فق", "كل", "هم"]
_SPELLINGS = str.maketrans("أإآةىؤئ", "اااهيوي")
DIED = date(2013, 6, 1).toordinal()


@dataclass(frozen=True)
class Habits:
    """How a list writes: shares of its rows to which each thing happens."""

    plain: float = 0.4
    damaged: float = 0.12
    missing: float = 0.03
    other_family: float = 0.02
    born: float = 0.8
    age: float = 1.0
    press: bool = False
    latin: bool = False


def list_of(draw: random.Random, name: str, who: list[Person], habits: Habits) -> list[PersonRow]:
    """Write a list of these people; row ``name-17`` is person 17."""
    return [_row(draw, name, person, habits) for person in who]


def _row(draw: random.Random, name: str, person: Person, habits: Habits) -> PersonRow:
    sex = person.sex
    if draw.random() < 0.007:
        sex = {"female": "male", "male": "female"}[sex]
    born = person.born.toordinal()
    age = max(0, (DIED - born) // 365 + draw.choice((0, 0, 0, -1, 1)))
    if draw.random() < 0.03:
        age = draw.randint(0, 90)
    if draw.random() < 0.05:
        born += draw.choice((1, 30, 31, 365, 3000))
    return PersonRow(
        id=f"{name}-{person.n:05d}",
        list=name,
        names=(_written(draw, person, habits),),
        sex=sex,
        age=(age, age) if draw.random() < habits.age else None,
        born=(born, born) if draw.random() < habits.born else None,
    )


def _written(draw: random.Random, person: Person, habits: Habits) -> str:
    parts = list(person.arabic)
    if habits.press:
        parts = parts[:2] + parts[3:] if draw.random() < 0.4 else [parts[0], parts[3]]
    elif draw.random() < habits.missing:
        del parts[draw.choice((1, 2))]
    if draw.random() < habits.other_family:
        parts[-1] = _family_name(draw)
    if habits.latin:
        return " ".join(_latin(draw, part) for part in parts)
    text = " ".join(parts)
    if draw.random() < habits.plain:
        text = text.translate(_SPELLINGS)
    if draw.random() < 0.3:
        text = text.replace("عبد ال", "عبدال").replace("أبو ", "ابو").replace(" الدين", "الدين")
    if draw.random() < 0.05:
        text = text.replace(" ال", " ", 1)
    return damaged(draw, text) if draw.random() < habits.damaged else text


def damaged(draw: random.Random, text: str) -> str:
    """Lose, exchange, double or swap one letter, or split a word, as readers and scanners do."""
    at = draw.randrange(1, len(text) - 1)
    letter, after = text[at], text[at + 1]
    if " " in (letter, after):
        return text[:at] + text[at + 1 :] if letter != " " else text
    like = next((draw.choice(each) for each in _ALIKE if letter in each), "")
    return text[:at] + draw.choice(("", like, letter * 2, f"{letter} ")) + text[at + 1 :]


def _latin(draw: random.Random, part: str) -> str:
    known = (MEN | WOMEN).get(part)
    if known:
        return draw.choice(known.split())
    if part.startswith("أبو "):
        return f"{draw.choice(('Abu', 'Abou'))} {_latin(draw, part[4:])}"
    if part.startswith("ال"):
        return f"{draw.choice(('Al-', 'al ', 'El-'))}{_latin(draw, part[2:])}"
    letters = [_LATIN.get(letter, letter) for letter in part]
    return "".join(
        each + ("a" if each not in "aeiou" and draw.random() < 0.6 else "") for each in letters
    ).capitalize()
