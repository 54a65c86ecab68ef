// @ts-check
// The fields for cards and for how a run is carried out, and the answer whether it fits; for calculator.js. make and the
// like come from tables.js, needOf and the rest from step.js.
"use strict";

{
  const { make, runOf, readCards, untracedOf, fittingOf, testedOf, settlesOf, unsaidOf, kindOf, changesOf } = survey;

  /** @type {Record<string, string>} */
  const RUN_LABELS = {
    library: "Library, for its defaults", optimizer: "Optimiser", sharding: "Over the cards", offload: "States on the processor", logits: "Logits",
    encoders: "Encoders on the card", tower: "With checkpointing, a gradient in the frozen vision tower", lengths: "Lengths of the examples", gradients: "Gradients", upcast: "With few bits, the rest in 32", loading: "With few bits, loaded", inputs: "With few bits, inputs of matrices", quantiser: "With few bits, quantised by", attention: "Attention", weights: "Weights in", states: "Modules and states in",
  };
  /** @type {Record<string, Record<string, string>>} */
  const RUN_VALUES = {
    library: { "": "not said" }, offload: { no: "no", yes: "yes" }, upcast: { open: "not known", no: "no", yes: "yes", alone: "yes, without autocast" }, loading: { packed: "packed one by one", whole: "all in 16 bits first" }, inputs: { "let-go": "let go", kept: "kept" }, quantiser: { transformers: "transformers", lightning: "Lightning (LitGPT)" }, attention: { fused: "fused", eager: "eager, scores kept" }, weights: { 16: "16 bits", 32: "32 bits (mixed precision)" },
    states: { 32: "32 bits", 16: "16 bits" }, logits: { whole: "whole", chunked: "whole, in pieces", half: "in 16 bits alone", fused: "fused, never kept" }, lengths: { vary: "vary", one: "all alike" },
    tower: { open: "not known", entered: "let in (transformers 5)", frozen: "none" },
    encoders: { open: "not known", all: "of images and of texts", images: "of images alone", none: "none, all encoded before" }, gradients: { made: "made anew", kept: "kept while accumulating", released: "stepped one by one" },
    sharding: { none: "not said", ddp: "all on each", zero1: "ZeRO-1", zero2: "ZeRO-2", zero3: "ZeRO-3", fsdp: "FSDP" },
    optimizer: { adamw: "AdamW", foreach: "AdamW, not fused", "8bit": "AdamW, 8 bits", paged: "paged AdamW", "paged-8bit": "paged AdamW, 8 bits",
      adafactor: "Adafactor", sgd: "SGD", "sgd-momentum": "SGD with momentum" },
  };
  const inGb = (/** @type {Triple} */ [low, , high]) => `${(low / 1e9).toFixed(1)} to ${(high / 1e9).toFixed(1)} GB`;

  /* What may be said of a run, as pairs of a name and its options: `states` where a method has modules, `tower` where a frozen one may be entered, `encoders` of a generator, which has no `logits`. */
  /** @param {Costs} data @param {CostMethod} method @param {CostBackbone} backbone @returns {[name: string, label: string, values: [value: string, text: string][]][]} */
  function runOptions(data, method, backbone) {
    const names = ["library", ...Object.keys(data.run.words)]
      .filter((name) => !(method.whole && name === "states") && !(name === "encoders" && !backbone.encoders) && !(name === "tower" && !backbone.letsIn) && !(name === "logits" && backbone.encoders));
    return names.map((name) => {
      const values = name === "library" ? ["", ...Object.keys(data.run.presets).filter((id) => id !== "diffusers" || backbone.encoders)] : data.run.words[name];
      return [name, RUN_LABELS[name], values.map((value) => [value, RUN_VALUES[name][value] ?? data.run.presets[value]?.name ?? value])];
    });
  }

  /* Whether a run fits on the cards, what decides it, and what to change first; nothing where no cards are named. */
  /** @param {Costs} data @param {CostChoice} choice @param {CostAnswer} found */
  function fitLines(data, choice, found) {
    const cards = readCards(data, choice.gpu, choice.gpus);
    if (!cards) {
      return [];
    }
    const run = runOf(data, choice.run);
    const fitting = fittingOf(data, found.asked, run, cards);
    if (!fitting) {
      const why = untracedOf(data, found.asked);
      const remedy = why === data.run.untraced[32].replace("{name}", found.setting.backbone.name) ? data.run.untraced.remedy : "Compare the memory below with the card.";
      return [make("div", { class: "fit-answer" }, make("p", {}, `${why.charAt(0).toUpperCase()}${why.slice(1)} ${remedy}`))];
    }
    const { need, verdict } = fitting;
    const [fits, may] = data.run.verdicts;
    const kind = data.run.kinds[kindOf(found.asked)];
    const size = cards.bytes / data.run.gib;
    const card = cards.number === 1 ? `one card of ${size} GB` : `${cards.number} cards of ${size} GB`;
    const each = cards.number > 1 ? " on each" : "";
    const parts = Object.entries(need.peak.parts).filter(([, bytes]) => bytes >= 5e7).sort((one, other) => other[1] - one[1])
      .map(([name, bytes]) => `${name} ${(bytes / 1e9).toFixed(1)}`).join(", ");
    const advice = verdict === fits ? [] : changesOf(data, choice, run, cards);
    return [make("div", { class: "fit-answer" },
      make("p", { class: "fit-verdict", "data-verdict": verdict }, make("strong", {}, `${verdict.charAt(0).toUpperCase()}${verdict.slice(1)}`),
        ` on ${card}. `, make("span", { class: "fit-tested" }, testedOf(data, found.asked, verdict))),
      make("p", {}, `Needs ${inGb(need.needed)}${each}, set so that nine in ten published runs of its kind lie inside (${kind}). `
        + `A card has ${(cards.bytes / 1e9).toFixed(1)} GB, ${(data.run.context / 1e9).toFixed(1)} of it for CUDA.`),
      ...[cards.note, unsaidOf(data, found.asked, run), verdict === may ? `To settle it, ${settlesOf(data, found.asked, run, cards)}.` : ""]
        .filter(Boolean).map((text) => make("p", { class: "fit-settles" }, text)),
      ...(advice.length ? [make("p", {}, "To change first: ", ...advice.flatMap(({ words, needed, verdict: then }, place) =>
        [place ? "; " : "", make("code", {}, words), ` (${inGb(needed)}, ${then})`]), ".")] : []),
      make("details", {}, make("summary", {}, "What takes it, and what a card shows"),
        make("p", {}, `Most is needed in the ${need.peak.phase}: ${parts} (GB). A card then shows ${inGb(need.shown)}.`)))];
  }

  survey.share({ runOptions, fitLines });
}
