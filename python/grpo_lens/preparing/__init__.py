"""Records out of folders and annotations, by a recipe; the doors are `prepare_dataset` and `preview_dataset`."""
