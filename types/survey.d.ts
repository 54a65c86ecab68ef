// `survey`, the one name that the scripts have in common; folding.js makes it. Each script puts there what others use: the
// comment says which one, and the script itself says what it does. A script that is loaded before another takes from
// there what it needs at its beginning; what comes later is called as a member of `survey`.

interface Survey {
  /* folding.js, the first on every page */
  data: SurveyData;
  share(shared: Partial<Survey>): void;
  folded(text: string): string;

  /* unpacking.js */
  listOf(text: string): string[];
  inflated(packed: string): Promise<string>;
  unpackedTexts(packed: PackedTexts): string[];
  unpackedPapers(catalogue: Catalogue, others?: CatalogueAuthors): Columns<KnownPaper>;

  /* survey.js */
  copyText(text: string): Promise<boolean>;

  /* searchbox.js */
  PAGES_OF: Record<PageKind, (key: string) => string>;
  SITE_ROOT: string;

  /* query.js and search.js; the last three for the tests */
  HAN: RegExp;
  queryOf(text: string, entries: Findable[]): Query;
  readTexts(texts: SearchTexts): Findable[];
  readChapters(chapters: SearchChapter[]): Findable[];
  search(entries: Findable[], query: Query, fewest?: number): Findable[];

  /* tables.js */
  COLLATOR: Intl.Collator;
  FORMATS: ExportFormat<HeadedTable>[];
  make<Tag extends keyof HTMLElementTagNameMap>(tag: Tag, attributes: Record<string, string>, ...children: Child[]): HTMLElementTagNameMap[Tag];
  makeButton(attributes: Record<string, string>, action: () => void, ...children: Child[]): HTMLButtonElement;
  aside(text: string): HTMLElement;
  compare(one: string | number | null, other: string | number | null, sign: number): number;
  csvLines(rows: string[][]): string;
  download(text: string, file: string, type: string): void;
  exportMenu<Thing>(thing: Thing, name: string, stem: string, formats: ExportFormat<Thing>[]): HTMLElement;
  loadBibtex(): Promise<BibtexEntries>;

  /* compare.js, for the tests */
  sideBySide(data: CompareIndex, ids: string[], backbone?: string): SideBySide;

  /* address.js */
  addressWords(): [name: string, text: string][];
  bareAddress(): string;
  wrongWord(
    words: string[][],
    valuesOf: (name: string) => string[] | null | undefined,
    unknown: (name: string) => [message: string, remedy: string],
    remedyOf?: (name: string) => string,
  ): [message: string, remedy: string, name: string] | null;

  /* names.js */
  namedBackbone(text: string, names: [id: string, further: string[]][], rules: NameRules): string | null;

  /* others.js */
  block(lines: string): HTMLElement;
  othersRan(method: string, kind: string, task: string, shape: string): Recipe | null;
  othersList(found: [name: string, said: Recipe | null][]): HTMLElement[];
  withRecipes(beside: HTMLScriptElement, then: () => void): void;

  /* choose-answer.js */
  ChooseError: new (message: string, remedy: string, field: string) => Error & { remedy: string, field: string };
  unpack(packed: string): Promise<ChooserLists>;
  readLimits(words: Record<string, string>, cards: KnownCards): Limits;
  answerOf(lists: ChooserLists, task: string, backbone: ChooserBackbone | null, limits: Limits): ChooserAnswer;

  /* costing.js */
  CostError: new (message: string, remedy: string) => Error & { remedy: string };
  HALF: number;
  sumOf(numbers: number[]): number;
  atLength(square: Square, length: number): number;
  costOf(data: Costs, choice: CostChoice): CostAnswer;
  actedOn(setting: CostSetting): PassedTower;
  bothTowers(setting: Pick<CostSetting, "method" | "targets">): boolean;
  ofPart(setting: Pick<CostSetting, "backbone" | "numbers">, name: string, trained?: boolean): PassedTower;
  tokensOf(tower: PassedTower): number;
  beside(setting: CostSetting): PassedTower[];
  computedAgain(setting: CostSetting): boolean;
  sizeOf(data: Costs, setting: CostSetting): string;
  placeOf(data: Costs, setting: CostSetting): string;
  writtenTargets(libraries: CostPart["libraries"], targets: string[]): string | null;
  warningsOf(data: Costs, setting: CostSetting): string[];
  softwareOf(data: Costs, setting: CostSetting, method: string): Software[];
  filledLines(data: Costs, template: string[], setting: CostSetting): string[];

  /* towers.js */
  letIn(asked: CostSetting): PassedTower[];
  NO_PHASES: number[];
  added(...parts: number[][]): number[];
  scaled(phases: number[], factor: number): number[];
  workOf(data: Costs, asked: CostAsked, lets?: boolean): StepWork | null;

  /* passes.js */

  /* step.js */
  runOf(data: Costs, said?: RunWords): RunWords;
  kindOf(asked: CostAsked): RunKind;
  needOf(data: Costs, asked: CostAsked, run: RunWords, cards?: number): Need | null;
  oneLength(asked: CostAsked): boolean;

  /* gpus.js */
  cardOf(text: string, cards: KnownCards, what: string): { bytes: number, note: string, wrong: string, remedy: string };

  /* fitting.js */
  readCards(data: Costs, size?: string, number?: string): Cards | null;
  onCards(run: RunWords, cards: Cards): RunWords;
  verdictOf(data: Costs, needed: Ends, cards: Cards): string;
  changesOf(data: Costs, choice: CostChoice, run: RunWords, cards: Cards): { words: string, needed: Ends, verdict: string }[];
  untracedOf(data: Costs, asked: CostAsked): string;
  testedOf(data: Costs, asked: CostAsked, verdict: string): string;
  fittingOf(data: Costs, asked: CostAsked, run: RunWords, cards: Cards): { need: Need, verdict: string } | null;
  settlesOf(data: Costs, cards: Cards): string;

  /* fit.js */
  runOptions(data: Costs, backbone: CostBackbone): [name: string, label: string, values: [value: string, text: string][]][];
  fitAnswer(data: Costs, choice: CostChoice, found: CostAnswer, apply: (words: string) => void): FitAnswer;
}
