import * as vscode from 'vscode';

/** One thing that may be chosen; its `value` is what is taken. */
export interface Offer {
  readonly value: string;
  readonly label?: string;
  readonly description?: string;
  readonly detail?: string;
}

interface Question {
  readonly title: string;
  readonly offers: readonly Offer[];
  readonly placeholder: string;
  /** Nothing may be given too. */
  readonly optional: boolean;
  /** Only what is offered. */
  readonly closed?: boolean;
  /** Offers a dialog for a folder of this machine. */
  readonly browse?: boolean;
}

type Item = vscode.QuickPickItem & { readonly value?: string; readonly browse?: true };

/** Asks for a value: one of the offers, or whatever is typed. Undefined: the user gave up. */
export function choose(question: Question): Promise<string | undefined> {
  const pick = vscode.window.createQuickPick<Item>();
  const { title, placeholder, optional } = question;
  Object.assign(pick, { title, placeholder, ignoreFocusOut: true, matchOnDetail: true });
  const fill = (): void => void (pick.items = itemsOf(question, pick.value));
  fill();
  return new Promise((resolve) => {
    let browsing = false;
    pick.onDidChangeValue(fill);
    pick.onDidAccept(() => {
      const item = pick.selectedItems[0] ?? pick.activeItems[0];
      if (item?.browse) {
        browsing = true;
        void folder(title).then((path) => resolve(path));
        return pick.hide();
      }
      const value = item?.value ?? (question.closed ? undefined : pick.value);
      if (value === undefined || (value === '' && !optional)) return;
      resolve(value);
      pick.hide();
    });
    pick.onDidHide(() => {
      if (!browsing) resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}

function itemsOf({ offers, optional, closed, browse }: Question, typed: string): Item[] {
  const own: Item[] =
    typed === '' || closed ? [] : [{ label: typed, value: typed, description: 'as typed', alwaysShow: true }];
  const none: Item[] = optional && typed === '' ? [{ label: '(leave it out)', value: '' }] : [];
  const found = offers.map(({ value, label, description, detail }) => ({
    label: label ?? value,
    value,
    ...(description === undefined ? {} : { description }),
    ...(detail === undefined ? {} : { detail }),
  }));
  const dialog: Item[] = browse ? [{ label: '$(folder-opened) Browse…', browse: true, alwaysShow: true }] : [];
  return [...own, ...none, ...found, ...dialog];
}

async function folder(title: string): Promise<string | undefined> {
  const chosen = await vscode.window.showOpenDialog({ title, canSelectFolders: true, canSelectFiles: false });
  return chosen?.[0]?.fsPath;
}
