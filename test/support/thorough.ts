/**
 * Whether everything is run: in CI, where CI=1 is set, and where a journey is asked for by its name. A test that shows by
 * another way what one beside it or below it shows already is left to it, and counted as left; people wait for the others.
 */
export const thorough = Boolean(process.env.CI) || process.env.GRPO_LENS_THOROUGH === '1';
