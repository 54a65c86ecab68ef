// @ts-check
// Whether a training step fits on cards, and what to change: peft_vlm_survey/costs cards.py, for the calculator.
// `asked` comes from costing.js, what a step needs from step.js, cardOf from gpus.js; `run` has the words of a run.
"use strict";

{
  const { CostError, HALF, cardOf, costOf, needOf, kindOf, oneLength, isDeepspeed, letIn } = survey;

  /* Cards as people write them; null where none are named. */
  /** @param {Costs} data @returns {Cards | null} */
  function readCards(data, size = "", number = "") {
    if (!size.trim()) {
      if (number.trim() && number.trim() !== "1") {
        throw new CostError("--gpus stands without --gpu.", "Add the memory of one card, such as 24GB.");
      }
      return null;
    }
    const { bytes, note, wrong, remedy } = cardOf(size, data.cards, "gpu");
    if (wrong) {
      throw new CostError(wrong, remedy);
    }
    if (!/^\d+$/.test(number.trim() || "1") || Number(number || 1) < 1 || Number(number) > data.run.mostCards) {
      throw new CostError(`gpus '${number}' is impossible.`, "Give a whole number of cards, such as 2.");
    }
    return { bytes, note, number: Number(number || 1) };
  }

  /* Whether the tokens of an example were said, or the image that they follow from. */
  const saysHowLong = (/** @type {CostAsked} */ { said }) => said.includes("length") || said.includes("resolution");

  /* How a verdict did on runs that set nothing of it. */
  /** @param {Costs} data @param {CostAsked} asked @param {string} verdict */
  const testedOf = ({ run: { tested } }, asked, verdict) => tested[kindOf(asked)]?.[verdict] ?? "";

  /* What a run on these cards needs, and whether it fits; null if the backbone was not traced. */
  /** @param {Costs} data @param {CostAsked} asked @param {RunWords} run @param {Cards} cards */
  function fittingOf(data, asked, run, cards) {
    const need = needOf(data, asked, onCards(run, cards), cards.number);
    return need && { need, verdict: verdictOf(data, need.needed, cards) };
  }

  /* Why it cannot be told whether a setting fits. */
  /** @param {Costs} data @param {CostAsked} asked */
  const untracedOf = ({ run: { untraced } }, { backbone }) => untraced.replace("{name}", backbone.name);

  /* The one thing that would settle whether a run fits: a word that is not said and decides, or a step to try. */
  /** @param {Costs} data @param {CostAsked} asked @param {RunWords} run @param {Cards} cards */
  function settlesOf(data, asked, run, cards) {
    const { settles, context, scattered } = data.run;
    if (asked.precision < HALF && run.upcast === "open" && !isDeepspeed(onCards(run, cards))) {
      const [no, yes] = ["no", "yes"].map((upcast) => fittingOf(data, asked, { ...run, upcast }, cards)?.verdict ?? "");
      if (no !== yes) {
        return settles.upcast.replace("{no}", no).replace("{yes}", yes);
      }
    }
    return run.lengths === "cap" ? settles.length : settles[oneLength(asked) ? "any step" : "step"].replace("{most}", ((cards.bytes - context) / scattered / 1e9).toFixed(1));
  }

  /* What is not said and decides; nothing if all is said. */
  /** @param {Costs} data @param {CostAsked} asked @param {RunWords} run */
  function unsaidOf({ run: { unsaid: { decides, says } } }, asked, run) {
    const few = asked.precision < HALF && !isDeepspeed(run);
    /** @type {Record<string, boolean>} */
    const open = { library: !run.library && kindOf(asked) !== "encoders", length: !oneLength(asked) && (!saysHowLong(asked) || run.lengths === "cap"), batch: !asked.said.includes("batch"), texts: asked.backbone.texts > 0 && !asked.said.includes("texts") && asked.classes === null, resolution: Boolean(asked.backbone.resolution) && !asked.said.includes("resolution"), encoders: Boolean(asked.backbone.resolution) && run.encoders === "open", checkpointing: !asked.said.includes("checkpointing"), upcast: few && run.upcast === "open" };
    const names = Object.keys(decides).filter((name) => open[name]);
    return names.length ? says.replace("{what}", names.map((name) => decides[name]).join(", ")) : "";
  }

  /* Whether what is needed fits on each of the cards. */
  /** @param {Costs} data @param {Ends} needed @param {Cards} cards */
  function verdictOf({ run: { context, scattered, verdicts: [fits, may, not] } }, needed, cards) {
    return needed[1] * scattered + context <= cards.bytes ? fits : needed[0] + context > cards.bytes ? not : may;
  }

  /** @type {(run: RunWords, cards: Cards) => RunWords} */
  const onCards = (run, cards) => (cards.number > 1 && run.sharding === "none" ? { ...run, sharding: "ddp" } : run);

  /* What to change first: what fits before what may, what changes least before what saves more. */
  /** @param {Costs} data @param {CostChoice} choice @param {RunWords} run @param {Cards} cards */
  function changesOf(data, choice, run, cards) {
    const { asked } = costOf(data, choice);
    const now = fittingOf(data, asked, run, cards);
    if (!now) {
      return [];
    }
    /** @type {{ words: string, needed: Ends, verdict: string }[]} */
    const found = [];
    for (const [words, more] of waysOf(asked, run, cards, data.run.small)) {
      let other = asked;
      if (Object.keys(words).length) {
        try {
          other = costOf(data, changed(choice, words)).asked;
        } catch (error) {
          if (!(error instanceof CostError)) {
            throw error;
          }
          continue;
        }
      }
      const then = fittingOf(data, other, { ...run, ...more }, cards);
      if (then && then.need.needed[1] < 0.97 * now.need.needed[1]) {
        found.push({ words: Object.entries({ ...words, ...more }).map(([name, value]) => `${name}=${value}`).join(" "), needed: then.need.needed, verdict: then.verdict });
      }
    }
    const [fits, may] = data.run.verdicts;
    const best = [fits, may].flatMap((word) => found.filter(({ verdict }) => verdict === word));
    return (best.length ? best : found.sort((one, other) => one.needed[1] - other.needed[1])).slice(0, data.run.advice);
  }

  /* A choice with some words of its setting replaced. */
  /** @param {CostChoice} choice @param {Record<string, string>} words @returns {CostChoice} */
  function changed(choice, words) {
    const { checkpointing, precision, ...numbers } = words;
    return { ...choice, numbers: { ...choice.numbers, ...numbers }, ...(precision ? { precision } : {}), ...(checkpointing ? { checkpointing: checkpointing === "yes" } : {}) };
  }

  /* Words of the setting and of the run that could be changed, those that change the result least first. */
  /** @param {CostAsked} asked @param {RunWords} run @param {Cards} cards @param {number} small pixels of a small image's side @returns {Generator<[words: Record<string, string>, more: RunWords]>} */
  function* waysOf(asked, run, cards, small) {
    const { method, backbone, numbers: { batch, length, resolution }, checkpointing, precision } = asked;
    /** @type {RunWords} */
    const fused = backbone.parts[backbone.default].vocabulary ? { logits: "fused" } : {}; // what has no words makes no logits of them
    /** @type {RunWords} */
    const kept = { encoders: "none" };
    if (backbone.resolution && run.encoders !== "none") {
      yield [{}, kept];
    }
    if (letIn(asked).length && run.tower !== "frozen") {
      yield [{}, { tower: "frozen" }];
    }
    const all = run.sharding === "fsdp" ? "fsdp" : "zero3";
    /** @type {Record<string, string>} */
    const again = checkpointing ? {} : { checkpointing: "yes" };
    if (fused.logits && run.logits !== "fused") {
      yield [{}, fused];
    }
    if (!checkpointing) {
      yield [again, {}];
    }
    if (run.upcast !== "no" && precision < HALF) {
      yield [{}, { upcast: "no" }];
    }
    if (method.whole) {
      yield* ["8bit", "paged-8bit"].filter((word) => ![word, "paged-8bit"].includes(run.optimizer)).map((word) => /** @type {[{}, RunWords]} */ ([{}, { optimizer: word }]));
    }
    if (cards.number > 1) {
      yield* ["zero2", "zero3"].filter((word) => ![word, "zero3", "fsdp"].includes(run.sharding)).map((word) => /** @type {[{}, RunWords]} */ ([{}, { sharding: word }]));
    }
    if (run.offload !== "yes") {
      yield [{}, { offload: "yes" }];
      if (cards.number > 1) {
        yield [{}, { sharding: all, offload: "yes" }];
      }
    }
    if (batch > 1) {
      yield [{ batch: String(Math.max(Math.floor(batch / 2), 1)) }, {}];
      if (batch > 2) {
        yield [{ batch: "1" }, {}];
      }
    }
    if (method.lowRank && precision >= HALF) {
      yield [{ precision: "4" }, {}];
      if (!checkpointing || fused.logits) {
        yield [{ precision: "4", ...again }, fused];
      }
    }
    if (backbone.resolution) {
      if (!checkpointing && run.encoders !== "none") {
        yield [again, kept];
      }
      if (method.lowRank && precision >= HALF && run.encoders !== "none") {
        yield [{ precision: "4", ...again }, kept];
      }
      if (resolution > small) {
        yield [{ resolution: String(small) }, {}];
      }
    } else if (length > 256 && !oneLength(asked)) {
      yield [{ length: String(Math.floor(length / 2)) }, {}];
    }
  }

  survey.share({ readCards, untracedOf, onCards, verdictOf, changesOf, fittingOf, testedOf, settlesOf, unsaidOf });
}
