const { PATH, NODE_COMPILE_CACHE } = process.env;

/** For programs that tests start: nothing of the test runner's own environment but what finds and compiles them. */
export const childEnvironment: Readonly<Record<string, string | undefined>> = {
  PATH,
  ...(NODE_COMPILE_CACHE !== undefined && { NODE_COMPILE_CACHE }),
};
