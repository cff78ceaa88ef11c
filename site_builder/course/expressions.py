"""Arithmetic in calculated questions: a small language, read with Python's own parser and evaluated here.

Nothing is executed: every node is looked at, and what is not arithmetic is refused. Length, depth, exponents and the
size of every intermediate result are limited, so that no expression costs more than a moment.
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache

MAX_LENGTH = 200
"""Characters."""

MAX_DEPTH = 20
"""Operations in one another."""

MAX_EXPONENT = 40
"""Of a power, either way."""

MAX_DIGITS = 60
"""Of numerator and denominator of any result."""

CALCULATOR = 12
"""Significant digits that people can be expected to write down."""

MAX_DECIMALS = 12
"""Of `round`."""

NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9_]{0,19}")


class ExpressionError(ValueError):
    """An expression that cannot be read or has no value; the message says why."""


def _through_float(function: Callable[[float], float]) -> Callable[[Fraction], Fraction]:
    """A function of real numbers, to the 15 digits that floats have."""

    def call(value: Fraction) -> Fraction:
        try:
            return Fraction(repr(function(float(value))))
        except (ValueError, OverflowError) as error:
            raise ExpressionError(f"{function.__name__} of {decimal_text(value)} has no value") from error

    return call


FUNCTIONS: dict[str, Callable[[Fraction], Fraction]] = {
    "sqrt": _through_float(math.sqrt),
    "ln": _through_float(math.log),
    "log": _through_float(math.log10),
    "exp": _through_float(math.exp),
    "abs": abs,
}
"""Of one argument. `log` is to base 10, as on a calculator."""

CONSTANTS = {"pi": Fraction(repr(math.pi))}
SIGNS = str.maketrans({"×": "*", "·": "*", "÷": "/", "−": "-", "–": "-", "^": "\x00"})


@lru_cache(maxsize=1000)
def read_expression(text: str) -> ast.expr:
    """The expression as a tree of known operations.

    Raises:
        ExpressionError: It is too long or too deep, or no arithmetic.
    """
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"an expression of {len(text)} characters; {MAX_LENGTH} are allowed")
    if re.search(r"\d,\d", text):
        # Also between the arguments of a function: max(1,5, c1) is read in two ways by two people.
        raise ExpressionError("a comma between two digits: write 0.5, or a space behind the comma of a list")
    source = " ".join(text.split()).translate(SIGNS).replace("\x00", "**")
    try:
        tree = ast.parse(source, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ExpressionError(f"{text.strip()!r} cannot be read as arithmetic") from error
    _check(tree, 0)
    return tree


def _check(node: ast.expr, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise ExpressionError(f"more than {MAX_DEPTH} operations in one another")
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            if abs(value) >= 10**MAX_EXPONENT:
                raise ExpressionError("a number that is too large")
        case ast.Name(id=name):
            if name not in CONSTANTS and not NAME.fullmatch(name):
                raise ExpressionError(f"the name {name!r}")
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=operand):
            _check(operand, depth + 1)
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div() | ast.Pow(), right=right):
            _check(left, depth + 1)
            _check(right, depth + 1)
        case ast.Call(func=ast.Name(id="round"), args=[value, ast.Constant(value=int() as places)], keywords=[]):
            if isinstance(places, bool) or places > MAX_DECIMALS:
                raise ExpressionError(f"round to {places} decimals; 0 to {MAX_DECIMALS} are allowed")
            _check(value, depth + 1)
        case ast.Call(func=ast.Name(id="min" | "max"), args=[_, _, *_] as values, keywords=[]):
            for value in values:
                _check(value, depth + 1)
        case ast.Call(func=ast.Name(id=name), args=[value], keywords=[]) if name in FUNCTIONS:
            _check(value, depth + 1)
        case ast.Call(func=ast.Name(id=name)):
            known = ", ".join((*FUNCTIONS, "round(value, decimals)", "min(a, b)", "max(a, b)"))
            raise ExpressionError(f"{name}(…) in that form; there are {known}")
        case _:
            raise ExpressionError(f"{ast.unparse(node)!r}, which is no arithmetic")


def names_in(text: str) -> frozenset[str]:
    """The parameters that an expression uses.

    Raises:
        ExpressionError: As for `read_expression`.
    """
    called = {id(node.func) for node in ast.walk(read_expression(text)) if isinstance(node, ast.Call)}
    return frozenset(
        node.id
        for node in ast.walk(read_expression(text))
        if isinstance(node, ast.Name) and id(node) not in called and node.id not in CONSTANTS
    )


def decimals_of(text: str) -> int | None:
    """To how many decimals an expression rounds its result; None when it does not.

    Raises:
        ExpressionError: As for `read_expression`.
    """
    match read_expression(text):
        case ast.Call(func=ast.Name(id="round"), args=[_, ast.Constant(value=int() as places)]):
            return places
    return None


def evaluate(text: str, values: Mapping[str, Fraction]) -> Fraction:
    """The value of an expression, exactly as far as arithmetic is exact.

    Raises:
        ExpressionError: It cannot be read, or has no value (a division by zero, a root of a negative number), or one
            that is too large.
    """
    return _value(read_expression(text), values)


def _value(node: ast.expr, values: Mapping[str, Fraction]) -> Fraction:
    result = Fraction(0)
    match node:
        case ast.Constant(value=value):
            result = Fraction(repr(value))
        case ast.Name(id=name):
            if name in values:
                result = values[name]
            elif name in CONSTANTS:
                result = CONSTANTS[name]
            else:
                raise ExpressionError(f"{name!r}, which is not defined")
        case ast.UnaryOp(op=op, operand=operand):
            result = -_value(operand, values) if isinstance(op, ast.USub) else _value(operand, values)
        case ast.BinOp(left=left, op=op, right=right):
            result = _combine(op, _value(left, values), _value(right, values))
        case ast.Call(func=ast.Name(id="round"), args=[value, ast.Constant(value=int() as places)]):
            result = rounded(_value(value, values), places)
        case ast.Call(func=ast.Name(id="min" | "max" as name), args=several):
            found = [_value(item, values) for item in several]
            result = min(found) if name == "min" else max(found)
        case ast.Call(func=ast.Name(id=name), args=[value]):
            result = FUNCTIONS[name](_value(value, values))
    if max(abs(result.numerator), result.denominator) >= 10**MAX_DIGITS:
        # What is very small in proportion is rounded; what is very large is refused.
        if abs(result) >= 10**MAX_EXPONENT:
            raise ExpressionError("a result that is too large")
        result = Fraction(round(result * 10**MAX_EXPONENT), 10**MAX_EXPONENT)
    return result


def _combine(op: ast.operator, left: Fraction, right: Fraction) -> Fraction:
    match op:
        case ast.Add():
            return left + right
        case ast.Sub():
            return left - right
        case ast.Mult():
            return left * right
        case ast.Div():
            if not right:
                raise ExpressionError("a division by zero")
            return left / right
    if abs(right) > MAX_EXPONENT:
        raise ExpressionError(f"an exponent beyond {MAX_EXPONENT}")
    if not left and right < 0:
        raise ExpressionError("a division by zero")
    if right.denominator == 1:
        power: Fraction = left ** int(right)
        return power
    if left < 0:
        raise ExpressionError("a root of a negative number")
    try:
        return Fraction(repr(float(left) ** float(right)))
    except (OverflowError, ValueError) as error:
        raise ExpressionError("a result that is too large") from error


def rounded(value: Fraction, places: int) -> Fraction:
    """To a number of decimals, half away from zero, as people round."""
    scaled = value * Fraction(10) ** places
    whole = math.floor(abs(scaled) + Fraction(1, 2))
    return Fraction(whole if scaled >= 0 else -whole) / Fraction(10) ** places


def is_finite(value: Fraction) -> bool:
    """Whether a value can be written down exactly, with no more digits than a calculator has."""
    rest = value.denominator
    for factor in (2, 5):
        while rest % factor == 0:
            rest //= factor
    number = Decimal(value.numerator) / Decimal(value.denominator)
    return rest == 1 and len(number.normalize().as_tuple().digits) <= CALCULATOR


def decimal_text(value: Fraction, decimals: int | None = None, digits: int = 6) -> str:
    """A value as decimal digits: with so many decimals, exactly where that is short, or with significant digits."""
    if decimals is not None:
        exact = rounded(value, decimals)
        return f"{Decimal(exact.numerator) / Decimal(exact.denominator):.{max(0, decimals)}f}"
    if not value:
        return "0"
    number = Decimal(value.numerator) / Decimal(value.denominator)
    if is_finite(value):
        return f"{number.normalize():f}"
    place = number.adjusted() - digits + 1
    text = f"{number.quantize(Decimal((0, (1,), place)), ROUND_HALF_UP):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
