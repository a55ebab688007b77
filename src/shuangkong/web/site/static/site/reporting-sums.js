// Sums of a form as one types: the same expressions as the server's, in exact fractions. The server's figure is what counts.
"use strict";
const Sums = (() => {
  const MISSING = "missing", NOT_APPLICABLE = "not_applicable", UNDEFINED = "undefined";
  const WEIGHT = { [NOT_APPLICABLE]: 0, [MISSING]: 1, [UNDEFINED]: 2 };
  class Lack extends Error { constructor(kind) { super(kind); this.kind = kind; } }
  const abs = (n) => (n < 0n ? -n : n);
  const gcd = (a, b) => { while (b) [a, b] = [b, a % b]; return a; };
  const fraction = (n, d) => { if (d < 0n) { n = -n; d = -d; } const g = gcd(abs(n), d) || 1n; return { n: n / g, d: d / g }; };

  // "12.50" → a fraction; null where it is no number.
  function parse(text) {
    const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
    if (!match) return null;
    const digits = match[3] || "";
    const n = BigInt(match[2] + digits);
    return fraction(match[1] ? -n : n, 10n ** BigInt(digits.length));
  }

  // Half to even, as the server rounds.
  function written(value, decimals) {
    const scaled = value.n * 10n ** BigInt(decimals);
    let whole = abs(scaled) / value.d;
    const rest = abs(scaled) % value.d;
    if (rest * 2n > value.d || (rest * 2n === value.d && whole % 2n === 1n)) whole += 1n;
    let digits = whole.toString().padStart(decimals + 1, "0");
    if (decimals) digits = `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
    if (digits.includes(".")) digits = digits.replace(/\.?0+$/, "");
    return value.n < 0n && whole !== 0n ? `-${digits}` : digits;
  }

  const compare = (a, b) => { const left = a.n * b.d, right = b.n * a.d; return left < right ? -1 : left > right ? 1 : 0; };
  const WORK = {
    "+": (a, b) => fraction(a.n * b.d + b.n * a.d, a.d * b.d),
    "-": (a, b) => fraction(a.n * b.d - b.n * a.d, a.d * b.d),
    "*": (a, b) => fraction(a.n * b.n, a.d * b.d),
    "/": (a, b) => { if (b.n === 0n) throw new Lack(UNDEFINED); return fraction(a.n * b.d, a.d * b.n); },
  };
  const HOLDS = { "<": (c) => c < 0, "<=": (c) => c <= 0, ">": (c) => c > 0, ">=": (c) => c >= 0, "==": (c) => c === 0, "!=": (c) => c !== 0 };

  function every(parts, told) {
    const found = [], lacks = [];
    for (const part of parts) {
      try { found.push(number(part, told)); } catch (fault) { if (!(fault instanceof Lack)) throw fault; lacks.push(fault.kind); }
    }
    return { found, lacks };
  }
  const gravest = (lacks) => lacks.reduce((a, b) => (WEIGHT[b] > WEIGHT[a] ? b : a));
  function all(parts, told) {
    const { found, lacks } = every(parts, told);
    if (lacks.length) throw new Lack(gravest(lacks));
    return found;
  }

  function number(part, told) {
    const [kind, ...rest] = part;
    if (kind === "number") return parse(rest[0]);
    if (kind === "name") { const value = told[rest[0]]; if (typeof value === "string") throw new Lack(value); return value; }
    if (kind === "negative") { const value = number(rest[0], told); return { n: -value.n, d: value.d }; }
    if (kind === "abs") { const value = number(rest[0], told); return { n: abs(value.n), d: value.d }; }
    if (kind === "choice") return truth(rest[0], told) ? number(rest[1], told) : number(rest[2], told);
    if (kind in WORK) return all(rest, told).reduce(WORK[kind]);
    if (kind === "min") return all(rest, told).reduce((a, b) => (compare(a, b) <= 0 ? a : b));
    if (kind === "max") return all(rest, told).reduce((a, b) => (compare(a, b) >= 0 ? a : b));
    const { found, lacks } = every(rest, told); // sum: what does not apply is absent from it
    const grave = lacks.filter((each) => each !== NOT_APPLICABLE);
    if (grave.length) throw new Lack(gravest(grave));
    if (!found.length) throw new Lack(NOT_APPLICABLE);
    return found.reduce(WORK["+"]);
  }

  function truth(part, told) {
    const [kind, ...rest] = part;
    if (kind === "and") return rest.every((each) => truth(each, told));
    if (kind === "or") return rest.some((each) => truth(each, told));
    if (kind === "not") return !truth(rest[0], told);
    const [left, right] = all(rest, told);
    return HOLDS[kind](compare(left, right));
  }

  // One formula: `told` gives each name its fraction, or why there is none. Returns {text} or {lack}.
  function answer(formula, told) {
    try {
      const value = WORK["/"](number(formula.root, told), parse(formula.divisor));
      const text = written(value, formula.decimals);
      return { text, value: parse(text) };
    } catch (fault) {
      if (!(fault instanceof Lack)) throw fault;
      return { lack: fault.kind };
    }
  }
  return { parse, times: WORK["*"], plus: WORK["+"], answer, MISSING, NOT_APPLICABLE };
})();
