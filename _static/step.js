// @ts-check
// What a training step needs of a card: peft_vlm_survey/costs step.py and need.py, for the calculator.
// What it works on comes from passes.js; `run` has the words of a run; what is not said is usual.
"use strict";

{
  const { HALF, sumOf, actedOn, NO_PHASES, added, scaled, letIn, workOf } = survey;

  const [FORWARD, LOSS, LAST, FIRST, STEP] = [0, 1, 2, 3, 4];
  const isDeepspeed = (/** @type {RunWords} */ { sharding }) => ["zero1", "zero2", "zero3"].includes(sharding);
  const totalOf = (/** @type {Peak} */ { parts }) => sumOf(Object.values(parts));

  /* Whether what is not computed in 16 bits has 32: with few bits beside these, else because all weights have. */
  /** @param {StepWork} work @param {StepPass} tower @param {RunWords} run */
  function isUpcast(work, { kind, in32 }, run) {
    if (isDeepspeed(run) || in32) {
      return false;
    }
    const byItself = kind === "full" && run.sharding === "fsdp" && run.upcast !== "yes"; // FSDP computes in 16 bits by itself, unless autocast does
    return work.few ? run.upcast === "yes" || work.images > 0 : run.weights === "32" && !byItself;
  }

  /* What one tower keeps in each phase. */
  /** @param {StepWork} work @param {StepPass} tower @param {RunWords} run */
  function activationsOf(work, tower, run) {
    const { kind, again, traced, beside: kept } = tower;
    if (kind === "frozen") {
      return added(traced(kind), [kept, kept, kept, kept], tower.side);
    }
    const upcast = isUpcast(work, tower, run) ? [traced("upcast"), scaled(traced("passing"), -1)] : [];
    const more = kept + tower.made + (again && run.sharding === "fsdp" && !work.full ? tower.between : 0);
    return added(traced(kind), ...upcast, tower.low, [more, more, more, 0]);
  }

  /* The phases of a step: which it is, the activations that are held, what share of the gradients is there, and whether logits are. */
  /** @param {StepWork} work @param {RunWords} run @returns {[at: number, held: number, made: number, logits: boolean][]} */
  function stagesOf(work, run) {
    const { passes, main, trained } = work;
    const held = passes.map((tower) => activationsOf(work, tower, run));
    const kept = [...passes.keys(), passes.length].map((at) => sumOf(held.slice(0, at).map((phases) => phases[LOSS])));
    const beyond = sumOf(passes.map((tower, at) => (at === main ? 0 : tower.trained)));
    const made = (/** @type {number} */ from) => (trained ? sumOf(passes.map((tower, at) => (at < from ? 0 : at === main ? trained - beyond : tower.trained))) / trained : 0);
    const back = [...passes.keys()].reverse().flatMap((at) => [LAST, FIRST].map((phase) => /** @type {[number, number, number, boolean]} */ ([phase, kept[at] + held[at][phase], made(phase === LAST ? at + 1 : at), true])));
    return [...held.map((phases, at) => /** @type {[number, number, number, boolean]} */ ([FORWARD, kept[at] + phases[FORWARD], 0, at === passes.length - 1])), [LOSS, kept[passes.length], 0, true], ...back];
  }

  /* What one of several cards holds in each phase, with DeepSpeed's default buckets for gradients or small ones. */
  /** @param {Costs} data @param {StepWork} work @param {RunWords} run @param {number} cards @returns {Peak[]} */
  function phasesOf(data, work, run, cards, buckets = false) {
    const { constants, phases } = data.run;
    const { sharding, offload } = run;
    const main = work.passes[work.main];
    const deepspeed = isDeepspeed(run);
    const wide = deepspeed || main.in32 || !work.full || run.weights === "32";
    const copied = deepspeed ? 0 : work.copied;
    const trained = (wide ? 4 : 2) * (work.trained - copied) + 2 * copied;
    const split = ["zero2", "zero3", "fsdp"].includes(sharding) ? cards : 1;
    const held = ["zero3", "fsdp"].includes(sharding) ? cards : 1;
    const away = offload === "yes" && (deepspeed || sharding === "fsdp");
    const copies = deepspeed && !away ? (4 * work.trained) / cards : 0;
    const gradients = away ? 0 : deepspeed ? 2 * work.trained : trained;
    const states = { adamw: 2 * trained, "8bit": constants.eightBits * work.trained }[run.optimizer] ?? 0;
    const widened = work.few ? (run.upcast === "yes" ? work.rest : 0) : run.weights === "32" && !main.in32 ? (work.full ? 2 * work.trained : work.weights) : 0;
    const weights = deepspeed ? work.weights : away ? 0 : work.weights + widened;
    const base = {
      weights: weights / held + (work.full ? copies : 0), "trained modules": work.full ? 0 : (deepspeed ? 2 * work.trained : trained) / held + copies,
      states: offload === "yes" ? 0 : states / (sharding === "zero1" ? cards : split), encoders: { images: work.images, none: 0 }[run.encoders] ?? work.images + work.texts,
    };
    const reduced = buckets ? 4 * Math.min(constants.bucket, work.trained) : 0;
    const gathered = {
      ddp: trained, zero2: reduced, zero3: 2 * Math.min(2 * constants.bucket + constants.ahead, work.weights / 2) + reduced,
      fsdp: work.rest + (2 * (work.weights - work.rest)) / work.layers, // what lies outside the layers, and two of these
    }[sharding] ?? 0;
    const logits = main.kind === "frozen" && !sumOf(main.side) ? NO_PHASES : scaled(main.traced("logits"), constants.logits[run.logits]);
    const found = stagesOf(work, run).map(([at, activations, made, there]) => ({
      phase: phases[at], parts: { ...base, buckets: gathered, activations, logits: there ? logits[at] : 0, gradients: (made * gradients) / split },
    }));
    const cast = sharding === "zero3" ? 4 * Math.min(2 * constants.bucket, work.trained / split) : (6 * work.trained) / split;
    const last = { buckets: sharding === "ddp" ? gathered : 0, gradients: gradients / split, "optimiser's copies": deepspeed && !away ? cast : 0 };
    return [...found, { phase: phases[STEP], parts: { ...base, ...last } }];
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
    const most = phasesOf(data, work, { ...run, ...(run.upcast === "open" && work.few && { upcast: "yes" }) }, cards, true);
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

  survey.share({ runOf, kindOf, needOf, oneLength });
}
