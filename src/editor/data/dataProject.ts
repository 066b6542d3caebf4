import { join } from 'node:path';
import * as vscode from 'vscode';
import { recipes } from '../../domain/frameworks/recipes';
import { newProject, type RecipeHome } from '../../machine/recipes/newProject';
import { whereToRun, type Where } from '../runs/launchWhere';

/** Where new projects come from, and where they may train. */
export interface ProjectRoom extends RecipeHome, Where {}

/** Writes a project and opens its first file; asks for the recipe, the target and the folder that were not named. */
export async function newFromRecipe(room: ProjectRoom, id?: string, into?: string): Promise<void> {
  const items = recipes.map((recipe) => ({
    label: recipe.title,
    description: recipe.id,
    detail: recipe.about,
    recipe,
  }));
  const named = recipes.find((one) => one.id === id);
  const recipe = named ?? (await vscode.window.showQuickPick(items, { title: 'New project' }))?.recipe;
  // Who names the recipe, as the walkthrough does, begins here.
  const target = recipe && (named ? 'here' : await whereToRun(room));
  const parent = target && (into ?? (await askParent()));
  if (!recipe || !target || parent === undefined) return;
  const folder = await newProject({ recipe, folder: join(parent, recipe.id), target }, room);
  await vscode.window.showTextDocument(vscode.Uri.file(join(folder, recipe.opens)), { preview: false });
  void offerFolder(recipe.title, folder);
}

async function offerFolder(title: string, folder: string): Promise<void> {
  const add = 'Add to Workspace';
  if ((await vscode.window.showInformationMessage(`${title} is in ${folder}.`, add)) !== add) return;
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
