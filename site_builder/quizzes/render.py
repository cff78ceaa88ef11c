"""A quiz as HTML that is complete without a script, and without the key of a graded quiz."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, tostring

from site_builder.course.model import Question, Quiz
from site_builder.quizzes.html import add, append_html
from site_builder.quizzes.kinds import kind_of

ADDRESS = re.compile(r'\s(?:src|href)="(?![a-zA-Z][a-zA-Z0-9+.-]*:|#|//)([^"]+)"')


def render_quiz(quiz: Quiz, *, lang: str, scene: str = "") -> Element:
    """The quiz as an `air-quiz` element around a form; texts of the interface are filled in by the theme's element.

    Args:
        quiz: What is asked.
        lang: Of the page.
        scene: Name of the scene that it is asked in, "" for none.
    """
    root = Element(
        "air-quiz",
        {
            "class": "quiz",
            "quiz": quiz.id,
            "mode": "practice" if quiz.practice else "graded",
            "show": quiz.show,
            "pass": str(quiz.pass_mark),
            "release": quiz.release,
            "lang": lang,
            "data-pagefind-ignore": "all",
        },
    )
    if scene:
        root.set("scene", scene)
    if quiz.attempts is not None:
        root.set("attempts", str(quiz.attempts))
    if quiz.shuffle:
        root.set("shuffle", "shuffle")
    if quiz.confidence:
        root.set("confidence", "confidence")
    if quiz.marking != "partial":
        root.set("marking", quiz.marking)
    if quiz.wait:
        root.set("wait", str(quiz.wait))
    if quiz.minutes is not None:
        root.set("minutes", str(quiz.minutes))
    form = add(root, "form", class_="quiz-form", novalidate="novalidate")
    if quiz.intro:
        append_html(add(form, "div", class_="quiz-intro"), quiz.intro)
    if quiz.handed_out:
        root.set("handed-out", str(quiz.asked))
        if quiz.draw is not None:
            root.set("pool", str(len(quiz.questions)))
        _add_files(form, quiz)
    else:
        for number, question in enumerate(quiz.questions, start=1):
            form.append(render_question(quiz, question, number))
    add(form, "div", class_="quiz-actions")
    return root


def render_question(quiz: Quiz, question: Question, number: int) -> Element:
    """One question with its controls."""
    name = f"{quiz.id}--{question.id}"
    attributes = {"class": "question", "question": question.id, "id": f"q-{name}"}
    holder = Element(f"air-{question.kind}", attributes)
    if question.critical:
        holder.set("critical", "critical")
    # A stem may hold paragraphs, tables and pictures, which a legend may not: the group is named by reference.
    fieldset = add(holder, "fieldset", aria_labelledby=f"stem-{name}")
    stem = add(fieldset, "div", class_="stem")
    add(stem, "span", str(number), class_="number")
    kind = kind_of(question)
    kind.write(add(stem, "div", class_="stem-text", id=f"stem-{name}"), question.stem, question, name)
    kind.show(fieldset, question, name, practice=quiz.practice)
    if quiz.practice and question.explanation:
        kind.write(add(fieldset, "div", class_="explanation", hidden="hidden"), question.explanation, question, name)
    return holder


def sheet(quiz: Quiz, question: Question) -> str:
    """The HTML of a question that the API hands out, without its key."""
    return tostring(render_question(quiz, question, 1), encoding="unicode", method="html")


def _add_files(form: Element, quiz: Quiz) -> None:
    """A link to each file that a question shows: the page's builder writes them as they are reached from the page."""
    found = {address for html in quiz.sheets.values() for address in ADDRESS.findall(html)}
    if found:
        holder = add(form, "div", class_="quiz-files", hidden="hidden")
        for address in sorted(found):
            add(holder, "a", href=address, data_file=address)
