// @ts-check
// What a method costs on a backbone, by the formulas that the build wrote: the same rules and numbers as peft_vlm_survey/costs.
// `data` is survey.data.costs; a choice names method, backbone, and what the reader set of the rest.
"use strict";

{
  class CostError extends Error {
    /** @param {string} message @param {string} remedy */
    constructor(message, remedy) {
      super(message);
      this.remedy = remedy;
    }
  }

  const HALF = 16; // bits
  const filledIn = (/** @type {string} */ text, /** @type {Record<string, unknown>} */ words) => text.replace(/\{(\w+)\}/g, (_, name) => String(words[name]));

  /* What is wrong with a question, in the words of peft_vlm_survey/costs/limits.py. */
  /** @param {string} key @param {Record<string, unknown>} [words] */
  function refused(key, words = {}) {
    const [message, remedy] = survey.data.costs.refusals[key];
    return new CostError(filledIn(message, words), filledIn(remedy, words));
  }

  const wholeNumber = (/** @type {string} */ name, /** @type {string} */ text) => {
    if (!/^[0-9]+$/.test(text) || Number(text) < 1) {
      throw refused("no whole number", { name, value: text });
    }
    return Number(text);
  };
  const sumOf = (/** @type {number[]} */ numbers) => numbers.reduce((sum, number) => sum + number, 0);
  const atLength = (/** @type {Square} */ [constant, linear, square], /** @type {number} */ length) => constant + linear * length + square * length * length;
  /* Sums of means come out a little beside the whole number that they are. */
  const tidied = (/** @type {number} */ number) => (Math.abs(number - Math.round(number)) < 1e-5 ? Math.round(number) : number);

  /* The setting: every parameter gets its number, or the reader is told what is impossible. */

  /** @param {Costs} data @param {CostChoice} choice */
  function readSetting(data, choice) {
    const method = data.methods[choice.method];
    const backbone = data.backbones[choice.backbone];
    const resolution = resolutionOf(backbone, choice.numbers ?? {});
    const ofVision = onVisionAlone(backbone, choice);
    const part = choice.part || (method.whole ? "all" : ofVision ? "vision" : backbone.default);
    const usable = method.whole ? Object.keys(backbone.whole) : Object.keys(backbone.parts);
    if (!usable.includes(part)) {
      throw refused("none of these", { name: "part", value: part, known: usable.join(", ") });
    }
    const tower = backbone.parts[part] ?? backbone.parts[backbone.default];
    if (tower.unmet[choice.method]) {
      throw new CostError(...tower.unmet[choice.method]);
    }
    if (method.whole && backbone.whole[part] === null) {
      throw refused("no size", { backbone: backbone.name, method: method.name.toLowerCase(), parts: Object.keys(backbone.parts).join(", ") });
    }
    const variant = choice.variant || ofLayers(method, choice.numbers) || backbone.variants[choice.method] || Object.keys(method.variants)[0];
    const setting = /** @type {CostSetting} */ ({ id: choice.method, method, backbone, part, tower, variant, classes: readClasses(choice.classes) });
    setting.numbers = numbersOf(setting, choice.numbers ?? {});
    checkPossible(setting);
    setting.targets = "targets" in method.parameters ? targetsOf(setting, ofVision ? choice.targets?.map((name) => name.replace("vision.", "")) : choice.targets) : [];
    checkRank(setting);
    checkTargets(setting);
    if (!backbone.texts && setting.numbers.texts) {
      throw refused("no texts", { backbone: backbone.name });
    }
    if (!backbone.writes && setting.numbers.outputs) {
      throw refused("no outputs", { backbone: backbone.name });
    }
    const texts = backbone.texts ? setting.numbers.texts ?? setting.classes ?? backbone.texts : 0;
    Object.assign(setting.numbers, { classes: setting.classes ?? 0, batch: setting.numbers.batch ?? backbone.batch, texts, length: setting.numbers.length ?? tower.length });
    if (resolution && backbone.resolution) {
      Object.assign(setting.numbers, { resolution, length: (resolution / backbone.resolution.side) ** 2 + backbone.resolution.beside });
    }
    setting.numbers.outputs = backbone.writes ? setting.numbers.outputs ?? setting.numbers.length : 0;
    setting.switches = Object.fromEntries(Object.entries(method.switches).map(([name, on]) => [name, choice.switches?.[name] ?? on]));
    if (choice.switches?.projector && !backbone.hasProjector) {
      throw refused("no projector", { backbone: backbone.name });
    }
    setting.bits = Number(choice.bits || method.bits);
    setting.precision = Number(choice.precision || (method.quantised ? setting.bits : 16));
    for (const [name, known] of /** @type {["bits" | "precision", number[]][]} */ ([["bits", method.quantised ? data.quantisedBits : data.bits], ["precision", data.precisions]])) {
      if (!known.includes(setting[name])) {
        throw refused("none of these", { name, value: choice[name], known: known.join(", ") });
      }
    }
    const words = { name: "precision", value: setting.precision, method: method.name };
    if (method.quantised && setting.precision >= HALF) {
      throw refused("quantised", words);
    }
    if (setting.precision < HALF && method.trainsWeights) {
      throw refused("trained", words);
    }
    setting.checkpointing = choice.checkpointing ?? backbone.decoder;
    setting.said = [...Object.entries(choice.numbers ?? {}).filter(([, text]) => text !== "").map(([name]) => name), ...(choice.checkpointing === undefined ? [] : ["checkpointing"])];
    return setting;
  }

  /* Whether of two towers side by side the one of images alone has targets: the gradient does not enter the other then. */
  /** @param {CostBackbone} backbone @param {CostChoice} choice */
  function onVisionAlone({ texts }, { part, targets }) {
    return Boolean(texts && !part && targets?.length && targets.every((name) => name.startsWith("vision.")));
  }

  /* The side of a generator's image in pixels, from which its tokens follow; nothing of any other backbone. */
  /** @param {CostBackbone} backbone @param {Record<string, string>} given */
  function resolutionOf({ resolution: sized, name }, given) {
    if (given.length && sized) {
      throw refused("length", { backbone: name, usual: sized.usual });
    }
    if (given.resolution && !sized) {
      throw refused("no images", { backbone: name });
    }
    if (!sized || !given.resolution) {
      return sized?.usual;
    }
    const side = wholeNumber("resolution", given.resolution);
    if (side % sized.side || side > sized.most) {
      throw refused("pixels", { name: "resolution", value: side, ...sized });
    }
    return side;
  }

  /** @param {string | null} [text] */
  function readClasses(text) {
    if (text === undefined || text === null || text === "") {
      return null;
    }
    const found = /^([0-9]+)(?:\/([0-9]+))?$/.exec(text);
    const classes = found ? Number(found[1]) / Number(found[2] ?? 1) : 0;
    if (!(classes >= 1 && classes < Infinity)) {
      throw refused("classes", { name: "classes", value: text });
    }
    return classes;
  }

  /** @param {CostSetting} setting @param {Record<string, string>} given */
  function numbersOf({ method, tower, variant }, given) {
    const said = Object.fromEntries(Object.entries(given).filter(([, text]) => text !== ""));
    const texts = { ...Object.fromEntries(Object.entries(method.parameters).filter(([, text]) => text !== null)), ...said };
    if ("bottleneck" in said && "reduction" in said) {
      throw refused("both");
    }
    if ("bottleneck" in said || (!("reduction" in said) && method.parameters.bottleneck)) {
      delete texts.reduction;
    } else if ("reduction" in said) {
      delete texts.bottleneck;
    }
    delete texts.targets;
    const numbers = Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, wholeNumber(name, String(text))]));
    numbers.tasks ??= method.variants[variant].tasks;
    if ("bottleneck" in method.parameters && "reduction" in numbers) {
      if (new Set(tower.widths).size > 1) {
        throw refused("stages");
      }
      numbers.bottleneck = Math.floor(tower.widths[0] / numbers.reduction);
    }
    numbers.mlp ??= 0;
    const stacks = [...tower.encoder, ...tower.decoder];
    if (method.defaultLayers) {
      numbers.layers ??= tower.defaultLayers[method.defaultLayers];
    }
    if (method.side) {
      numbers.side_layers ??= Math.max(...stacks);
      numbers.side_encoder = tower.encoder.length ? Math.min(numbers.side_layers, ...tower.encoder) : 0;
      numbers.side_decoder = tower.decoder.length ? Math.min(numbers.side_layers, ...tower.decoder) : 0;
    }
    return numbers;
  }

  /* The reading that acts on some layers if their number is given; nothing if not, or if there is none. */
  /** @param {CostMethod} method @param {Record<string, string>} [numbers] */
  function ofLayers(method, numbers) {
    return numbers?.layers && Object.keys(method.variants).find((name) => method.variants[name].ofLayers);
  }

  /* A target goes with what else is asked: its layers, or the blocks of a rotation. */
  /** @param {CostSetting} setting */
  function checkTargets({ method, backbone, tower, variant, numbers, targets }) {
    const beside = targets.find((name) => name.includes(".") || name === "projector");
    if (method.variants[variant].ofLayers && (beside || tower.widths.length > 1)) {
      const what = beside ? `target '${beside}' lies outside of them` : `${backbone.name} has layers of several kinds`;
      throw refused("outside", { what });
    }
    if (!("block" in method.parameters)) {
      return;
    }
    for (const name of targets) {
      for (const inputs of Object.keys(tower.targets[name].inputs).map((key) => Number(key.split(" ").at(-2)))) {
        if (inputs % numbers.block) {
          throw refused("block", { name: "block", value: numbers.block, inputs, target: name });
        }
      }
    }
  }

  /* A rank is at most the smaller side of the matrix that it is the rank of. */
  /** @param {CostSetting} setting */
  function checkRank({ method, backbone, tower, variant, numbers, targets }) {
    if (!("rank" in method.parameters)) {
      return;
    }
    const { rankOf, hypercomplex } = method.variants[variant];
    const factors = hypercomplex ? numbers.phm : 1;
    const refuse = (/** @type {string} */ key, /** @type {string} */ target, /** @type {number} */ most) => refused(key, { name: "rank", value: numbers.rank, target, backbone: backbone.name, most });
    if (rankOf === "kronecker factor") {
      for (const name of targets) {
        const longer = tower.targets[name].sizes.map(([, ...sides]) => Math.max(...sides.map((side) => factorsOf(side, numbers.factor)[1])));
        const most = Math.floor((Math.max(...longer) - 1) / 2);
        if (numbers.rank > most) {
          throw refuse("factor", name, most);
        }
      }
    }
    /** @type {[name: string, side: number][]} */
    const sides = targets.length ? targets.map((name) => [name, tower.targets[name].smaller])
      : rankOf === "keys and values" ? [["k and v", tower.widths[0]]]
        : rankOf === "bottleneck" ? [["the adapter", Math.floor(Math.min(...tower.widths) / factors)], ["its bottleneck", Math.floor(numbers.bottleneck / factors)]]
          : [];
    for (const [name, side] of sides) {
      if (numbers.rank > side) {
        throw refuse("side", name, side);
      }
    }
  }

  /** @param {CostSetting} setting */
  function checkPossible({ method, backbone, tower, variant, numbers, classes }) {
    const sizes = method.learnedContext && tower.most.context ? { ...tower.most, tokens: tower.most.context } : tower.most;
    for (const [name, [most, why, what]] of Object.entries(sizes)) {
      if (name in method.parameters && numbers[name] > most) {
        throw refused(why, { name, value: numbers[name], backbone: backbone.name, most, what });
      }
    }
    const { reduction, phm, bottleneck } = numbers;
    if ("bottleneck" in method.parameters && bottleneck === 0) {
      throw refused("reduction", { name: "reduction", value: reduction, backbone: backbone.name, most: tower.widths[0] });
    }
    if (method.variants[variant].hypercomplex && [...tower.widths, bottleneck].some((size) => size % phm)) {
      throw refused("phm", { value: phm, backbone: backbone.name, bottleneck });
    }
    if (method.side && tower.sides.some((size) => size % reduction)) {
      throw refused("sides", { value: reduction, backbone: backbone.name });
    }
    const width = tower.quantities.embedding ?? 0;
    if (method.reducesEmbedding && width % reduction) {
      throw refused("embedding", { value: reduction, width });
    }
    if (classes === null && method.variants[variant].needsClasses) {
      throw refused("no classes", { method: method.name });
    }
  }

  /** @param {CostSetting} setting @param {string[]} [given] */
  function targetsOf({ method, backbone, tower }, given) {
    const names = (given?.length ? given : method.parameters.targets?.split(",") ?? tower.standardTargets)
      .flatMap((name) => ({ all: tower.all, "vision.all": tower.allOfVision.length ? tower.allOfVision : [name] }[name] ?? [name]));
    for (const name of names) {
      if (!tower.targets[name]) {
        throw refused("no matrix", { value: name, backbone: backbone.name, remedy: `Use some of: ${Object.keys(tower.targets).join(", ")}.` });
      }
    }
    for (const prefix of ["", "vision."]) {
      if (names.includes(`${prefix}qkv`) && ["q", "k", "v"].some((name) => names.includes(prefix + name))) {
        throw refused("held already", { value: `${prefix}qkv` });
      }
    }
    return names;
  }

  /* The letters of the formulas and their numbers */

  /** @param {CostSetting} setting */
  function targetSums({ tower, targets, numbers }) {
    const chosen = targets.map((name) => tower.targets[name]);
    const same = /** @type {const} */ (["sides", "outputs", "scaled", "count"]);
    const sums = same.map((quantity) => [quantity, sumOf(chosen.map((target) => target[quantity]))]);
    /** @type {Record<string, number>} */
    const inputs = Object.assign({}, ...chosen.map((target) => target.inputs)); // queries, keys and values share theirs
    return { ...Object.fromEntries(sums), inputs: sumOf(Object.values(inputs)), ...kroneckerOf(chosen, numbers.factor) };
  }

  /* The two factors of a size that lie nearest to each other, the smaller first; or one that is given and divides it, else the smaller at most so large. */
  /** @param {number} size @param {number} [factor] @returns {[small: number, large: number]} */
  function factorsOf(size, factor) {
    if (factor && size % factor === 0) {
      return [factor, size / factor];
    }
    let small = Math.floor(Math.min(Math.sqrt(size), factor || size));
    while (size % small) {
      small -= 1;
    }
    return [small, size / small];
  }

  /* The sizes of the two factors whose Kronecker product has the size of each matrix, over all of them. */
  /** @param {TargetSums[]} chosen @param {number} [factor] */
  function kroneckerOf(chosen, factor) {
    const sides = chosen.flatMap(({ sizes }) => sizes).map(([count, ...ends]) => ({ count, of: ends.map((end) => factorsOf(end, factor)) }));
    return {
      kronecker_small: sumOf(sides.map(({ count, of: [inputs, outputs] }) => count * inputs[0] * outputs[0])),
      kronecker_large: sumOf(sides.map(({ count, of: [inputs, outputs] }) => count * inputs[1] * outputs[1])),
      kronecker_sides: sumOf(sides.map(({ count, of: [inputs, outputs] }) => count * (inputs[1] + outputs[1]))),
    };
  }

  /** @param {Costs} data @param {CostSetting} setting */
  function valuesOf(data, setting) {
    const { backbone, method, part, tower } = setting;
    /** @type {Record<string, number>} */
    const sums = targetSums(setting);
    /** @type {Record<string, number | null>} */
    const own = { ...tower.quantities, ...(method.whole && { params: backbone.whole[part] }) };
    /** @type {Record<string, boolean>} */
    const switches = { ...setting.switches, head: setting.classes !== null };
    /** @type {Record<LetterSource, (name: string) => number>} */
    const said = {
      parameter: (name) => setting.numbers[name],
      quantity: (name) => own[name] ?? 0,
      targets: (name) => sums[name],
      switch: (name) => Number(switches[name] ?? false),
      fixed: Number,
    };
    return Object.fromEntries(Object.entries(data.letters).map(([letter, [, , source, origin]]) => [letter, said[source](origin)]));
  }

  /* The answer */

  /** @param {Costs} data @param {CostChoice} choice @returns {CostAnswer} */
  function costOf(data, choice) {
    const setting = readSetting(data, choice);
    const { id, method, backbone, tower, variant, numbers, bits } = setting;
    const formulas = data.formulas[`${id} ${variant}`];
    const values = valuesOf(data, setting);
    const trainable = tidied(formulas.total(values));
    const perTask = tidied(trainable / numbers.tasks);
    const head = method.head && setting.classes !== null ? values.c_0 + values.c_1 * setting.classes : 0;
    const base = tower.macs && atLength(tower.macs, numbers.length);
    const mean = tower.meanTokens ? atLength(tower.meanTokens, numbers.length) : numbers.length;
    const extraPercent = formulas.macs && base ? (100 * formulas.macs({ ...values, T: mean, F: base })) / base : null;
    const few = method.quantised ? backbone.quantised[bits] ?? (backbone.total && (backbone.total * bits) / 8) : null;
    const asked = { ...setting, run: choice.run, values, formulas, trainable, perTask, head, mean, backboneBytes: few };
    return {
      asked,
      setting,
      values,
      trainable,
      perTask,
      percent: backbone.total && (100 * trainable) / backbone.total,
      percentOfAll: backbone.total && (100 * trainable) / (backbone.total + addedTo(asked)),
      storedBytes: tidied(storedBytes(data, asked)),
      backboneBytes: few,
      extraPercent: method.mergeable === "yes" ? 0 : extraPercent,
      extraPercentUnmerged: extraPercent,
      memoryRatio: memoryRatio(data, asked),
      memory: memoryBytes(data, asked),
      assumptions: assumptionsOf(data, setting, survey.runOf(data, choice.run)),
      ...formulaOf(data, asked),
      ...countedIn(data, asked),
    };
  }

  /** @param {Costs} data @param {CostAsked} asked */
  function storedBytes(data, { method, variant, tower, numbers, bits, classes, targets, switches, values, formulas, perTask, head }) {
    const body = perTask - head;
    if (!method.binarised) {
      return ((body * method.copies + head) * (method.quantised ? data.headBits : bits)) / 8;
    }
    const places = targets.length ? values.z_count : sumOf([...tower.encoder, ...tower.decoder]);
    const core = formulas.each(values);
    const quantised = (core * bits) / 8 + places * 2 * data.binaryOverhead;
    const rest = body - core;
    return method.variants[variant].binaryHead && classes !== null
      ? quantised + 4 * rest + (values.d * classes) / 8 + 8
      : quantised + 4 * (rest + head);
  }

  /* What of the trained parameters the backbone does not have without the method */
  /** @param {CostAsked} asked */
  function addedTo({ method, numbers, tower, switches, values, formulas, head }) {
    let added = numbers.tasks * formulas.each(values) + formulas.once(values);
    if (method.alreadyThere === "all") {
      added = 0;
    } else if (method.alreadyThere === "biases") {
      added -= numbers.tasks * values.b;
    }
    return added + numbers.tasks * head + (switches.biases || method.addsBiases ? tower.addedBiases : 0);
  }

  /* The memory of a setting as a share of that of full fine-tuning, and what it rests on, as peft_vlm_survey/costs/against_full.py says. */
  /** @param {Costs} data @param {CostAsked} asked @returns {{ share: number, says: string } | null} */
  function memoryRatio(data, asked) {
    const run = survey.runOf(data, asked.run);
    const own = survey.peakOf(data, asked, run); // in step.js
    const whole = own && survey.peakOf(data, wholeOf(data, asked), run);
    if (own && whole) {
      return { share: own / whole, says: data.ratio.says[asked.precision < HALF ? "few bits" : "traced"] };
    }
    const share = firstOrder(data, asked);
    return share === null ? null : { share, says: data.ratio.says["first order"] };
  }

  /* Full fine-tuning of the same backbone as a setting is asked, with a head for each task. */
  /** @param {Costs} data @param {CostAsked} asked @returns {CostAsked} */
  function wholeOf(data, asked) {
    const { backbone, numbers } = asked;
    const [id, method] = Object.entries(data.methods).filter(([, one]) => one.whole)[0];
    const [variant] = Object.keys(method.variants);
    const own = actedOn(asked).name;
    const tower = backbone.parts[backbone.default];
    const classes = asked.method.head ? asked.classes : null;
    const elsewhere = own !== backbone.default;
    const { batch, texts, outputs, length } = numbers;
    const setting = {
      ...asked, id, method, part: "all", tower, variant, classes, targets: [], switches: method.switches, bits: method.bits, precision: Math.max(asked.precision, HALF),
      numbers: { batch, texts, outputs, tasks: 1, mlp: 0, classes: classes ?? 0, length: elsewhere ? tower.length : length }, lengths: elsewhere ? { [own]: length } : {},
    };
    const formulas = data.formulas[`${id} ${variant}`];
    const values = valuesOf(data, setting);
    const head = classes === null ? 0 : values.c_0 + values.c_1 * classes;
    return { ...setting, formulas, values, head, trainable: tidied(formulas.total(values) + (numbers.tasks - 1) * head) };
  }

  /** @param {Costs} data @param {CostAsked} asked */
  function firstOrder(data, asked) {
    const { backbone, tower, numbers, values, mean, head, trainable } = asked;
    if (!backbone.total) {
      return null;
    }
    const { weight, trained, activation } = data.ratio;
    const own = actedOn(asked);
    const towers = [own, ...Object.entries(backbone.parts).filter(([name]) => name !== own.name).map(([name, part]) => ({ name, part, length: part.length }))];
    const full = (weight + trained) * (backbone.total + head * numbers.tasks)
      + numbers.batch * activation * sumOf(towers.map((one) => keptInTower({ ...one, trained: true })));
    const kept = keptByOne(asked) + sumOf(beside(asked).map(keptInTower));
    return ((asked.backboneBytes ?? weight * backbone.total) + weight * addedTo(asked) + trained * trainable + numbers.batch * activation * kept) / full;
  }

  /* The towers that a gradient passes through: that of the method, and others, as in peft_vlm_survey/costs/gradient_path.py. */

  /** @param {Pick<CostSetting, "method" | "backbone" | "part" | "tower" | "numbers">} setting @returns {PassedTower} */
  function actedOn({ method, backbone, part, tower, numbers }) {
    const name = backbone.parts[part] ? part : backbone.default;
    return { name, part: tower, length: numbers.length, trained: method.whole && part !== "projector", examples: examplesOf({ backbone, numbers }, name) };
  }

  /** @param {CostSetting} setting @returns {PassedTower[]} */
  function beside({ method, backbone, part, tower, numbers, targets, lengths }) {
    const own = actedOn({ method, backbone, part, tower, numbers }).name;
    const others = (/** @type {string[]} */ names, /** @type {boolean} */ trained) => names.map((name) => ofPart({ backbone, numbers, lengths }, name, trained));
    if (part === "vision" && backbone.series && (method.gradient !== "no" || method.side)) {
      return others(["language"], false);
    }
    return part === "all" || bothTowers({ method, targets })
      ? others(Object.keys(backbone.parts).filter((name) => name !== own), method.whole) : [];
  }

  const bothTowers = (/** @type {Pick<CostSetting, "method" | "targets">} */ { method, targets }) => Boolean(method.bothTowers) || targets.some((target) => target.startsWith("vision."));
  const examplesOf = (/** @type {Pick<CostSetting, "backbone" | "numbers">} */ { backbone, numbers }, /** @type {string} */ part) => (backbone.texts && part === "language" ? numbers.texts : numbers.batch);
  const tokensOf = (/** @type {PassedTower} */ { part, length, examples }) => examples * (part.fixedTokens ? atLength(part.fixedTokens, length) : length);

  /* A part at the length that it has if nothing else is said */
  /** @param {Pick<CostSetting, "backbone" | "numbers" | "lengths">} setting @param {string} name @returns {PassedTower} */
  function ofPart({ backbone, numbers, lengths }, name, trained = false) {
    const part = backbone.parts[name];
    return { name, part, length: lengths?.[name] ?? part.length, trained, examples: examplesOf({ backbone, numbers }, name) };
  }

  /** @param {Omit<PassedTower, "name" | "examples">} tower */
  function keptInTower({ part, length, trained }) {
    return atLength(part.passing, length) + (trained ? (part.meanTokens ? atLength(part.meanTokens, length) : length) * part.quantities.inputs : 0);
  }

  /** @param {CostAsked} asked */
  function keptByOne({ method, backbone, part, tower, numbers, values, formulas, mean }) {
    const { length } = numbers;
    if (method.whole) {
      return keptInTower(actedOn({ method, backbone, part, tower, numbers }));
    }
    const own = mean * formulas.kept({ ...values, T: length });
    const passing = atLength(tower.passing, length);
    if (method.side) {
      const scores = atLength(tower.scores, length);
      const share = (numbers.side_encoder + numbers.side_decoder) / values.L;
      return own + share * ((passing - scores) / numbers.reduction + scores);
    }
    if (method.gradient === "no") {
      return own;
    }
    if (method.longer) {
      return atLength(tower.passing, backbone.resolution ? length : length + numbers.tokens) + (own * (length + numbers.tokens)) / length;
    }
    return passing + own;
  }

  /* Low, middle and high in bytes; only low and high are shown. */
  /** @param {Costs} data @param {CostAsked} asked @returns {Triple | null} */
  function memoryBytes(data, asked) {
    const { backbone, precision } = asked;
    if (!backbone.total) {
      return null;
    }
    const traced = survey.needOf(data, asked, survey.runOf(data, asked.run)); // in step.js
    if (traced) {
      return traced.needed;
    }
    const towers = heldBy(asked);
    /** @type {(held: HeldTower[], bits: number) => Triple} */
    const found = (held, bits) => [bytesOf(data.memory, asked, held, bits, 0), bytesOf(data.memory, asked, held, bits, 1), bytesOf(data.memory, asked, held, bits, 2)];
    const own = found(towers, precision);
    if (precision >= HALF) {
      return own;
    }
    // Outside the span of the published runs so few bits are not taken to need more than 16.
    const [[least, most], [, longest]] = data.memory.spans[kindOfRun(asked)];
    let plain = found(towers, HALF);
    if (backbone.decoder && precision === 4 && backbone.total >= least && backbone.total <= most) {
      const share = Math.min(1, longest / towers[0].tokens);
      const atLongest = found(towers.map((held) => ({ ...held, tokens: held.tokens * share })), precision);
      plain = /** @type {Triple} */ (plain.map((bytes, which) => Math.max(bytes, atLongest[which])));
    }
    return /** @type {Triple} */ (own.map((bytes, which) => Math.min(bytes, plain[which])));
  }

  /** @param {MemoryModel} model @param {CostSetting} asked @param {PassedTower} tower */
  function keptByForm(model, asked, tower) {
    const [kept, bare, block] = tower.trained ? tower.part.keptInFull : tower.part.kept;
    const tokens = tokensOf(tower);
    return computedAgain(asked) ? 2 * tokens * (bare + model.kept.checkpointed[1] * block) : 2 * tokens * model.kept.many[1] * kept;
  }

  const trainsAll = (/** @type {CostSetting} */ { method, backbone, part }) => method.whole && ["all", backbone.default].includes(part);
  const computedAgain = (/** @type {CostSetting} */ { checkpointing, method }) => checkpointing && method.gradient !== "no";

  /* Among which runs of decoders a setting is told. */
  const kindOfRun = (/** @type {CostSetting} */ asked) => `${trainsAll(asked) ? "full" : asked.precision < HALF ? "few bits" : "16 bits"} ${computedAgain(asked) ? "with" : "without"}`;

  /** @param {CostAsked} asked @returns {HeldTower[]} */
  function heldBy(asked) {
    const { method, numbers, formulas, values } = asked;
    const held = (/** @type {PassedTower} */ tower) => {
      const { part, trained } = tower;
      const [kept, bare, block] = trained ? part.keptInFull : part.kept;
      return { tokens: tokensOf(tower), kept, bare, block, vocabulary: part.vocabulary };
    };
    const acted = actedOn(asked);
    const own = held(acted);
    if (method.gradient === "no") {
      const { side_encoder: reads, side_decoder: writes, reduction } = numbers;
      const inside = method.side ? ((reads + writes) / acted.part.quantities.layers) * acted.part.keptInFull[0] / reduction : 0;
      Object.assign(own, { kept: formulas.kept(values) + inside, bare: 0, block: 0 });
    } else if (method.longer) {
      own.tokens += acted.examples * numbers.tokens;
    }
    return [own, ...beside(asked).map(held)];
  }

  /** @param {MemoryModel} model @param {CostAsked} asked @param {HeldTower[]} towers @param {number} precision @param {number} which */
  function bytesOf(model, asked, towers, precision, which) {
    const { method, backbone, tower, trainable } = asked;
    const few = precision < HALF;
    const again = computedAgain(asked);
    const total = Number(backbone.total); // asked only where it is established
    const weights = few
      ? backbone.quantisable * (precision === 4 ? model.fourBits : 1) + model.unquantised[which] * (total - backbone.quantisable)
      : (total * precision) / 8;
    const states = (method.whole ? model.fullStates : model.states)[which] * trainable;
    const factor = model.kept[again ? "checkpointed" : few ? "few" : "many"][which];
    const width = Math.max(precision, HALF) / 8;
    const activations = again
      ? width * (sumOf(towers.map(({ tokens, bare }) => tokens * bare)) + factor * Math.max(...towers.map(({ tokens, block }) => tokens * block)))
      : width * factor * sumOf(towers.map(({ tokens, kept }) => tokens * kept));
    const logits = sumOf(towers.map(({ tokens, vocabulary }) => tokens * vocabulary)) * model.logits[which];
    return weights + states + activations + logits + (few ? 2 * tower.largest * model.dequantised[which] : 0) + model.context[which];
  }

  const inThousands = (/** @type {number} */ number) => number.toLocaleString("en");

  /* How the weights of the backbone are held; and what is assumed of a setting's memory. */

  /** @param {CostSetting} setting @param {RunWords} run @returns {"throughout" | "wide" | "bits"} */
  const heldAs = ({ precision }, run) => (precision > HALF ? "throughout" : run.weights === "32" && precision === HALF && !survey.isDeepspeed(run) ? "wide" : "bits");
  const heldIn = (/** @type {Costs} */ { memory: { held } }, /** @type {CostSetting} */ setting, /** @type {RunWords} */ run) => filledIn(held[heldAs(setting, run)], { bits: setting.precision });

  /** @param {Costs} data @param {CostSetting} setting @param {RunWords} run */
  function assumptionsOf({ memory: { says, optimizers, statesKept } }, setting, run) {
    const { method, backbone, part, precision, tower } = setting;
    const [other] = beside(setting);
    const deepspeed = survey.isDeepspeed(run);
    const keys = [backbone.keepsScores ? "scores" : run.attention === "eager" ? "eager" : "attention", method.whole ? (deepspeed ? "full deepspeed" : "full") : "modules",
      ...(precision < HALF ? ["quantised"] : [])];
    if (other) {
      keys.push(other.name === "vision" ? "both towers" : "behind");
    } else if (Object.keys(backbone.parts).length > 1 && backbone.parts.vision && part !== "vision") {
      keys.push(survey.letIn(setting).length && run.tower !== "frozen" ? `tower ${run.tower}` : "frozen tower");
    }
    keys.push(...(computedAgain(setting) ? ["again"] : []), ...(!backbone.traces ? [] : backbone.resolution ? ["denoised", `encoders ${run.encoders}`] : ["traced"]),
      ...(backbone.texts ? ["texts"] : []), ...(backbone.tracesBeside.image ? ["looking"] : []), ...(backbone.detects ? ["detected"] : []), ...(run.sharding === "none" ? ["one"] : []), ...(run.offload === "no" ? ["on the card"] : []),
      ...(run.logits === "whole" && tower.vocabulary ? ["whole"] : []));
    const words = { optimizer: optimizers[run.optimizer], kept: statesKept[run.optimizer], bits: heldAs(setting, run) === "wide" ? 32 : precision, states: precision > HALF || deepspeed ? 32 : run.states,
      computed: precision > HALF ? "with all in 32 bits" : "under autocast", tokens: inThousands((other ?? survey.letIn(setting)[0])?.length ?? 0), texts: inThousands(Math.round(setting.numbers.texts)) };
    return keys.map((key) => filledIn(says[key], words));
  }

  /* How large a step is said to be. */
  /** @param {Costs} data @param {CostSetting} setting */
  function sizeOf({ memory: { sizes } }, setting) {
    const { backbone, numbers } = setting;
    const words = Object.fromEntries(Object.entries(numbers).map(([name, number]) => [name, inThousands(Math.round(number))]));
    const keys = backbone.texts ? ["images", actedOn(setting).name === "vision" ? "of images" : "of texts"] : [backbone.resolution ? "pixels" : numbers.outputs ? "written" : "tokens"];
    return keys.map((key) => filledIn(sizes[key], words)).join(", ");
  }

  /* The tokens that a step reads, as peft_vlm_survey/costs/sorts.py counts them. */
  /** @param {CostSetting} setting */
  function stepTokens(setting) {
    const towers = [actedOn(setting), ...beside(setting)];
    return setting.backbone.texts ? sumOf(towers.map(({ examples, length }) => examples * length))
      : setting.numbers.batch * (towers.find(({ name }) => name === "language")?.length ?? setting.numbers.length);
  }

  /* The part of a backbone that a method acts on, in words; nothing where a backbone has one alone. */
  /** @param {Costs} data @param {CostSetting} setting */
  function placeOf({ places }, { method, backbone, part, targets }) {
    if (Object.keys(backbone.parts).length === 1 && backbone.sort !== "made") {
      return "";
    }
    return places[backbone.sort]?.[part !== "all" && bothTowers({ method, targets }) ? "both" : part] ?? "";
  }

  /* The published runs that are most like a setting, as peft_vlm_survey/costs/nearest_runs.py orders them, each with whether it lies near */

  /** @param {Costs} data @param {CostSetting} setting @param {RunWords} run @param {number} most */
  function nearestRuns({ apart, runs, kindred, farthest, backbones }, setting, run, most) {
    const { backbone, precision, method, part } = setting;
    if (!backbone.total) {
      return [];
    }
    const id = Object.keys(backbones).find((name) => backbones[name] === backbone);
    const own = backbone.sort === "pairs" && part === "vision" ? "tower" : backbone.sort;
    const split = ["zero2", "zero3", "fsdp"].includes(run.sharding) || run.offload === "yes";
    const [full, few, wide, again, shared] = [trainsAll(setting), precision < HALF, precision > HALF || run.weights === "32", computedAgain(setting), split].map(Number);
    const tokens = stepTokens(setting);
    const told = runs.flatMap((one) => {
      const [[sort, name, other, way, size, read], [isFull, isFew, isWide, isAgain, isShared]] = one;
      const doublings = [Math.abs(Math.log2(Number(backbone.total) / size)), Math.abs(Math.log2(tokens / read))];
      if (!kindred[own].includes(sort) || full !== isFull || few !== isFew || Math.max(...doublings) > farthest) {
        return [];
      }
      const kinds = { sort: sort !== own, split: shared !== isShared, way: way !== (method.way ?? ""), checkpointing: again !== isAgain, bits: wide !== isWide,
        method: other !== setting.id, backbone: name !== id };
      const near = !kinds.sort && !kinds.split && !kinds.checkpointing && !kinds.bits && Math.max(...doublings) <= 1;
      return [{ run: one, near, apart: sumOf(Object.entries(kinds).map(([kind, is]) => (is ? apart[kind] : 0))) + sumOf(doublings) }];
    });
    return told.sort((one, other) => Number(other.near) - Number(one.near) || one.apart - other.apart).slice(0, most);
  }

  /* The formula in the letters' names, what is switched off or one left out; and what the number counts */

  /** @param {Costs} data @param {CostAsked} asked */
  function formulaOf(data, { method, variant, numbers, switches, classes, values }) {
    const single = numbers.tasks === 1;
    const core = method.variants[variant].forms[(numbers.mlp ? 2 : 0) + (single ? 0 : 1)];
    const on = Object.keys(method.switches).filter((name) => switches[name]);
    const terms = [...on, ...(switches.norms && switches.biases ? ["norms biases"] : [])].map((name) => method.terms[name] ?? "0");
    if (method.head && classes !== null) {
      const head = values.c_0 ? "C*c_1 + c_0" : "C*c_1";
      terms.push(single ? head : values.c_0 ? `K*(${head})` : `K*${head}`);
    }
    const all = [core, ...terms].filter((term) => term !== "0");
    const formula = all.length ? all.map((term, i) => (i && !term.startsWith("-") ? `+ ${term}` : term.replace(/^-(?=\S)/, i ? "- " : "-"))).join(" ") : "0";
    const letters = Object.keys(data.letters).filter((name) => new RegExp(`(?<!\\w)${name}(?!\\w)`).test(formula));
    return { formula, letters };
  }

  /** @param {Costs} data @param {CostSetting} setting */
  function countedIn(data, { method, backbone, switches, classes }) {
    const counted = method.counted.filter((text) => text !== "the norms" || switches.norms);
    const notCounted = method.notCounted.filter((text) => (text.includes("--classes") ? classes === null && !backbone.resolution : !switches[text.split(",")[0]]));
    if (method.counted.includes("the norms") && !switches.norms) {
      notCounted.unshift("norms");
    }
    counted.push(...Object.keys(method.switches).filter((name) => switches[name] && !method.switches[name]).map((name) => data.switches[name]));
    if (classes !== null && method.head) {
      counted.push(`a head of ${tidied(classes)} classes`);
    }
    const worded = (/** @type {string} */ text) => text.replace(", unless --classes is given", "").replace(", if --classes is given", ", if classes are given").replace("needs --classes", "needs classes");
    return { counted: counted.map(worded), notCounted: notCounted.map(worded) };
  }

  /* Targets as Python: a list of names, or a pattern of whole paths; null if no library knows them all */
  /** @param {CostPart["libraries"]} libraries @param {string[]} targets */
  function writtenTargets(libraries, targets) {
    const known = libraries.find((one) => targets.every((name) => one[name]));
    if (!known) {
      return null;
    }
    /** @type {Map<string, string[]>} */
    const byPath = new Map();
    for (const [path, name] of targets.map((target) => known[target])) {
      byPath.set(path, [...(byPath.get(path) ?? []), name]);
    }
    if ([...byPath.keys()].every((path) => path === "")) {
      return `[${(byPath.get("") ?? []).map((name) => `"${name}"`).join(", ")}]`;
    }
    const ways = [...byPath].map(([path, names]) => `${path}.*\\.(${names.join("|")})`);
    return ways.length === 1 ? `r".*${ways[0]}"` : `r".*(${ways.join("|")})"`;
  }

  /* The names of targets, a list or a pattern in Python, without the paths that lead to them */
  /** @param {string} targets @returns {string[]} */
  function namesOf(targets) {
    if (!targets.startsWith("r")) {
      return JSON.parse(targets);
    }
    return [...new Set([...targets.matchAll(/\.\*\\\.\(([^)]*)\)/g)].flatMap(([, group]) => group.split("|")).map((name) => name.replaceAll("\\", "")))];
  }

  /* Where targets do not stand in the model as they are named, as peft_vlm_survey/costs/names.py says it */
  /** @param {Costs} data @param {CostSetting} setting */
  function warningsOf(data, { backbone, tower, targets }) {
    const thirds = (/** @type {string} */ prefix) => ["q", "k", "v"].map((name) => `${prefix}${name}`);
    const says = data.fusedSays;
    const fused = Object.entries(tower.fused).flatMap(([prefix, matrix]) => {
      const named = targets.filter((target) => thirds(prefix).includes(target));
      return named.length ? [filledIn(says.fused, { names: named.join(", "), backbone: backbone.name, matrix, one: `${prefix}qkv` })] : [];
    });
    const apart = tower.apart.filter((prefix) => targets.includes(`${prefix}qkv`))
      .map((prefix) => filledIn(says.apart, { one: `${prefix}qkv`, backbone: backbone.name, names: thirds(prefix).join(",") }));
    return [...fused, ...apart];
  }

  /* Who implements a method; trainers of conversations load no other models, some libraries none that sees and talks, and lines that name no targets run the usual ones */
  /** @param {Costs} data @param {CostSetting} setting @param {string} method */
  function softwareOf(data, { method: known, backbone, tower, targets }, method) {
    const usual = known.parameters.targets?.split(",") ?? tower.standardTargets;
    const own = targets.length > 0 && (targets.length !== usual.length || !targets.every((name) => usual.includes(name)));
    return (data.software[method] ?? []).filter(({ linesIn, sees, decoders, namesTargets, template }) => (namesTargets || !own) && !(backbone.resolution && template.join(" ").includes("{auto}"))
      && ((["", "Python"].includes(linesIn) && !decoders) || data.conversing.includes(backbone.loader)) && (sees || !(data.seeing.includes(backbone.loader) || backbone.beyondText)));
  }

  /* The lines of a library with the setting's values in their places, as peft_vlm_survey/costs/software.py fills them */
  /** @param {Costs} data @param {string[]} template @param {CostSetting} setting */
  function filledLines(data, template, { backbone, tower, numbers, targets, classes }) {
    /** @type {Record<string, string>} */
    const values = { ...data.open, auto: backbone.loader };
    for (const name of Object.keys(data.open).filter((known) => numbers[known])) {
      values[name] = String(numbers[name]);
    }
    if (classes !== null) {
      values.classes = String(Math.round(classes));
    }
    if (targets.length) {
      const inner = targets.filter((name) => data.inner.includes(String(name.split(".").at(-1))));
      values.targets = `[${targets.map((name) => `"${data.modules[name] ?? name}"`).join(", ")}]`;
      for (const [place, some] of /** @type {[string, string[]][]} */ ([["targets", targets], ["scaled", targets], ["inner", inner]])) {
        values[place] = writtenTargets(tower.libraries, some) ?? values[place];
      }
    }
    values.pattern = values.targets.startsWith("r") ? values.targets.slice(2, -1) : `.*\\.(${namesOf(values.targets).join("|")})`;
    values.listed = namesOf(values.targets).join(",");
    return template.map((line) => line.replace(/\{([a-z]+)\}/g, (_, name) => values[name]));
  }

  survey.share({ CostError, HALF, sumOf, atLength, costOf, actedOn, beside, bothTowers, ofPart, tokensOf, keptByForm, trainsAll, computedAgain, heldIn, sizeOf, placeOf, nearestRuns, writtenTargets, warningsOf, softwareOf, filledLines });
}
