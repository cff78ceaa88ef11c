"""A quiz as HTML that is complete without a script, and without the key of a graded quiz."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from site_builder.course.model import Question, Quiz
from site_builder.quizzes.html import add, append_html
from site_builder.quizzes.kinds import kind_of


def render_quiz(quiz: Quiz, *, lang: str) -> Element:
    """The quiz as an `air-quiz` element around a form; texts of the interface are filled in by the theme's element."""
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
    if quiz.attempts is not None:
        root.set("attempts", str(quiz.attempts))
    form = add(root, "form", class_="quiz-form", novalidate="novalidate")
    if quiz.intro:
        append_html(add(form, "div", class_="quiz-intro"), quiz.intro)
    for number, question in enumerate(quiz.questions, start=1):
        _render_question(form, quiz, question, number)
    add(form, "div", class_="quiz-actions")
    return root


def _render_question(form: Element, quiz: Quiz, question: Question, number: int) -> None:
    name = f"{quiz.id}--{question.id}"
    holder = add(form, f"air-{question.kind}", class_="question", question=question.id, id=f"q-{name}")
    if question.critical:
        holder.set("critical", "critical")
    # A stem may hold paragraphs, tables and pictures, which a legend may not: the group is named by reference.
    fieldset = add(holder, "fieldset", aria_labelledby=f"stem-{name}")
    stem = add(fieldset, "div", class_="stem")
    add(stem, "span", str(number), class_="number")
    append_html(add(stem, "div", class_="stem-text", id=f"stem-{name}"), question.stem)
    kind_of(question).show(fieldset, question, name, practice=quiz.practice)
    if quiz.practice and question.explanation:
        append_html(add(fieldset, "div", class_="explanation", hidden="hidden"), question.explanation)
