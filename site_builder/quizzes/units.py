"""Which units a key may have, and what converts into them: compiled with pint into exact fractions.

The names are those of `course/units.json`. A key may be any product of them; what is accepted for it is the key itself,
every unit of the same dimension, and its own shape with other units of the same dimensions in it.
"""

from __future__ import annotations

import difflib
import itertools
from fractions import Fraction
from functools import cache

import pint

from site_builder.course.numbers import UnitConversion
from site_builder.course.units import canonical, factors, names, plain

PINT = {
    "m": "meter", "km": "kilometer", "dm": "decimeter", "cm": "centimeter", "mm": "millimeter", "µm": "micrometer",
    "nm": "nanometer", "ha": "hectare", "L": "liter", "hL": "hectoliter", "dL": "deciliter", "cL": "centiliter",
    "mL": "milliliter", "µL": "microliter", "nL": "nanoliter", "cc": "centimeter**3", "t": "tonne", "kg": "kilogram",
    "g": "gram", "mg": "milligram", "µg": "microgram", "ng": "nanogram", "pg": "picogram", "s": "second",
    "ms": "millisecond", "min": "minute", "h": "hour", "d": "day", "week": "week", "month": "month", "year": "year",
    "Pa": "pascal", "hPa": "hectopascal", "kPa": "kilopascal", "MPa": "megapascal", "mPa": "millipascal", "bar": "bar",
    "mbar": "millibar", "psi": "psi", "mmHg": "mmHg", "atm": "atm", "K": "kelvin", "°C": "degree_Celsius",
    "°F": "degree_Fahrenheit", "mol": "mole", "kmol": "kilomole", "mmol": "millimole", "µmol": "micromole",
    "nmol": "nanomole", "M": "mole/liter", "mM": "millimole/liter", "µM": "micromole/liter", "N": "newton",
    "kN": "kilonewton", "J": "joule", "kJ": "kilojoule", "MJ": "megajoule", "kcal": "kilocalorie", "Wh": "watt_hour",
    "kWh": "kilowatt_hour", "W": "watt", "kW": "kilowatt", "mW": "milliwatt", "MW": "megawatt", "V": "volt",
    "mV": "millivolt", "µV": "microvolt", "kV": "kilovolt", "A": "ampere", "mA": "milliampere", "µA": "microampere",
    "kA": "kiloampere", "Ω": "ohm", "kΩ": "kiloohm", "MΩ": "megaohm", "mΩ": "milliohm", "F": "farad",
    "µF": "microfarad", "nF": "nanofarad", "pF": "picofarad", "Hz": "hertz", "kHz": "kilohertz", "MHz": "megahertz",
    "S": "siemens", "mS": "millisiemens", "µS": "microsiemens", "cP": "centipoise", "P": "poise", "lx": "lux",
    "lm": "lumen", "cd": "candela", "Da": "dalton", "kDa": "kilodalton", "Bq": "becquerel", "kBq": "kilobecquerel",
    "MBq": "megabecquerel", "Sv": "sievert", "mSv": "millisievert", "µSv": "microsievert", "Gy": "gray",
    "%": "percent", "‰": "permille", "ppm": "ppm", "ppb": "ppb", "°": "airlock_degree", "rad": "airlock_radian",
}  # fmt: skip
"""What pint calls a name. A name without one counts something: it converts into nothing but itself."""

DEFINITIONS = (
    "ppb = 1e-9",
    "permille = 1e-3",
    "airlock_degree = [airlock_angle]",
    "airlock_radian = 57.29577951308232 * airlock_degree",
)
"""Angles are no numbers here: 360 ° is not 628 %."""

SAME = (
    ("particle·m^-3", "m^-3"),
    ("vol·h^-1", "h^-1", "ACH"),
    ("%·v·v^-1", "%·vol", "%·v", "vol%"),
    ("%·w·v^-1", "%·g·mL^-1", "%·m·v^-1"),
    ("%·w·w^-1", "%·m·m^-1"),
)
"""Ways to say one thing that no rule knows."""

VOLUMES = (("m", 3), ("dm", 3), ("cm", 3), ("mm", 3))
RARE = frozenset({"Da", "kDa", "month", "year", "week", "ms", "nL", "ha", "pg"})
"""Names that nobody puts in the place of another one in a product."""
MOST = 400
"""Spellings that one key accepts."""


def _with_names(spelling: str) -> str:
    return canonical(spelling.replace("·", " "))


@cache
def registry() -> pint.UnitRegistry:  # type: ignore[type-arg]  # pint's registry is generic only in its stubs.
    """Pint with exact fractions, and with what is counted as dimensions of their own."""
    units: pint.UnitRegistry = pint.UnitRegistry(  # type: ignore[type-arg]  # As above.
        non_int_type=Fraction, autoconvert_offset_to_baseunit=True
    )
    for definition in DEFINITIONS:
        units.define(definition)
    for number, name in enumerate(sorted(names() - set(_pint()))):
        units.define(f"airlock_{number} = [airlock_count_{number}]")
        _pint()[name] = f"airlock_{number}"
    return units


@cache
def _pint() -> dict[str, str]:
    return {plain(name): called for name, called in PINT.items()}


@cache
def _unit(parts: tuple[tuple[str, int], ...]) -> pint.Quantity | None:  # type: ignore[type-arg]  # As above.
    """One of a unit; None when a name in it is unknown."""
    units = registry()
    if len(parts) == 1 and parts[0][1] == 1 and not parts[0][0].isdigit():
        called = _pint().get(parts[0][0])
        return units.Quantity(Fraction(1), called) if called else None
    found = units.Quantity(Fraction(1))
    for name, power in parts:
        if name.isdigit():
            found = found * Fraction(name) ** power
            continue
        called = _pint().get(name)
        if called is None:
            return None
        # In kJ/(kg·°C) a degree is a difference.
        difference = f"delta_{called}" if called.startswith("degree_") else called
        found = found * units.Quantity(Fraction(1), difference) ** power
    return found


@cache
def conversions_to(unit: str) -> tuple[UnitConversion, ...]:
    """Every accepted unit with its conversion into `unit`; none when the unit is unknown.

    Args:
        unit: As the author wrote it.
    """
    key = factors(unit)
    if key is None or not any(not name.isdigit() for name, _ in key):
        return ()
    name = canonical(unit)
    same = next((group for group in SAME if name in map(_with_names, group)), ())
    target = _unit(key)
    if target is None:
        return tuple(UnitConversion(_with_names(way), Fraction(1)) for way in same)
    found = {name: UnitConversion(name, Fraction(1))}
    for way in same:
        found.setdefault(_with_names(way), UnitConversion(_with_names(way), Fraction(1)))
    for parts in itertools.islice(_alternatives(key), MOST):
        spelling = "·".join(one if power == 1 else f"{one}^{power}" for one, power in parts)
        if spelling not in found and (conversion := _convert(spelling, parts, key)):
            found[spelling] = conversion
    return tuple(found.values())


def _alternatives(key: tuple[tuple[str, int], ...]) -> list[tuple[tuple[str, int], ...]]:
    """Units that may say the same: single ones, and the key's own shape with other names in it."""
    singles = [((name, 1),) for name in sorted(_pint())]
    choices = []
    for name, power in key:
        others: list[tuple[str, int] | None] = [(name, power)]
        if name.isdigit():
            others.append(None)  # CFU/mL for a key in CFU/100 mL.
        others.extend((other, power * times) for other, times in _alike(name) if other not in RARE)
        choices.append(others)
    shaped = (tuple(sorted(part for part in parts if part)) for parts in itertools.product(*choices))
    return [*singles, *itertools.islice(shaped, MOST)]


@cache
def _alike(name: str) -> tuple[tuple[str, int], ...]:
    """Other names of the same dimension, with their exponents."""
    one = _unit(((name, 1),))
    if one is None or name in ("°C", "°F"):
        return ()
    others = [((other, 1),) for other in sorted(_pint()) if other not in ("°C", "°F")]
    return tuple(
        parts[0]
        for parts in (*others, *((volume,) for volume in VOLUMES))
        if parts[0][0] != name and (unit := _unit(parts)) is not None and unit.dimensionality == one.dimensionality
    )


def _convert(
    spelling: str, parts: tuple[tuple[str, int], ...], key: tuple[tuple[str, int], ...]
) -> UnitConversion | None:
    source, target = _unit(parts), _unit(key)
    if source is None or target is None or source.dimensionality != target.dimensionality:
        return None
    if len(parts) == 1 and len(key) == 1 and parts[0][1] == key[0][1] == 1:
        units = registry()
        zero = units.Quantity(Fraction(0), source.units).to(target.units).magnitude
        one = units.Quantity(Fraction(1), source.units).to(target.units).magnitude
        return UnitConversion(spelling, Fraction(one - zero), Fraction(zero))
    ratio = (source / target).to_base_units().magnitude
    return UnitConversion(spelling, Fraction(ratio))


def known_units() -> tuple[str, ...]:
    """Every name that a key may have as its unit."""
    return tuple(sorted(names()))


def near(unit: str) -> str:
    """What to do about a unit that nobody knows, for a message."""
    close = difflib.get_close_matches(unit, sorted(names()), n=3, cutoff=0.5)
    said = f"Did you mean {', '.join(close)}? " if close else ""
    return said + "docs/quizzes.md lists the units; any product of them is one: µg/mL, kJ/(kg·K), CFU/100 mL."
