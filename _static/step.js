// @ts-check
// What a training step needs of a card: peft_vlm_survey/costs step.py and need.py, for the calculator.
// `asked` and the towers come from costing.js; `run` has the words of a run; what is not said is usual.
"use strict";

{
  const { HALF, sumOf, actedOn, betweenKnots, perToken, workOf, letIn } = survey;

  const NO_PHASES = [0, 0, 0, 0];
  const addedPhases = (/** @type {number[][]} */ ...parts) => [0, 1, 2, 3].map((phase) => sumOf(parts.map((part) => part[phase])));
  const isDeepspeed = (/** @type {RunWords} */ { sharding }) => ["zero1", "zero2", "zero3"].includes(sharding);
  const totalOf = (/** @type {Peak} */ { parts }) => sumOf(Object.values(parts));

  /* The share of the gradients that are there behind the backward pass of the tower at this place. */
  /** @param {StepWork} work @param {StepPass[]} towers @param {number} at */
  function madeBehind(work, towers, at) {
    const beyond = sumOf([...work.before, ...work.behind].map(({ trained }) => trained));
    const own = towers.map((tower) => (tower === work ? work.trained - beyond : tower.trained));
    return work.trained ? sumOf(own.slice(at)) / work.trained : 0;
  }

  /* Whether what is not computed in 16 bits has 32: with few bits beside these, else because all weights have. */
  /** @param {StepPass} work @param {RunWords} run */
  function upcastIn(work, run) {
    if (work.kind === "few bits") {
      return run.upcast === "yes" && !isDeepspeed(run);
    }
    const byAutocast = work.kind === "passing" || (work.kind === "full" && (run.sharding !== "fsdp" || run.upcast === "yes"));
    return byAutocast && run.weights === "32" && !isDeepspeed(run);
  }

  /* How what passes was traced where it is not with weights in 16 bits under autocast, which has norms in 32. */
  /** @param {StepPass} work @param {RunWords} run @param {boolean} full */
  function widthOf(work, run, full) {
    if (work.in32) {
      return " 32";
    }
    const byItself = isDeepspeed(run) || (full && run.sharding === "fsdp" && run.upcast !== "yes");
    const half = (byItself || run.states === "16") && !upcastIn(work, run);
    const width = run.weights === "32" && !byItself ? " mixed" : half ? " half" : "";
    return work.lines[work.kind + width] ? width : "";
  }

  /* What others keep of what a tower puts out, a decoder's keys and values, with the casts that these are made of. */
  /** @param {StepPass} work @param {RunWords} run @param {boolean} full */
  function readOf(work, run, full) {
    const width = widthOf(work, run, full);
    return work.beside + (width === " mixed" || (!width && work.widens) ? work.recast : 0);
  }

  /* What LoRA adds, traced in 16 bits under autocast; with all in 32 it keeps more, and nothing that comes and goes is cast before. */
  /** @param {StepPass} work @param {string} width */
  function lowOf(work, width) {
    const sumsOf = (/** @type {string[]} */ names) => names.map((name) => perToken(work.lines, name, work.tokens));
    if ((work.in32 || width === " half") && work.tracedIn32.length) {
      return addedPhases(NO_PHASES, ...sumsOf(work.tracedIn32)).map((phase) => (work.in32 ? phase : (3 / 5) * phase));
    }
    const each = sumsOf(work.traced);
    const [forward, loss, last, first] = addedPhases(NO_PHASES, ...each);
    if (!work.in32) {
      return [forward, loss, last, first];
    }
    if (work.again) {
      return [forward, loss, (5 / 3) * last, (5 / 3) * first];
    }
    const kept = (5 / 3) * loss;
    return [kept + Math.max(0, ...each.map((one) => one[0] - one[1])) / 2, kept, kept, (5 / 3) * first];
  }

  /* What a network at the side keeps: that of layers which are trained, narrower. */
  /** @param {StepPass} work @param {RunWords} run @param {number} casts @param {boolean} full */
  function sideOf(work, run, casts, full) {
    if (!work.side) {
      return NO_PHASES;
    }
    const layers = betweenKnots(work.lines[`full${widthOf({ ...work, kind: "full" }, run, full)}`], work.tokens);
    return addedPhases(layers.map((phase) => (work.side * phase) / work.narrower), [casts, casts, casts, 0]);
  }

  /* What one tower keeps in each phase; `casts` are the copies of modules in 16 bits. */
  /** @param {StepPass} work @param {RunWords} run @param {number} casts16 @param {{ full: boolean, most: boolean }} how */
  function activationsOf(work, run, casts16, { full, most }) {
    const fsdp = run.sharding === "fsdp";
    const width = widthOf(work, run, full);
    const casts = work.kind === "full" && [" mixed", " 32"].includes(width) ? 0 : casts16;
    const kind = upcastIn(work, run) && !width ? "upcast" : work.kind + width;
    const traced = (/** @type {string} */ name) => betweenKnots(work.lines[name], work.tokens);
    const bare = work.kind === "full" && kind === "upcast" ? addedPhases(traced(kind), traced("full"), traced("passing").map((phase) => -phase)) : traced(kind);
    if (work.kind === "frozen") {
      return addedPhases(bare.map((phase) => phase + work.beside), sideOf(work, run, casts16, full));
    }
    const later = casts + work.ranks;
    const known = work.again ? [casts, 0, work.inside, work.inside] : [later, later, later, 0]; // a block that is computed again keeps its products of another rank than was traced
    const other = readOf(work, run, full) + (work.again && fsdp && !full ? work.between : 0) + (most ? work.unpacked : 0);
    return addedPhases(bare, lowOf(work, width), known, [other, other, other, work.front]);
  }

  /* The phases of a step: which it is, the activations that are held, and what shares of gradients and logits are there. */
  /** @param {StepWork} work @param {RunWords} run @param {number} casts @param {boolean} most @returns {[at: number, held: number, made: number, left: number][]} */
  function stagesOf(work, run, casts, most) {
    const towers = [...work.before, work, ...work.behind];
    const held = towers.map((tower) => activationsOf(tower, run, tower === work ? casts : 0, { full: work.full, most }));
    const kept = [...towers.keys(), towers.length].map((at) => sumOf(held.slice(0, at).map((phases) => phases[1])));
    const early = work.trained ? work.early / work.trained : 0;
    const left = { "": 1 / 3, " half": 1 / 3, " mixed": 1 / 2, " 32": 2 / 3 }[widthOf(work, run, work.full)] ?? 1;
    const back = [...towers.keys()].reverse().flatMap((at) => /** @type {[number, number, number, number][]} */ ([
      [2, kept[at] + held[at][2] - (towers[at].again && towers[at] !== work ? readOf(towers[at], run, work.full) : 0), Math.max(early, madeBehind(work, towers, at + 1)), 1],
      [3, kept[at] + held[at][3], Math.max(early, madeBehind(work, towers, at)), 1],
      ...(early && at >= towers.length - 2 && at < towers.length - 2 + work.summed ? /** @type {[number, number, number, number][]} */ ([[3, kept[at] - sumOf(towers.slice(0, at).map((tower) => readOf(tower, run, work.full))), madeBehind(work, towers, at) + early, 1]]) : []),
    ]));
    const encoded = run.encoders === "none" ? 0 : work.encoding;
    const forward = held.map((phases, at) => kept[at] + phases[0]);
    const earlier = work.looks ? forward : forward.slice(0, -1); // before any logits are made
    const made = work.looks ? kept[towers.length] : forward[forward.length - 1];
    const ended = kept[towers.length] - sumOf(towers.slice(0, -1).map((tower) => (tower.again ? readOf(tower, run, work.full) : 0))); // with checkpointing nothing is left by then of what a decoder read
    return [[0, Math.max(encoded, made), 0, 1], ...(earlier.length ? /** @type {[number, number, number, number][]} */ ([[0, Math.max(...earlier), 0, 0]]) : []), [1, ended, 0, 1],
      ...(early ? /** @type {[number, number, number, number][]} */ ([[1, ended, early, left]]) : []), ...back];
  }

  /* What one of several cards holds in each phase, with DeepSpeed's default buckets for gradients or small ones. */
  /** @param {Costs} data @param {StepWork} work @param {RunWords} run @param {number} cards @returns {Peak[]} */
  function phasesOf(data, work, run, cards, full = false) {
    const { constants, phases } = data.run;
    const deepspeed = isDeepspeed(run);
    const fsdp = run.sharding === "fsdp";
    const wide = deepspeed || work.in32 || (work.full ? run.weights === "32" : run.states !== "16");
    const own = work.trained - work.copied;
    const size = deepspeed ? 4 : work.trained ? ((wide ? 4 : 2) * own + 2 * work.copied) / work.trained : 2;
    const split = ["zero2", "zero3", "fsdp"].includes(run.sharding) ? cards : 1;
    const held = ["zero3", "fsdp"].includes(run.sharding) ? cards : 1;
    const offloaded = run.offload === "yes";
    const away = offloaded && (deepspeed || fsdp);
    const module = size * work.trained;
    const gradients = away ? 0 : deepspeed ? 2 * work.trained : module;
    const few = work.kind === "few bits";
    const rest = few && upcastIn(work, run) ? work.rest : 0;
    const wider = few || work.in32 || run.weights !== "32" ? 0 : 2 * (work.full ? work.trained : work.weights / 2);
    const masters = deepspeed && !away ? (4 * work.trained) / cards : 0;
    const weights = deepspeed ? work.weights / held + (work.full ? masters : 0)
      : away ? 0 : (work.weights + wider + rest) / held;
    const [states, extra] = run.optimizer.startsWith("paged") ? [0, 0] : run.optimizer === "8bit" ? [constants.eightBits, 0]
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
      encoders: { images: work.images, none: 0 }[run.encoders] ?? work.images + work.texts,
    };
    const casts = wide && !deepspeed && !work.in32 ? (2 * own) / held : 0;
    const logitsOf = [`logits${widthOf(work, run, work.full)}`, "logits"].find((name) => work.lines[name]);
    const traced = (work.kind === "frozen" && !work.side) || !logitsOf ? NO_PHASES : perToken(work.lines, logitsOf, work.tokens);
    const logits = traced.map((phase) => constants.logits[run.logits] * phase);
    const lookup = widthOf(work, run, work.full) === " mixed" && traced.some(Boolean) ? 2 * work.largest : 0;
    const copies = cast + (offloaded ? 0 : extra * group);
    /** @type {Peak[]} */
    const found = stagesOf(work, run, casts, full).map(([at, activations, made, left]) => ({
      phase: phases[at],
      parts: { ...base, buckets: gathered + reducing[at], activations, logits: left * logits[at] + (at < 2 && left ? lookup : 0), gradients: (made * gradients) / split },
    }));
    found.push({ phase: phases[4], parts: { ...base, buckets: run.sharding === "ddp" ? gathered : 0, gradients: gradients / split, "optimiser's copies": copies } });
    return found;
  }

  /* Whether all examples are equally long, as images are, and the texts that CLIP reads. */
  /** @type {(asked: CostAsked) => boolean} */
  const oneLength = (asked) => asked.backbone.texts > 0 || (actedOn(asked).name === "vision" && !asked.backbone.series);

  /* What lasts, and of the rest what does not depend on the length of the examples and what does. */
  /** @param {Costs} data @param {Peak} peak @returns {[lasting: number, fixed: number, moving: number]} */
  function threeOf({ run: { lasting, moving } }, peak) {
    const [lasts, moves] = [lasting, moving].map((names) => sumOf(names.map((name) => peak.parts[name] ?? 0)));
    return [lasts, totalOf(peak) - lasts - moves, moves];
  }

  const highestOf = (/** @type {Peak[]} */ peaks) => peaks.reduce((highest, one) => (totalOf(one) > totalOf(highest) ? one : highest));

  /* The kind of runs that a setting belongs to, as published runs are parted. */
  /** @param {CostAsked} asked @returns {RunKind} */
  const kindOf = ({ method, precision, backbone }) => (backbone.resolution ? "image generators" : !backbone.decoder ? "encoders" : method.whole ? "full" : precision < HALF ? "few bits" : "16 bits");

  /* What a run needs, calibrated on published runs of its kind; null if the backbone was not traced. */
  /** @param {Costs} data @param {CostAsked} asked @param {RunWords} run @returns {Need | null} */
  function needOf(data, asked, run, cards = 1) {
    const work = workOf(data, asked, run.tower !== "frozen");
    if (!work) {
      return null;
    }
    const bare = run.tower === "open" && letIn(asked).length ? workOf(data, asked) : null;
    const least = phasesOf(data, bare ?? work, run.encoders === "open" ? { ...run, encoders: "none" } : run, cards);
    const most = phasesOf(data, work, { ...run, ...(run.upcast === "open" && work.kind === "few bits" && { upcast: "yes" }) }, cards, true);
    const peak = highestOf(phasesOf(data, work, run, cards));
    const lengths = oneLength(asked) ? "one" : run.lengths;
    const { fixed: share, below, above: [fixedAbove, movingAbove, bytes] } = data.run;
    const lows = least.map((one) => threeOf(data, one)).map(([lasting, fixed, moving]) => lasting + share * fixed + below[lengths] * moving);
    const highs = most.map((one) => threeOf(data, one)).map(([lasting, fixed, moving]) => lasting + fixedAbove * fixed + movingAbove * moving);
    const [lower, upper] = data.run.ends[kindOf(asked)] ?? [1, 1];
    return { peak, needed: [lower * Math.max(...lows), upper * (Math.max(...highs) + bytes)] };
  }

  /* The words of a run, usual where nothing is said; a library stands for its defaults. */
  /** @param {Costs} data @param {RunWords} said @returns {RunWords} */
  function runOf(data, said = {}) {
    const usual = Object.fromEntries(Object.entries(data.run.words).map(([name, values]) => [name, values[0]]));
    const preset = data.run.presets[said.library]?.words ?? {};
    const known = (/** @type {RunWords} */ words) => Object.fromEntries(Object.entries(words).filter(([name, value]) => value && name in data.run.words));
    return { ...usual, library: said.library ?? "", ...known(preset), ...known(said) };
  }

  survey.share({ runOf, kindOf, needOf, oneLength, isDeepspeed });
}
