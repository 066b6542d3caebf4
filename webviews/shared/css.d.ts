declare module '*.css' {
  const text: string;
  // eslint-disable-next-line no-restricted-exports -- the bundler gives a style sheet as its default export
  export default text;
}
