// Which learners a class matrix shows, in which order, and where the arrow keys lead. No DOM.

export const FILTERS = ["all", "late", "open", "failed", "renew"];
export const SORTS = ["name", "late", "done"];

/** States of somebody who has not begun. */
const UNTOUCHED = ["open", "elsewhere", "waiting", "booked"];

const KEPT = {
  all: () => true,
  late: (learner) => learner.late > 0,
  open: (learner) => learner.cells.every((cell) => !cell || UNTOUCHED.includes(cell.state)),
  failed: (learner) => learner.cells.some((cell) => cell?.state === "failed"),
  renew: (learner) => learner.cells.some((cell) => cell?.state === "renew"),
};

const share = (learner) => (learner.given ? learner.done / learner.given : 1);
const ORDER = {
  name: () => 0,
  late: (one, other) => other.late - one.late,
  done: (one, other) => share(one) - share(other),
};

/** The learners that a filter keeps, in an order; those who are equal stay in the order that they came in, by name. */
export function arrange(learners, filter, sort) {
  return learners.filter(KEPT[filter]).sort(ORDER[sort]);
}

/** The cell that a key leads to from [row, column] in a table of [rows, columns], or null for other keys. */
export function moved(key, [row, column], [rows, columns], far = false) {
  const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  const within = (place, count) => Math.min(Math.max(place, 0), count - 1);
  if (key in steps) return [within(row + steps[key][0], rows), within(column + steps[key][1], columns)];
  if (key === "Home") return [far ? 0 : row, 0];
  if (key === "End") return [far ? rows - 1 : row, columns - 1];
  if (key === "PageUp") return [0, column];
  if (key === "PageDown") return [rows - 1, column];
  return null;
}
