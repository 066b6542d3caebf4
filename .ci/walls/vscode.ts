// Rooms that may not know VS Code find this in its place, and the compiler refuses it: it is in no room's project.
export {};
