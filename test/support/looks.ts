export type Look = 'light' | 'dark' | 'contrast';

/**
 * The themes in which views are drawn and pictures of them kept, the dark one last: all three in CI, and where CI=1 is set.
 * A theme costs a second a view, which is why people who wait for `npm test` get the dark one.
 */
export const LOOKS: readonly Look[] = process.env.CI ? ['light', 'contrast', 'dark'] : ['dark'];
