// @ts-check
// The fields for how a run is carried out, and the answer whether it fits; for calculator.js. make and the like come from
// tables.js, needOf and the rest from step.js.
"use strict";

{
  const { make, makeButton, runOf, readCards, untracedOf, fittingOf, testedOf, settlesOf, kindOf, changesOf } = survey;

  /** @type {Record<string, string>} */
  const RUN_LABELS = {
    library: "Library, for its defaults", optimizer: "Optimiser", sharding: "Over the cards", offload: "States on the processor", logits: "Logits",
    encoders: "Encoders on the card", tower: "With checkpointing, a gradient in the frozen vision tower", lengths: "Lengths of the examples",
    upcast: "With few bits, the rest in 32", weights: "Weights in",
  };
  /** @type {Record<string, Record<string, string>>} */
  const RUN_VALUES = {
    library: { "": "not said" }, offload: { no: "no", yes: "yes" }, upcast: { open: "not known", no: "no", yes: "yes" }, weights: { 16: "16 bits", 32: "32 bits (mixed precision)" },
    logits: { whole: "whole", fused: "fused, never kept" }, lengths: { vary: "vary", cap: "only a limit is known" },
    tower: { open: "not known", entered: "let in (transformers 5)", frozen: "none" },
    encoders: { open: "not known", all: "of images and of texts", images: "of images alone", none: "none, all encoded before" },
    sharding: { none: "not said", ddp: "all on each", zero1: "ZeRO-1", zero2: "ZeRO-2", zero3: "ZeRO-3", fsdp: "FSDP" },
    optimizer: { adamw: "AdamW", "8bit": "AdamW, 8 bits", paged: "paged AdamW", "paged-8bit": "paged AdamW, 8 bits" },
  };
  /* What changes are called on their buttons, by the word and its value or by the word alone. */
  /** @type {Record<string, string>} */
  const CHANGES = {
    "offload=yes": "states on the processor", "precision=4": "4 bits", "logits=fused": "fused logits", "upcast=no": "the rest in 16 bits", "checkpointing=yes": "checkpointing",
    "encoders=none": "encoded before", "tower=frozen": "no gradient in the vision tower", "optimizer=8bit": "AdamW in 8 bits", "optimizer=paged-8bit": "paged AdamW in 8 bits",
    length: "tokens", resolution: "pixels",
  };
  /** @param {string} words */
  const changeText = (words) => words.split(" ").map((word) => {
    const [name, value] = word.split("=");
    return CHANGES[word] ?? (name === "sharding" ? RUN_VALUES.sharding[value] : name === "batch" ? `batch ${value}` : `${value} ${CHANGES[name]}`);
  }).join(", ");
  const inGb = (/** @type {Ends} */ [low, high]) => `${(low / 1e9).toFixed(1)} to ${(high / 1e9).toFixed(1)} GB`;
  const capital = (/** @type {string} */ text) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

  /* What may be said of a run, as pairs of a name and its options: `tower` where a frozen one may be entered, `encoders` of a generator, which has no `logits`. */
  /** @param {Costs} data @param {CostBackbone} backbone @returns {[name: string, label: string, values: [value: string, text: string][]][]} */
  function runOptions(data, backbone) {
    const names = ["library", ...Object.keys(data.run.words)]
      .filter((name) => !(name === "encoders" && !backbone.encoders) && !(name === "tower" && !backbone.letsIn) && !(name === "logits" && backbone.encoders));
    return names.map((name) => {
      const values = name === "library" ? ["", ...Object.keys(data.run.presets).filter((id) => id !== "diffusers" || backbone.encoders)] : data.run.words[name];
      return [name, RUN_LABELS[name], values.map((value) => [value, RUN_VALUES[name][value] ?? data.run.presets[value]?.name ?? value])];
    });
  }

  /* Whether a run fits on the cards, what decides it, what would make it fit, as buttons, and what explains it. */
  /** @param {Costs} data @param {CostChoice} choice @param {CostAnswer} found @param {(words: string) => void} apply @returns {FitAnswer} */
  function fitAnswer(data, choice, found, apply) {
    const cards = readCards(data, choice.gpu, choice.gpus) ?? { bytes: 0, note: "", number: 1 };
    const run = runOf(data, choice.run);
    const fitting = fittingOf(data, found.asked, run, cards);
    if (!fitting) {
      const why = untracedOf(data, found.asked);
      return { verdict: cards.bytes ? [make("p", {}, capital(why))] : [], reasons: [], explained: [] };
    }
    const { need: { peak, needed }, verdict } = fitting;
    const each = cards.number > 1 ? " on each" : "";
    const gb = (/** @type {number} */ bytes) => (bytes / 1e9).toFixed(1);
    const free = `${gb(cards.bytes - data.run.context)} GB free (${cards.bytes / data.run.gib} GiB less ${gb(data.run.context)} GB for CUDA)`; // a card of 24 GB has 25.8
    const range = make("p", { class: "fit-range" }, `Needs ${inGb(needed)}${each}${cards.bytes ? `; ${cards.number > 1 ? "each" : "the card"} has ${free}` : ""}.`);
    const parts = Object.entries(peak.parts).filter(([, bytes]) => bytes >= 5e7).sort((one, other) => other[1] - one[1]);
    const listed = parts.map(([name, bytes]) => `${name} ${(bytes / 1e9).toFixed(1)}`).join(", ");
    const kind = `The range is set so that nine in ten published runs of its kind lie inside (${data.run.kinds[kindOf(found.asked)]}).`;
    const most = `Most is needed in the ${peak.phase}: ${listed} (GB).`;
    if (!cards.bytes) {
      return { verdict: [range], reasons: [], explained: [most, kind].map((text) => make("p", {}, text)) };
    }
    const [fits, may] = data.run.verdicts;
    const size = cards.bytes / data.run.gib;
    const card = cards.number === 1 ? `one card of ${size} GB` : `${cards.number} cards of ${size} GB`;
    const advice = verdict === fits ? [] : changesOf(data, choice, run, cards);
    const decides = parts.slice(0, 2).map(([name, bytes]) => `${name} (${(bytes / 1e9).toFixed(1)} GB)`).join(" and ");
    const change = (/** @type {{ words: string, needed: Ends, verdict: string }} */ { words, needed: then, verdict: word }) =>
      make("li", {}, makeButton({}, () => apply(words), capital(changeText(words))), ` ${inGb(then)}, ${word}`);
    return {
      verdict: [make("p", { class: "fit-verdict", "data-verdict": verdict }, make("strong", {}, capital(verdict)), ` on ${card}. ${cards.note}`.trimEnd()), range],
      reasons: [make("p", { class: "fit-decides" }, `${capital(decides)} take most of it.`),
        ...(advice.length ? [make("p", { class: "fit-advice" }, "What would make it fit:"), make("ul", { class: "fit-changes" }, ...advice.map(change))] : [])],
      explained: [`Certainty ${testedOf(data, found.asked, verdict)}.`, verdict === may ? `To settle it, ${settlesOf(data, cards)}.` : "",
        most, kind, `A card has ${(cards.bytes / 1e9).toFixed(1)} GB, ${(data.run.context / 1e9).toFixed(1)} of it for CUDA.`]
        .filter(Boolean).map((text) => make("p", { class: "fit-explained" }, text)),
    };
  }

  survey.share({ runOptions, fitAnswer });
}
