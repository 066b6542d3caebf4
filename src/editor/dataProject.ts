import { join } from 'node:path';
import * as vscode from 'vscode';
import { recipes } from '../domain/frameworks/recipes';
import { newProject } from '../machine/recipes/newProject';

/** Asks for a recipe and a folder, writes the project and opens its first file. `home`: where the recipes are. */
export async function newFromRecipe(home: string): Promise<void> {
  const items = recipes.map((recipe) => ({
    label: recipe.title,
    description: recipe.id,
    detail: recipe.about,
    recipe,
  }));
  const recipe = (await vscode.window.showQuickPick(items, { title: 'New project' }))?.recipe;
  const parent = recipe && (await askParent());
  if (!recipe || parent === undefined) return;
  const folder = await newProject(recipe, home, join(parent, recipe.id));
  await vscode.window.showTextDocument(vscode.Uri.file(join(folder, recipe.opens)), { preview: false });
  const add = 'Add to Workspace';
  const chosen = await vscode.window.showInformationMessage(`${recipe.title} is in ${folder}.`, add);
  if (chosen !== add) return;
  const count = vscode.workspace.workspaceFolders?.length ?? 0;
  vscode.workspace.updateWorkspaceFolders(count, 0, { uri: vscode.Uri.file(folder) });
}

async function askParent(): Promise<string | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    title: 'Folder in which the project’s own folder is made',
    canSelectFolders: true,
    canSelectFiles: false,
    openLabel: 'Make It Here',
  });
  return chosen?.[0]?.fsPath;
}
