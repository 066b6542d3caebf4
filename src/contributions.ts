/** A run by its id, or as the tree of runs hands it to a command. */
export type RunChoice = string | { readonly run: { readonly id: string } };

/** A target by its name, or as the tree of runs hands it to a command. */
export type TargetChoice = string | { readonly target: string };

/** A data set: a file as our own code names it, as VS Code's menus do, or on a host. */
export type DataPlace = string | { readonly fsPath: string } | { readonly target: string; readonly path: string };

/** For one run, or while typing. */
export type ConsentChoice = 'once' | 'always';

/** What goes to a notebook: samples as lines of JSON, and the reward (as Python would name it) that is shown on them. */
export interface Sending {
  readonly name: string;
  readonly samples: string;
  readonly reward?: string;
}

/** A test by its id, as the Testing view hands it to a command: bare, or with its message. */
export type TestChoice = { readonly id: string } | { readonly test: { readonly id: string } };

/** Every command with the arguments it takes; from the palette it gets none, and then asks. */
export interface CommandArguments {
  'grpoLens.showLog': [];
  'grpoLens.chooseInterpreter': [];
  'grpoLens.chooseSamples': [file?: string];
  'grpoLens.openRun': [folder?: string];
  /** A run's folder or a file, and a query that is shown first, such as `step=100`. */
  'grpoLens.openCompletions': [
    source?: string | { readonly fsPath: string } | { readonly target: string; readonly path: string },
    query?: string,
  ];
  'grpoLens.adoptRun': [];
  'grpoLens.refreshRuns': [];
  'grpoLens.stopRun': [run?: RunChoice];
  'grpoLens.resumeRun': [run?: RunChoice];
  'grpoLens.runAgain': [run?: RunChoice];
  /** A run is started once more with other settings. */
  'grpoLens.runAgainWith': [run?: RunChoice];
  'grpoLens.openRunFolder': [run?: RunChoice];
  /** Makes a host of the user's ssh settings a target; gives its name. */
  'grpoLens.addTarget': [];
  'grpoLens.connectHost': [target?: TargetChoice];
  'grpoLens.openHost': [target?: TargetChoice];
  'grpoLens.forgetSecrets': [];
  'grpoLens.openSample': [];
  'grpoLens.launch': [file?: string | { readonly fsPath: string }];
  'grpoLens.nextSample': [file?: string, reward?: string];
  'grpoLens.previousSample': [file?: string, reward?: string];
  'grpoLens.worstSample': [file?: string, reward?: string];
  'grpoLens.compareSample': [file?: string, reward?: string];
  /** Lets a reward that can reach the network or other processes run. */
  'grpoLens.mayRun': [file?: string, how?: ConsentChoice];
  'grpoLens.copyText': [text: string];
  'grpoLens.nextRow': [file?: string, name?: string, by?: number];
  /** A row of a data set before and after a function of the file, beside the code. */
  'grpoLens.showRow': [file?: string, name?: string];
  'grpoLens.chooseRows': [file?: string];
  'grpoLens.why': [file?: string, reward?: string];
  'grpoLens.showPressure': [file?: string, reward?: string];
  'grpoLens.showFlips': [file?: string, reward?: string];
  'grpoLens.debugSample': [file?: string, reward?: string];
  'grpoLens.whyExpectation': [test?: TestChoice];
  'grpoLens.restartKernel': [];
  /** A run, and the file to write. */
  'grpoLens.openRunAsNotebook': [run?: string | { readonly run: { readonly id: string } }, to?: string];
  'grpoLens.sendToNotebook': [sending?: Sending];
  'grpoLens.insertImport': [];
  /** The cell's URI; without one, the cell that is chosen. */
  'grpoLens.launchCell': [cell?: string];
  'grpoLens.checkDataset': [place?: DataPlace];
  'grpoLens.convertDataset': [place?: DataPlace];
  'grpoLens.browseDataset': [place?: DataPlace];
  /** The data set, and the model or configuration to look through. */
  'grpoLens.showAsModelSees': [
    place?: DataPlace,
    wish?: { readonly model?: string; readonly config?: string; readonly limit?: number },
  ];
  'grpoLens.previewTemplate': [place?: string | { readonly fsPath: string }];
  'grpoLens.runChore': [
    id?: string,
    known?: { readonly target?: string; readonly values?: Readonly<Record<string, string>> },
  ];
  /** What is known of the chore already, by field; the rest is asked for. */
  'grpoLens.downloadModel': [values?: Readonly<Record<string, string>>];
  'grpoLens.downloadDataset': [values?: Readonly<Record<string, string>>];
  'grpoLens.copyModel': [values?: Readonly<Record<string, string>>];
  'grpoLens.prepareEnvironment': [values?: Readonly<Record<string, string>>];
  'grpoLens.precheck': [values?: Readonly<Record<string, string>>];
  'grpoLens.evaluateCheckpoint': [values?: Readonly<Record<string, string>>];
  'grpoLens.runPipeline': [values?: Readonly<Record<string, string>>];
  'grpoLens.mergeLora': [values?: Readonly<Record<string, string>>];
  'grpoLens.mergeCheckpoint': [values?: Readonly<Record<string, string>>];
  'grpoLens.prepareDataset': [recipe?: string | { readonly fsPath: string }];
  'grpoLens.checkOffline': [];
  'grpoLens.openTracker': [run?: RunChoice];
  'grpoLens.openAnswers': [run?: RunChoice];
  /** A recipe's id, and the folder in which the project's own folder is made. */
  'grpoLens.newProject': [recipe?: string, into?: string];
  'grpoLens.showComposed': [];
  'grpoLens.compareComposed': [];
  'grpoLens.chooseVersion': [];
}

export type CommandId = keyof CommandArguments;

/** Titles as the palette shows them, under the category "GRPO". */
export const commands: Readonly<Record<CommandId, string>> = {
  'grpoLens.showLog': 'Show Log',
  'grpoLens.chooseInterpreter': 'Choose Python Interpreter…',
  'grpoLens.chooseSamples': 'Choose Samples for This Reward File…',
  'grpoLens.openRun': 'Open Run…',
  'grpoLens.openCompletions': 'Open Completions…',
  'grpoLens.adoptRun': 'Adopt Run Folder…',
  'grpoLens.refreshRuns': 'Refresh Runs',
  'grpoLens.stopRun': 'Stop Run…',
  'grpoLens.resumeRun': 'Resume Run…',
  'grpoLens.runAgain': 'Run Again…',
  'grpoLens.runAgainWith': 'Run Again with…',
  'grpoLens.openRunFolder': 'Open Run Folder',
  'grpoLens.addTarget': 'Add SSH Host…',
  'grpoLens.connectHost': 'Log In to Host in a Terminal',
  'grpoLens.openHost': 'Open Host in a Remote-SSH Window',
  'grpoLens.forgetSecrets': 'Forget Remembered Secrets',
  'grpoLens.openSample': 'Open the Sample Run',
  'grpoLens.launch': 'Launch…',
  'grpoLens.nextSample': 'Look at the Next Sample',
  'grpoLens.previousSample': 'Look at the Previous Sample',
  'grpoLens.worstSample': 'Look at the Worst Sample',
  'grpoLens.compareSample': 'Compare This Sample with the Best of Its Group',
  'grpoLens.mayRun': 'Run This Reward Although It Reaches Beyond Its Process',
  'grpoLens.copyText': 'Copy Text',
  'grpoLens.nextRow': 'Look at the Next Row of the Dataset',
  'grpoLens.showRow': 'Show This Row Before and After',
  'grpoLens.chooseRows': 'Choose Dataset Rows for This File…',
  'grpoLens.why': 'Explain the Score of This Sample',
  'grpoLens.showPressure': 'Show Update Pressure of These Samples',
  'grpoLens.showFlips': 'Show Flips',
  'grpoLens.debugSample': 'Debug This Sample with Breakpoints',
  'grpoLens.whyExpectation': 'Explain the Score of This Expectation',
  'grpoLens.restartKernel': 'Restart Python of Notebook',
  'grpoLens.openRunAsNotebook': 'Open Run as Notebook…',
  'grpoLens.launchCell': 'Launch Cell…',
  'grpoLens.sendToNotebook': 'Send to Notebook',
  'grpoLens.insertImport': 'Insert Cell That Imports grpo_lens',
  'grpoLens.checkDataset': 'Check Dataset',
  'grpoLens.convertDataset': 'Convert Dataset…',
  'grpoLens.browseDataset': 'Browse Dataset',
  'grpoLens.showAsModelSees': 'What the Model Sees…',
  'grpoLens.previewTemplate': 'Preview Prompt Template',
  'grpoLens.runChore': 'Do Work Around a Run…',
  'grpoLens.downloadModel': 'Download Model…',
  'grpoLens.downloadDataset': 'Download Dataset…',
  'grpoLens.copyModel': 'Copy Model to Host…',
  'grpoLens.prepareEnvironment': 'Prepare Environment…',
  'grpoLens.precheck': 'Pre-check Inference…',
  'grpoLens.evaluateCheckpoint': 'Evaluate Checkpoint…',
  'grpoLens.runPipeline': 'Run Pipeline…',
  'grpoLens.mergeLora': 'Merge LoRA…',
  'grpoLens.mergeCheckpoint': 'Merge Checkpoint…',
  'grpoLens.prepareDataset': 'Prepare Dataset…',
  'grpoLens.checkOffline': 'Check Offline Mode…',
  'grpoLens.openTracker': 'Open Page of wandb or SwanLab…',
  'grpoLens.openAnswers': 'Open Answers of a Pre-check or Evaluation…',
  'grpoLens.newProject': 'New Project from Recipe…',
  'grpoLens.showComposed': 'Show Composed Configuration',
  'grpoLens.compareComposed': 'Compare Composed Configuration…',
  'grpoLens.chooseVersion': 'Choose Framework Version…',
};

/** Every setting with its default, whose type is the setting's type. */
export const settings = {
  'grpoLens.config.version': '',
  'grpoLens.config.installedOn': 'here',
  'grpoLens.config.gpus': 0,
  'grpoLens.config.gpu': 'H200',
  'grpoLens.config.lenses': true,
  'grpoLens.python.interpreter': '',
  'grpoLens.rewards.enabled': true,
  'grpoLens.rewards.maxSamples': 1000,
  'grpoLens.rewards.timeout': 10,
} as const satisfies Record<string, string | number | boolean>;

export type SettingId = keyof typeof settings;

/** Views in the activity bar's container `grpoLens`. */
export const views = ['grpoLens.runs'] as const;

/** Editors of our own for files, by view type. */
export const customEditors = ['grpoLens.completions'] as const;

/** Panels that are opened by commands. */
export const panels = [
  'grpoLens.run',
  'grpoLens.completions',
  'grpoLens.data',
  'grpoLens.prepare',
  'grpoLens.why',
] as const;

export type PanelId = (typeof panels)[number];
