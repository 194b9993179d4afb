"""What is said about files that a student imports: what was left out, what to check, what to do."""

from __future__ import annotations

from typing import Final

from bounceback.messages.registry import Facts, Format, message

CONFIDENCE: Final = {
    "high": "Confirmed twice",
    "medium": "Please check",
    "low": "Not sure. Please check",
}
"""How sure a reading is, for people."""

NOTHING_FOUND: Final = "We found no score, block or card in this file."


def draft_count(number: int, kind: str) -> str:
    """Return what was found: "3 practice tests"."""
    nouns = {
        "practice-test": ("practice test", "practice tests"),
        "exam-report": ("score report of a real exam", "score reports of real exams"),
        "blocks": ("block", "blocks"),
        "deck": ("deck", "decks"),
    }
    one, many = nouns[kind]
    return f"{number:,} {one if number == 1 else many}"


# --- values that need a look ------------------------------------------------------------------


@message("importers.day-or-month")
def _day_or_month(facts: Facts, fmt: Format) -> str:
    return "Month and day could also be the other way around."


@message("importers.printed-bound")
def _printed_bound(facts: Facts, fmt: Format) -> str:
    return "The report prints a limit here, not an exact chance."


@message("importers.separate-columns")
def _separate_columns(facts: Facts, fmt: Format) -> str:
    return "Names and numbers were in separate columns. We matched them in order."


@message("importers.two-columns")
def _two_columns(facts: Facts, fmt: Format) -> str:
    return "Two numbers are on this line. We took yours by the column heading."


@message("importers.created-day")
def _created_day(facts: Facts, fmt: Format) -> str:
    return "This is the date the block was created. The list doesn't say when you finished it."


@message("importers.rounded-percent")
def _rounded(facts: Facts, fmt: Format) -> str:
    return "No number of correct answers gives exactly this percent."


# --- lines that were not used -----------------------------------------------------------------


@message("importers.no-block-heads")
def _no_heads(facts: Facts, fmt: Format) -> str:
    return (
        "We couldn't find column headings. The list needs a date, the number of questions, and "
        "how many were correct."
    )


@message("importers.column-unused")
def _column(facts: Facts, fmt: Format) -> str:
    return f"We don't use the column \u201c{facts['column']}\u201d."


@message("importers.row-no-date")
def _row_no_date(facts: Facts, fmt: Format) -> str:
    given = str(facts["given"])
    return (
        f"\u201c{given[:40]}\u201d isn't a date we can read." if given else "The date is missing."
    )


@message("importers.row-ahead")
def _row_ahead(facts: Facts, fmt: Format) -> str:
    return f"{fmt.day(facts['day'])} is in the future."


@message("importers.row-no-items")
def _row_no_items(facts: Facts, fmt: Format) -> str:
    return "We can't read how many questions it had."


@message("importers.row-no-correct")
def _row_no_correct(facts: Facts, fmt: Format) -> str:
    return "We can't read how many were correct."


@message("importers.row-disagrees")
def _row_disagrees(facts: Facts, fmt: Format) -> str:
    return "The numbers in this row don't agree with each other."


@message("importers.bare-score", number=True)
def _bare_score(facts: Facts, fmt: Format) -> str:
    return (
        f"{facts['given']} could mean {facts['given']}% or {facts['given']} of "
        f"{facts['items']} questions. Add a % sign, or write it as a count such as 26/40."
    )


@message("importers.other-exam")
def _other_exam(facts: Facts, fmt: Format) -> str:
    return "This practice test is for another exam."


# --- files that were not read -----------------------------------------------------------------


@message("importers.file-too-large")
def _too_large(facts: Facts, fmt: Format) -> str:
    return (
        f"This file is larger than {facts['megabytes']} MB. Reports and lists are smaller. Check "
        "that it's the right one."
    )


@message("importers.pdf-without-text")
def _pdf_pictures(facts: Facts, fmt: Format) -> str:
    return (
        "We couldn't read the text in this PDF. Open it, select all, copy, and paste it here "
        "instead."
    )


@message("importers.pdf-damaged")
def _pdf_damaged(facts: Facts, fmt: Format) -> str:
    return (
        "We couldn't open this PDF. It may be damaged or protected by a password. Open it, select "
        "all, copy, and paste the text instead."
    )


@message("importers.pdf-too-slow")
def _pdf_slow(facts: Facts, fmt: Format) -> str:
    return "This PDF takes too long to read. Open it, select all, copy, and paste the text instead."


@message("importers.not-text")
def _not_text(facts: Facts, fmt: Format) -> str:
    return "We can't read the characters in this file. Save it as CSV or text in UTF-8."


@message("importers.list-damaged")
def _list_damaged(facts: Facts, fmt: Format) -> str:
    return "We can't read this list as a table. Save it as CSV with one row for each block."


@message("importers.workbook-damaged")
def _workbook(facts: Facts, fmt: Format) -> str:
    return "We couldn't open this spreadsheet. Save it as CSV and choose that file."


@message("importers.workbook-too-slow")
def _workbook_slow(facts: Facts, fmt: Format) -> str:
    return "This spreadsheet takes too long to read. Save it as CSV and choose that file."


@message("importers.unpacks-too-large")
def _bomb(facts: Facts, fmt: Format) -> str:
    return "This file unpacks to far more than its size. Save it as CSV and choose that file."


@message("importers.zip-several")
def _zip_several(facts: Facts, fmt: Format) -> str:
    return "This zip holds more than one file, or none. Unzip it and choose one file."


@message("importers.zip-damaged")
def _zip_damaged(facts: Facts, fmt: Format) -> str:
    return "We couldn't unpack this zip. Unzip it on your computer and choose the file inside."


@message("importers.web-page")
def _web_page(facts: Facts, fmt: Format) -> str:
    return (
        "This is a saved web page. Open it, select all, copy, and paste the text. For cards, "
        "export the deck from Anki as .apkg."
    )


@message("importers.image")
def _image(facts: Facts, fmt: Format) -> str:
    return "This is a picture. Type the score in, or choose a PDF, CSV or Excel file."


@message("importers.word-file")
def _word(facts: Facts, fmt: Format) -> str:
    return "This is a Word document. Open it, select all, copy, and paste the text instead."


@message("importers.old-workbook")
def _old_workbook(facts: Facts, fmt: Format) -> str:
    return "This is an older Excel or Word file. Save it as XLSX or CSV and choose that file."


@message("importers.case-file")
def _case_file(facts: Facts, fmt: Format) -> str:
    return "This is a Bounceback case file. To check it, run: bounceback case check FILE"


@message("importers.unknown-file")
def _unknown(facts: Facts, fmt: Format) -> str:
    return "We can't read this file type. Choose a PDF, CSV or Excel file."


@message("importers.json-unknown")
def _json(facts: Facts, fmt: Format) -> str:
    return (
        "We don't know what this JSON file holds. We can read decks from CrowdAnki, and lists of "
        "practice tests or blocks."
    )
