// @ts-check
// What a training step needs of a card: peft_vlm_survey/costs step.py and need.py, for the calculator.
// `asked` and the towers come from costing.js; `run` has the words of a run; what is not said is usual.
"use strict";

{
  const { HALF, sumOf, actedOn, beside, keptByForm, trainsAll, computedAgain } = survey;

  const NO_PHASES = [0, 0, 0, 0];
  const addedPhases = (/** @type {number[][]} */ ...parts) => [0, 1, 2, 3].map((phase) => sumOf(parts.map((part) => part[phase])));
  const isDeepspeed = (/** @type {RunWords} */ { sharding }) => ["zero1", "zero2", "zero3"].includes(sharding);
  const totalOf = (/** @type {Peak} */ { parts }) => sumOf(Object.values(parts));

  /** @param {Knot[]} knots @param {number} tokens */
  function betweenKnots(knots, tokens) {
    const after = Math.min(Math.max(knots.filter(([at]) => tokens > at).length, 1), knots.length - 1);
    const [left, ...low] = knots[after - 1];
    const [right, ...high] = knots[after];
    return low.map((from, phase) => 1e6 * (from + ((high[phase] - from) * (tokens - left)) / (right - left)));
  }

  /** @param {Record<string, Knot[]>} lines @param {string} name @param {number} tokens */
  function perToken(lines, name, tokens) {
    const [[at, ...phases]] = lines[name];
    return phases.map((phase) => (1e6 * phase * tokens) / at);
  }

  /* What a step works on; null if the backbone was not traced. */
  /** @param {Costs} data @param {CostAsked} asked @returns {StepWork | null} */
  function workOf(data, asked) {
    const { id, method, backbone, precision, numbers, targets, trainable, values, formulas, tower } = asked;
    const own = actedOn(asked);
    const towers = [...beside(asked), own];
    const main = towers.find(({ name }) => name === backbone.default);
    if (!backbone.traces || !main) {
      return null;
    }
    const total = Number(backbone.total); // asked only where it is established
    const acted = main === own;
    const few = precision < HALF;
    const again = computedAgain(asked);
    const low = method.lowRank;
    const inner = again ? 2 : 0;
    const tokens = numbers.batch * (main.length + (method.longer && acted ? numbers.tokens : 0));
    const kind = trainsAll(asked) ? "full" : acted && method.gradient === "no" ? "frozen" : few ? "few bits" : "passing";
    const lines = backbone.traces[again && kind !== "frozen" ? "yes" : "no"];
    const hit = low && acted ? targets.filter((name) => name !== "projector" && !name.includes(".")) : [];
    const form = method.whole ? 0 : formulas.kept(values) - (low ? data.formulas[`${id} ${Object.keys(method.variants)[0]}`].kept(values) : 0);
    const kept = sumOf(towers.filter((one) => one !== main).map((one) => keptByForm(data.memory, asked, one)))
      + (2 * tokens * form) / (again ? main.part.quantities.layers : 1);
    return {
      kind, lines, tokens, again, trained: trainable, full: method.whole, beside: kept, layers: main.part.quantities.layers,
      copied: low && acted && asked.switches.embeddings ? main.part.quantities.embeddings : 0,
      rest: 2 * (total - backbone.quantisable), between: 2 * tokens * main.part.kept[1],
      inputs: 2 * tokens * (main.part.keptInFull[inner] - main.part.kept[inner]),
      scores: numbers.batch * main.part.scores * main.length * main.length,
      traced: [...new Set(hit.map((name) => (lines[name] ? name : data.memory.fused[name] ?? name)).filter((name) => lines[name]))],
      ranks: hit.length ? 2 * numbers.rank * tokens * sumOf(hit.map((name) => tower.targets[name].count)) : 0,
      projected: method.whole ? backbone.projected[asked.part] ?? [0, 0, 0] : [0, 0, 0], largest: main.part.largestTable,
      whole: 2 * total,
      unpacked: few && asked.variant === "dora" ? (2 * sumOf(hit.map((name) => tower.targets[name].weights))) / (again ? main.part.quantities.layers : 1) : 0,
      head: few ? main.part.largestTable * ((precision === 4 ? data.memory.fourBits : 1) - (backbone.tied ? 0 : 2)) : 0,
      weights: few
        ? backbone.quantisable * (precision === 4 ? data.memory.fourBits : 1) + 2 * (total - backbone.quantisable)
        : 2 * total,
    };
  }

  /* What one of several cards holds in each phase, with DeepSpeed's default buckets for gradients or small ones. */
  /** @param {Costs} data @param {StepWork} work @param {RunWords} run @param {number} cards @returns {Peak[]} */
  function phasesOf(data, work, run, cards, full = false) {
    const { constants, phases } = data.run;
    const deepspeed = isDeepspeed(run);
    const fsdp = run.sharding === "fsdp";
    const wide = deepspeed || (work.full ? run.weights === "32" : run.states !== "16");
    const own = work.trained - work.copied;
    const size = deepspeed ? 4 : work.trained ? ((wide ? 4 : 2) * own + 2 * work.copied) / work.trained : 2;
    const split = ["zero2", "zero3", "fsdp"].includes(run.sharding) ? cards : 1;
    const held = ["zero3", "fsdp"].includes(run.sharding) ? cards : 1;
    const offloaded = run.offload === "yes";
    const away = offloaded && (deepspeed || fsdp);
    const module = size * work.trained;
    const gradients = away ? 0 : deepspeed ? 2 * work.trained : module;
    const few = work.kind === "few bits";
    const alone = few && run.upcast === "alone" && !deepspeed;
    const wide32 = few && (alone || (run.upcast === "yes" && !deepspeed));
    const rest = wide32 ? work.rest : 0;
    const lightning = few && run.quantiser === "lightning";
    const table = [2, 2, 1, 2, 1].map((times) => (lightning ? times * 2 * work.largest : 0));
    const byAutocast = work.kind === "passing" || (work.kind === "full" && (!fsdp || run.upcast === "yes"));
    const upcast = few ? wide32 && !alone : byAutocast && run.weights === "32" && !deepspeed;
    const wider = few || run.weights !== "32" ? 0 : 2 * (work.full ? work.trained : work.weights / 2);
    const masters = deepspeed && !away ? (4 * work.trained) / cards : 0;
    const weights = deepspeed ? work.weights / held + (work.full ? masters : 0)
      : away ? 0 : (work.weights + wider + rest + (lightning ? work.head : 0)) / held;
    const galore = run.optimizer === "galore" && work.full;
    const [states, extra] = run.optimizer.startsWith("paged") ? [0, 0] : run.optimizer === "8bit" ? [constants.eightBits, 0]
      : galore ? [(size * (2 * (work.trained - work.projected[0]) + work.projected[1])) / work.trained, 0]
      : [2 * size, run.optimizer === "foreach" ? size : 0];
    const reduced = full ? 4 * Math.min(constants.bucket, work.trained) : 0;
    const gathered = {
      ddp: module, zero2: reduced, fsdp: work.rest + (2 * (work.weights - work.rest)) / work.layers,
      zero3: 2 * Math.min(2 * constants.bucket + constants.ahead, work.weights / 2) + reduced,
    }[run.sharding] ?? 0;
    const copiesOf = full ? 3 : 2;
    const layer = (work.weights - work.rest) / work.layers;
    const reducing = work.full && fsdp
      ? [0, 0, copiesOf * layer + 2 * work.largest, Math.max(copiesOf * layer + work.rest, copiesOf * work.rest)] : NO_PHASES;
    const group = run.sharding === "zero3" ? Math.min(2 * constants.bucket, work.trained / split) : work.trained / split;
    const cast = !deepspeed || away ? 0 : (run.sharding === "zero3" ? 4 : 6) * group;
    const base = {
      weights, "trained modules": work.full ? 0 : (deepspeed ? 2 * work.trained : module) / held + masters,
      states: offloaded ? 0 : (states * work.trained) / (run.sharding === "zero1" ? cards : split),
    };
    const casts = wide && !deepspeed ? (2 * own) / held : 0;
    const kind = upcast ? "upcast" : work.kind;
    const traced = (/** @type {string} */ name) => betweenKnots(work.lines[name], work.tokens);
    const narrow = traced(kind).map((phase) => (alone ? 2 : 1) * phase);
    const bare = work.kind === "full" && upcast ? addedPhases(narrow, traced("full"), traced("passing").map((phase) => -phase)) : narrow;
    const later = work.again ? 0 : casts + work.ranks;
    const other = work.beside + (work.again && fsdp && !work.full ? work.between : 0) + (few && run.inputs === "kept" ? work.inputs : 0) + (full ? work.unpacked : 0);
    const one = run.attention === "eager" ? (6 * work.scores) / work.layers : 0;
    const all = work.again ? one : one * work.layers;
    const kept = kind === "frozen" ? bare.map((phase) => phase + work.beside)
      : addedPhases(bare, ...work.traced.map((name) => perToken(work.lines, name, work.tokens)),
        [casts + (work.again ? 0 : work.ranks), later, later, 0], [other, other, other, 0], [all, work.again ? 0 : all, all + one, 2 * one]);
    const share = constants.logits[run.logits] * (alone ? constants.alone : 1);
    const logits = kind === "frozen" ? NO_PHASES : perToken(work.lines, "logits", work.tokens).map((phase) => share * phase);
    const lying = run.gradients === "kept" ? gradients / split : 0;
    const made = [lying, lying, lying, gradients / split];
    /** @type {Peak[]} */
    const found = [0, 1, 2, 3].map((at) => ({ phase: phases[at], parts: { ...base, buckets: gathered + reducing[at], activations: kept[at], logits: logits[at], gradients: made[at], embeddings: table[at] } }));
    const copies = cast + (galore ? Math.max(2 * size * work.largest, work.projected[2]) : offloaded ? 0 : extra * group);
    found.push({ phase: phases[4], parts: { ...base, buckets: run.sharding === "ddp" ? gathered : 0, gradients: gradients / split, "optimiser's copies": copies, embeddings: table[4] } });
    if (few && run.loading === "whole") {
      found.push({ phase: phases[5], parts: { weights: work.whole } });
    }
    return found;
  }

  /* What lasts, and of the rest what does not depend on the length of the examples and what does. */
  /** @param {Costs} data @param {Peak} peak @returns {Triple} */
  function threeOf({ run: { lasting, moving } }, peak) {
    const [lasts, moves] = [lasting, moving].map((names) => sumOf(names.map((name) => peak.parts[name] ?? 0)));
    return [lasts, totalOf(peak) - lasts - moves, moves];
  }

  /* What a run needs and what a card then shows; null if the backbone was not traced. */
  /** @param {Costs} data @param {CostAsked} asked @param {RunWords} run @returns {Need | null} */
  function needOf(data, asked, run, cards = 1) {
    const work = workOf(data, asked);
    if (!work) {
      return null;
    }
    const least = phasesOf(data, work, run, cards);
    const most = phasesOf(data, work, { ...run, ...(run.upcast === "open" && work.kind === "few bits" && { upcast: "yes" }) }, cards, true);
    const peak = least.reduce((highest, one) => (totalOf(one) > totalOf(highest) ? one : highest));
    const { fixed: share, below, above, several, context, most: beyond } = data.run;
    const ends = (/** @type {string} */ told) => {
      const [fixedAbove, movingAbove, bytes] = above[told];
      const lows = least.map((one) => threeOf(data, one)).map(([lasting, fixed, moving]) => lasting + share * fixed + below[run.lengths] * moving);
      const highs = most.map((one) => threeOf(data, one)).map(([lasting, fixed, moving]) => lasting + fixedAbove * fixed + movingAbove * moving);
      return [Math.max(...lows), Math.max(...highs) + bytes];
    };
    const range = (/** @type {number} */ low, /** @type {number} */ high) => /** @type {Triple} */ ([low, (low + high) / 2, high]);
    const [low, needed] = ends("needed");
    const high = Math.max(needed, ends(run.lengths === "vary" ? "vary" : "one")[1]) + (cards > 1 ? several : 0);
    return { peak, needed: range(low, needed), reserved: range(low, high), shown: range(low + context, high + beyond) };
  }

  /* The words of a run, usual where nothing is said; a library stands for its defaults. */
  /** @param {Costs} data @param {RunWords} said @returns {RunWords} */
  function runOf(data, said = {}) {
    const usual = Object.fromEntries(Object.entries(data.run.words).map(([name, values]) => [name, values[0]]));
    const preset = data.run.presets[said.library]?.words ?? {};
    const known = (/** @type {RunWords} */ words) => Object.fromEntries(Object.entries(words).filter(([name, value]) => value && name in data.run.words));
    return { ...usual, library: said.library ?? "", ...known(preset), ...known(said) };
  }

  survey.share({ runOf, needOf, isDeepspeed });
}
